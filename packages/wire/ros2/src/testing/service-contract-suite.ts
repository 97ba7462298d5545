import assert from 'node:assert/strict';
import { describe } from 'node:test';
import type { LocalNode, RosAdapter } from '../adapter/adapter.ts';
import type { ServiceClient, ServiceHandler } from '../adapter/service.ts';
import type { RosMessage } from '../types/message.ts';
import { type ContractNetwork, contractScene } from './contract-scene.ts';

const ADD = 'example_interfaces/srv/AddTwoInts';
const TRIGGER = 'std_srvs/srv/Trigger';
const IN_TIME = { timeoutMs: 5000 };

const add: ServiceHandler = ({ a, b }) => ({ sum: (a as bigint) + (b as bigint) });

/** Tests of services for any implementation of `RosAdapter`, with two adapters in one graph. */
export function describeServices(implementation: string, openNetwork: () => Promise<ContractNetwork>): void {
  const scene = contractScene(openNetwork);

  const nodes = async (robot: RosAdapter, medkit: RosAdapter): Promise<readonly [LocalNode, LocalNode]> => [
    await robot.node({ namespace: '/robot', name: 'arm' }),
    await medkit.node({ name: 'medkit' }),
  ];

  const isReady = (client: ServiceClient) => async () => (await client.ready()) > 0;

  describe(`services of RosAdapter: ${implementation}`, () => {
    scene('answers concurrent calls, each with its response', async ({ passing }, robot, medkit) => {
      const [arm, node] = await nodes(robot, medkit);
      const server = await arm.service('add', ADD, add);
      assert.deepEqual([server.service, server.type], ['/robot/add', ADD]);
      const client = await node.client('/robot/add', ADD);
      assert.deepEqual([client.service, client.type], ['/robot/add', ADD]);
      assert.deepEqual(await passing(client.call({ a: 2n, b: 3n }, IN_TIME)), { sum: 5n });
      const calls = Array.from({ length: 16 }, (_, index) => client.call({ a: BigInt(index), b: 1n }, IN_TIME));
      assert.deepEqual(
        (await passing(Promise.all(calls))).map(({ sum }) => sum),
        Array.from({ length: 16 }, (_, index) => BigInt(index) + 1n),
      );
    });

    scene('carries messages without a field', async ({ passing }, robot, medkit) => {
      const [arm, node] = await nodes(robot, medkit);
      const requests: RosMessage[] = [];
      await arm.service('~/home', TRIGGER, (request) => {
        requests.push(request);
        return { success: true, message: 'grüße' };
      });
      await arm.service('~/halt', 'std_srvs/srv/Empty', () => ({}));
      const home = await node.client('/robot/arm/home', TRIGGER);
      assert.deepEqual(await passing(home.call({}, IN_TIME)), { success: true, message: 'grüße' });
      const halt = await node.client('/robot/arm/halt', 'std_srvs/srv/Empty');
      assert.deepEqual(await passing(halt.call({}, IN_TIME)), {});
      assert.deepEqual(requests, [{}]);
    });

    scene('takes the type of a service from the graph', async ({ until, passing }, robot, medkit) => {
      const [arm, node] = await nodes(robot, medkit);
      await assert.rejects(node.client('/robot/add'), { name: 'TopicTypeUnknown' });
      await arm.service('add', ADD, add);
      await until(
        async () => (await medkit.graph()).endpoints.filter(({ node: of }) => of === '/robot/arm').length === 2,
        'the service is seen with its node',
      );
      const ends = (await medkit.graph()).endpoints;
      assert.deepEqual(
        ends.map(({ role, name, type }) => [role, name, type]),
        [
          ['service', '/robot/add', ADD],
          ['service', '/robot/add', ADD],
        ],
      );
      assert.deepEqual(
        ends.map(({ typeHash }) => typeHash).sort(),
        [
          (await medkit.describeType(`${ADD}_Request`))?.hash,
          (await medkit.describeType(`${ADD}_Response`))?.hash,
        ].sort(),
      );
      assert.deepEqual((await medkit.facts()).unknownTypes, []);
      const client = await node.client('/robot/add');
      assert.equal(client.type, ADD);
      assert.deepEqual(await passing(client.call({ a: 1n }, IN_TIME)), { sum: 1n });
    });

    scene('waits for a later server, and gives the reason if there is none', async ({ passing }, robot, medkit) => {
      const [arm, node] = await nodes(robot, medkit);
      const client = await node.client('/robot/add', ADD);
      assert.equal(await client.ready(), 0);
      await passing(
        assert.rejects(client.call({}, { timeoutMs: 30 }), {
          name: 'ServiceUnavailable',
          message: 'no server was ready within 30 ms: no node offers /robot/add',
        }),
      );
      const waiting = client.call({ a: 1n, b: 1n }, IN_TIME);
      await arm.service('add', ADD, add);
      assert.deepEqual(await passing(waiting), { sum: 2n });
      const wrong = await node.client('/robot/add', TRIGGER);
      const elsewise = { message: /: \/robot\/add is offered as example_interfaces\/srv\/AddTwoInts$/ };
      await passing(assert.rejects(wrong.call({}, { timeoutMs: 30 }), elsewise));
    });

    scene(
      'gives up calls that take too long, and calls that their caller aborts',
      async ({ passing }, robot, medkit) => {
        const [arm, node] = await nodes(robot, medkit);
        const never = new Promise<RosMessage>(() => undefined);
        let calls = 0;
        await arm.service('add', ADD, (request) => {
          calls++;
          return request.a === 1n ? never : { sum: 7n };
        });
        const client = await node.client('/robot/add', ADD);
        await passing(client.call({}, IN_TIME));
        await passing(
          assert.rejects(client.call({ a: 1n }, { timeoutMs: 100 }), {
            name: 'CallTimeout',
            message: '/robot/add did not answer within 100 ms',
          }),
        );
        const controller = new AbortController();
        const call = client.call({ a: 1n }, { ...IN_TIME, signal: controller.signal });
        setImmediate(() => controller.abort());
        await passing(assert.rejects(call, { name: 'CallAborted' }));
        await assert.rejects(client.call({}, { ...IN_TIME, signal: controller.signal }), { name: 'CallAborted' });
        assert.deepEqual(await passing(client.call({}, IN_TIME)), { sum: 7n });
        assert.ok(calls >= 3);
      },
    );

    scene('does not answer if the handler fails, and counts it', async ({ until, passing }, robot, medkit) => {
      const [arm, node] = await nodes(robot, medkit);
      await arm.service('add', ADD, ({ a }) => {
        if (a === 1n) throw new Error('no');
        return a === 2n ? { sum: 'x' } : { sum: 0n };
      });
      const client = await node.client('/robot/add', ADD);
      await until(isReady(client), 'the server is ready');
      for (const a of [1n, 2n]) {
        await passing(assert.rejects(client.call({ a }, { timeoutMs: 500 }), { name: 'CallTimeout' }));
      }
      assert.deepEqual(await passing(client.call({}, IN_TIME)), { sum: 0n });
      await until(async () => (await robot.facts()).dropped['failed-request'] === 2, 'both are counted');
    });

    scene('fails calls immediately if the server disconnects', async ({ until, passing }, robot, medkit) => {
      const [arm, node] = await nodes(robot, medkit);
      let isCalled = false;
      const server = await arm.service('add', ADD, () => {
        isCalled = true;
        return new Promise<RosMessage>(() => undefined);
      });
      const client = await node.client('/robot/add', ADD);
      const call = client.call({}, { timeoutMs: 60_000 });
      const lost = assert.rejects(call, { name: 'ServerLost', message: /\/robot\/add/ });
      await until(() => isCalled, 'the server has the request');
      await server.close();
      await server.close();
      await passing(lost);
      assert.equal(await client.ready(), 0);
      await arm.service('add', ADD, add);
      assert.deepEqual(await passing(client.call({ a: 4n }, IN_TIME)), { sum: 4n });
    });

    scene(
      'calls the latest server, and the previous one when that closes',
      async ({ until, passing }, robot, medkit) => {
        const [arm, node] = await nodes(robot, medkit);
        await arm.service('who', TRIGGER, () => ({ success: true, message: 'first' }));
        const client = await node.client('/robot/who', TRIGGER);
        await until(isReady(client), 'the first is ready');
        const other = await robot.node({ namespace: '/robot', name: 'other' });
        const second = await other.service('who', TRIGGER, () => ({ success: true, message: 'second' }));
        await until(async () => (await client.ready()) === 2, 'both are ready');
        const who = async () => (await passing(client.call({}, IN_TIME))).message;
        assert.deepEqual(await Promise.all([who(), who(), who()]), ['second', 'second', 'second']);
        await second.close();
        await until(async () => (await client.ready()) === 1, 'the second is removed');
        assert.equal(await who(), 'first');
      },
    );

    scene('passes serialised data through unread', async ({ passing }, robot, medkit) => {
      const [arm, node] = await nodes(robot, medkit);
      await arm.service('add', ADD, add);
      const client = await node.client('/robot/add', ADD);
      const request = await medkit.encode(`${ADD}_Request`, { a: 20, b: 22 });
      const response = await passing(client.callSerialised(request, IN_TIME));
      assert.deepEqual(await medkit.decode(`${ADD}_Response`, response), { sum: 42 });
      assert.deepEqual(structuredClone(response), response);
      await assert.rejects(client.callSerialised(Uint8Array.of(1), IN_TIME), { name: 'InvalidMessage' });
      const unknown = await node.client('/robot/strange', 'my_pkg/srv/Strange');
      await assert.rejects(unknown.call({}, IN_TIME), { name: 'UnknownType' });
      const unanswered = unknown.callSerialised(request, { timeoutMs: 10 });
      await passing(assert.rejects(unanswered, { name: 'ServiceUnavailable' }));
    });

    scene('refuses invalid types and messages', async (_, robot, medkit) => {
      const [arm, node] = await nodes(robot, medkit);
      await assert.rejects(arm.service('/a b', ADD, add), { name: 'InvalidName' });
      await assert.rejects(arm.service('/a', 'AddTwoInts', add), { name: 'InvalidName' });
      await assert.rejects(
        arm.service('/a', 'my_pkg/srv/Strange', () => ({})),
        { name: 'UnknownType' },
      );
      await assert.rejects(node.client('/a', 'AddTwoInts'), { name: 'InvalidName' });
      await arm.service('add', ADD, add);
      const client = await node.client('/robot/add', ADD);
      await assert.rejects(client.call({ a: 'x' }, IN_TIME), { name: 'InvalidMessage', message: /^a: / });
      const waiting = assert.rejects(client.call({ a: 1n }, { timeoutMs: 60_000 }), { name: 'AlreadyClosed' });
      await client.close();
      await client.close();
      await waiting;
      await assert.rejects(client.call({}, IN_TIME), { name: 'AlreadyClosed' });
      await assert.rejects(client.ready(), { name: 'AlreadyClosed' });
      await node.close();
      await assert.rejects(node.client('/robot/add', ADD), { name: 'AlreadyClosed' });
      await assert.rejects(node.service('/add', ADD, add), { name: 'AlreadyClosed' });
    });
  });
}
