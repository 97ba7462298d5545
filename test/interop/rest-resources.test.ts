import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually } from '../harness/eventually.ts';
import { reserveDomain } from '../harness/free-domain.ts';
import { type GatewayProcess, type Json, startGateway } from './gateway-process.ts';
import { startPeer } from './peer.ts';
import { type Vendor, vendors } from './peer-programs.ts';
import { peerSuite } from './peer-suite.ts';

const DOMAIN = await reserveDomain();
const ADD = 'example_interfaces/srv/AddTwoInts';
const TRIGGER = 'std_srvs/srv/Trigger';
const MIRROR = 'medkit_test_msgs/srv/Mirror';
const FIBONACCI = 'example_interfaces/action/Fibonacci';
/** The app of the node `/robot/arm`. */
const ARM = '/apps/arm';
/** Timeout of a service that does not answer. */
const SERVICE_TIMEOUT_SECONDS = 1;

async function startRobot(vendor: Vendor, ...commands: readonly string[]) {
  const stack = new AsyncDisposableStack();
  const settings = [`service_call_timeout_sec=${SERVICE_TIMEOUT_SECONDS}`];
  const gateway = stack.use(await startGateway({ domainId: DOMAIN, settings }));
  const peer = stack.use(await startPeer({ vendor, domainId: DOMAIN, commands: ['node /robot/arm', ...commands] }));
  await eventually('the arm', async () => (await gateway.ask('GET', ARM)).status === 200);
  return { gateway, peer, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

const execute = (gateway: GatewayProcess, operation: string, parameters: unknown = {}) =>
  gateway.ask('POST', `${ARM}/operations/${operation}/executions`, { parameters });

const idsOf = ({ body }: { readonly body: Json }) => body['items'].map(({ id }: Json) => id).toSorted();

peerSuite('operations, configurations, status and logs of real DDS processes, over REST', {}, () => {
  for (const vendor of vendors) {
    test(`${vendor}: services are called exactly, and failures include their reason`, { timeout: 60_000 }, async () => {
      await using robot = await startRobot(
        vendor,
        `service /robot/arm/home ${TRIGGER}`,
        `service /robot/add ${ADD}`,
        `service /robot/arm/mirror ${MIRROR}`,
        `service /robot/arm/babble ${TRIGGER} garbage`,
        `service /robot/arm/hang ${TRIGGER} hang`,
        // The services behind configurations, status and executions are not listed as operations.
        'parameters quiet',
        'lifecycle quiet',
        `action /robot/arm/count ${FIBONACCI}`,
      );
      const { gateway, peer } = robot;
      const list = await eventually('all operations', async () => {
        const reply = await gateway.ask('GET', `${ARM}/operations`);
        return reply.body['items']?.length === 6 && reply;
      });
      assert.deepEqual(idsOf(list), ['add', 'babble', 'count', 'hang', 'home', 'mirror']);

      const home = await execute(gateway, 'home');
      assert.deepEqual([home.status, home.body['parameters']], [200, { success: true, message: 'triggered 1' }]);
      const sum = await execute(gateway, 'add', { a: 9_007_199_254_740_993n, b: 2 });
      assert.deepEqual(sum.body['parameters'], { sum: 9_007_199_254_740_995n });
      const texts = ['grüße', '机器人 🤖'];
      const request = {
        words: texts,
        longs: [-(2n ** 63n), 1],
        number: 2n ** 64n - 1n,
        filling_size: 100_000,
        filling: [1],
      };
      const { filling, ...mirrored } = (await execute(gateway, 'mirror', request)).body['parameters'];
      assert.deepEqual(mirrored, {
        words: texts.toReversed(),
        longs: [1, -(2n ** 63n)],
        number: 2n ** 64n - 1n,
        received: 1,
      });
      assert.equal(filling.length, 100_000);

      const wrong = await execute(gateway, 'add', { c: 1 });
      assert.deepEqual([wrong.status, wrong.body['error_code']], [400, 'invalid-request']);
      const unknown = await execute(gateway, 'no_such_thing');
      assert.deepEqual([unknown.status, unknown.body['error_code']], [404, 'operation-not-found']);
      for (const operation of ['babble', 'hang']) {
        const failed = await execute(gateway, operation);
        assert.deepEqual([failed.status, failed.body['vendor_code']], [504, 'x-medkit-outcome-unknown']);
      }
      peer.command('close /robot/arm/hang');
      await eventually('the operation is gone', async () => (await execute(gateway, 'hang')).status === 404);
    });

    test(`${vendor}: a goal is sent, followed, stopped, and seen when another client sent it`, {
      timeout: 60_000,
    }, async () => {
      await using robot = await startRobot(
        vendor,
        `action /robot/arm/count ${FIBONACCI} interval=50`,
        `action /robot/arm/picky ${FIBONACCI} reject`,
        `action /robot/arm/stubborn ${FIBONACCI} refuse_cancel interval=50`,
      );
      const { gateway, peer } = robot;
      const executions = `${ARM}/operations/count/executions`;
      await eventually('the actions', async () => {
        return (await gateway.ask('GET', `${ARM}/operations`)).body['items']?.length === 3;
      });

      const begun = await execute(gateway, 'count', { order: 6 });
      const { id } = begun.body as { readonly id: string };
      assert.deepEqual([begun.status, begun.location], [202, `/api/v1${executions}/${id}`]);
      const fed = await eventually('feedback', async () => {
        const { body } = await gateway.ask('GET', `${executions}/${id}`);
        return body['last_feedback'] !== undefined && body;
      });
      assert.deepEqual(fed['last_feedback'].sequence.slice(0, 3), [0, 1, 1]);
      const ended = await eventually('the end', async () => {
        const { body } = await gateway.ask('GET', `${executions}/${id}`);
        return body['status'] !== 'running' && body;
      });
      assert.deepEqual([ended['status'], ended['result']], ['completed', { sequence: [0, 1, 1, 2, 3, 5, 8] }]);

      const long = await execute(gateway, 'count', { order: 500 });
      const stop = await gateway.ask('PUT', `${executions}/${long.body['id']}`, { capability: 'stop' });
      assert.equal(stop.status, 202);
      await eventually('it is canceled', async () => {
        const { body } = await gateway.ask('GET', `${executions}/${long.body['id']}`);
        return body['status'] === 'failed' && body['x-medkit'].ros2_status === 'canceled';
      });

      assert.equal(
        (await execute(gateway, 'picky', { order: 3 })).body['vendor_code'],
        'x-medkit-ros2-action-rejected',
      );
      const stubborn = await execute(gateway, 'stubborn', { order: 20 });
      const refused = await gateway.ask('DELETE', `${ARM}/operations/stubborn/executions/${stubborn.body['id']}`);
      assert.deepEqual([refused.status, refused.body['vendor_code']], [400, 'x-medkit-ros2-action-rejected']);

      await using operator = await startPeer({
        vendor,
        domainId: DOMAIN,
        commands: ['node /operator', `goal /robot/arm/count ${FIBONACCI} 500`],
      });
      const { goal } = await operator.event('goal', '/robot/arm/count');
      const theirs = goal.replaceAll('-', '');
      await eventually('the goal of the operator', async () =>
        idsOf(await gateway.ask('GET', executions)).includes(theirs),
      );
      assert.equal((await gateway.ask('DELETE', `${executions}/${theirs}`)).status, 204);
      assert.equal((await operator.event('result', '/robot/arm/count')).status, 5);
      assert.equal(await peer.quit(), 0);
    });

    test(`${vendor}: parameters are listed, set, refused and reset`, { timeout: 60_000 }, async () => {
      await using robot = await startRobot(vendor, 'parameters quiet');
      const { gateway, peer } = robot;
      const configurations = `${ARM}/configurations`;
      const dataOf = async (id: string) => (await gateway.ask('GET', `${configurations}/${id}`)).body['data'];
      const list = await eventually('the parameters', async () => {
        const reply = await gateway.ask('GET', configurations);
        return reply.body['items']?.length === 17 && reply;
      });
      const values = new Map(list.body['x-medkit'].parameters.map((each: Json) => [each['id'], each['value']]));
      assert.equal(values.get('big_number'), 9_007_199_254_740_993n);
      assert.deepEqual(values.get('offsets'), [-(2n ** 63n), 0, 2n ** 63n - 1n]);
      assert.deepEqual(values.get('joints'), ['shoulder', 'grüße', '']);
      assert.equal(values.get('anything'), null);

      for (const [id, data] of Object.entries({
        big_number: -(2n ** 63n),
        gain: 3,
        joints: ['elbow'],
        octets: [1, 2],
        flags: [false],
        offsets: [1, -(2n ** 63n)],
        gains: [2.5, -0.25],
        flag: false,
        anything: 'now a string',
        'camera.rate': 60,
      })) {
        assert.equal((await gateway.ask('PUT', `${configurations}/${id}`, { data })).status, 200, id);
        assert.deepEqual(await dataOf(id), data, id);
      }
      const refusals: readonly (readonly [id: string, data: unknown, status: number, details: RegExp])[] = [
        ['retries', 16, 400, /integer range/],
        ['max_speed', 2.6, 400, /floating point range/],
        ['mode', 'sideways', 400, /knows no mode 'sideways'/],
        ['gain', 'fast', 400, /expected a number/],
        ['serial_number', 'SN-1', 403, /read-only/],
      ];
      for (const [id, data, status, details] of refusals) {
        const reply = await gateway.ask('PUT', `${configurations}/${id}`, { data });
        assert.equal(reply.status, status, id);
        assert.match(reply.body['parameters'].details, details);
      }
      assert.equal((await gateway.ask('PUT', `${configurations}/no_such_thing`, { data: 1 })).status, 404);

      assert.equal((await gateway.ask('DELETE', `${configurations}/gain`)).status, 204);
      assert.equal(await dataOf('gain'), 0.1);
      await gateway.ask('DELETE', configurations);
      assert.deepEqual(await dataOf('joints'), ['shoulder', 'grüße', '']);
      peer.command('set gain 0.5');
      await eventually('what the node set itself', async () => (await dataOf('gain')) === 0.5);
    });

    test(`${vendor}: a managed node is started and shut down, and failures are reported`, {
      timeout: 60_000,
    }, async () => {
      await using robot = await startRobot(vendor, 'lifecycle quiet', 'node /robot/broken', 'lifecycle fail=activate');
      const { gateway, peer } = robot;
      const status = async (app: string) => (await gateway.ask('GET', `/apps/${app}/status`)).body;
      const reaches = (app: string, state: string, outcome?: string) =>
        eventually(`${app} is ${state}`, async () => {
          const about = (await status(app))['x-medkit'];
          return about?.state === state && (!outcome || about.last_transition?.outcome === outcome);
        });
      await reaches('arm', 'unconfigured');
      assert.equal((await status('arm'))['status'], 'notReady');
      assert.equal((await gateway.ask('PUT', `${ARM}/status/start`)).status, 202);
      await reaches('arm', 'active', 'succeeded');
      assert.equal((await status('arm'))['status'], 'ready');
      // It may only refuse a restart once it is known to run.
      assert.equal((await gateway.ask('PUT', `${ARM}/status/restart`)).status, 202);
      await reaches('arm', 'active', 'succeeded');
      assert.equal((await gateway.ask('PUT', `${ARM}/status/shutdown`)).status, 202);
      await reaches('arm', 'unconfigured', 'succeeded');
      assert.equal((await gateway.ask('PUT', `${ARM}/status/force-restart`)).status, 202);
      await reaches('arm', 'active', 'succeeded');
      assert.equal((await gateway.ask('PUT', `${ARM}/status/force-shutdown`)).status, 202);
      await reaches('arm', 'finalized', 'succeeded');
      assert.equal((await gateway.ask('PUT', `${ARM}/status/start`)).status, 409);

      await reaches('broken', 'unconfigured');
      assert.equal((await gateway.ask('PUT', '/apps/broken/status/start')).status, 202);
      await reaches('broken', 'inactive', 'failed');
      // The current node of the peer changes its state itself.
      peer.command('transition cleanup');
      await reaches('broken', 'unconfigured');
    });

    test(`${vendor}: log entries of nodes are listed by severity and live`, { timeout: 60_000 }, async () => {
      await using robot = await startRobot(vendor, 'log warn the gripper slips', 'log fatal it fell');
      const { gateway, peer } = robot;
      const logs = async (query = '') => (await gateway.ask('GET', `${ARM}/logs${query}`)).body['items'] as Json[];
      // They were logged before the gateway discovered the node: /rosout retains them for late subscribers.
      const first = await eventually('both entries', async () => {
        const items = await logs();
        return items.length === 2 && items;
      });
      assert.deepEqual(
        first.map(({ severity, message, logger_name }) => [severity, message, logger_name]),
        [
          ['warning', 'the gripper slips', '/robot/arm'],
          ['fatal', 'it fell', '/robot/arm'],
        ],
      );
      assert.deepEqual(
        (await logs('?severity=error')).map(({ message }) => message),
        ['it fell'],
      );
      peer.command('log info grüße 🤖');
      const next = await eventually('the new entry', async () => (await logs(`?since=${first[1]?.['id']}`))[0]);
      assert.deepEqual([next['severity'], next['message']], ['info', 'grüße 🤖']);
    });
  }
});
