import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ConfigurationProvider } from '@medkit/core';
import { errorOf } from '@medkit/core/testing';
import {
  type LocalNode,
  openParameterServer,
  type ParameterDeclaration,
  type ParameterServer,
  type RosMessage,
} from '@medkit/ros2';
import { HOST_NATIVE_ID } from '../discovery/ros-contribution.ts';
import { patientCall, type SimulatedRobot, simulatedRobot } from '../testing/simulated-robot.ts';

const NODE = '/navigation/driver';

const DECLARATIONS: readonly ParameterDeclaration[] = [
  { name: 'a_bool', value: { type: 'bool', value: true } },
  { name: 'a_bool_array', value: { type: 'bool_array', value: [true] } },
  { name: 'a_byte_array', value: { type: 'byte_array', value: Uint8Array.of(0, 255) } },
  { name: 'a_double', value: { type: 'double', value: 5 }, floatRange: { from: 0.1, to: 10, step: 0 } },
  { name: 'a_double_array', value: { type: 'double_array', value: [1, Number.NaN] } },
  { name: 'a_string', value: { type: 'string', value: 'map' }, description: 'Frame', additionalConstraints: 'a frame' },
  { name: 'a_string_array', value: { type: 'string_array', value: ['x'] } },
  { name: 'an_int', value: { type: 'int', value: 2n ** 62n } },
  { name: 'an_int_array', value: { type: 'int_array', value: [1n] } },
  { name: 'any', value: { type: 'int', value: 1n }, dynamicTyping: true },
  { name: 'fixed', value: { type: 'string', value: 'v1' }, readOnly: true },
  { name: 'steps', value: { type: 'int', value: 4n }, integerRange: { from: 0n, to: 10n, step: 2n } },
  { name: 'unset', type: 'double' },
];

interface Scene extends SimulatedRobot {
  readonly server: ParameterServer;
  /** Names of the parameters in set requests to the node. */
  readonly setNames: string[];
  /** A provider whose calls advance the clock. */
  readonly configurations: Pick<ProviderCalls, keyof ConfigurationProvider>;
}

/** The provider's methods without the call context. */
type ProviderCalls = {
  [Method in keyof ConfigurationProvider]: (
    ...args: Parameters<ConfigurationProvider[Method]> extends [...infer Args, unknown] ? Args : never
  ) => ReturnType<ConfigurationProvider[Method]>;
};

/** Runs a gateway and a node with parameters of every kind. The node refuses to set `a_bool` to false. */
async function play(scene: (scene: Scene) => Promise<void>): Promise<void> {
  const robot = await simulatedRobot();
  try {
    const node = await robot.robot.node({ name: 'driver', namespace: '/navigation' });
    const setNames: string[] = [];
    const server = await openParameterServer(node, {
      declarations: DECLARATIONS,
      clock: robot.clock,
      onSet: (parameters) => {
        setNames.push(...parameters.map(({ name }) => name));
        const off = parameters.some(({ name, value }) => name === 'a_bool' && value.type === 'bool' && !value.value);
        return off ? 'not while driving' : undefined;
      },
    });
    const model = await robot.openGateway();
    await robot.until(() => model.tree.get('app', 'driver') !== undefined, 'the node is an app');
    const provider = model.provider('ros2')!.configurations!;
    const call = () => patientCall(robot);
    await scene({
      ...robot,
      server,
      setNames,
      configurations: {
        list: (id) => robot.during(provider.list(id, call())),
        read: (id, name) => robot.during(provider.read(id, name, call())),
        write: (id, name, value) => robot.during(provider.write(id, name, value, call())),
        reset: (id, name) => robot.during(provider.reset(id, name, call())),
        resetAll: (id) => robot.during(provider.resetAll(id, call())),
      },
    });
  } finally {
    await robot.close();
  }
}

describe('parameters of a node as configurations', () => {
  it('are listed with values, types and rules', () =>
    play(async ({ configurations }) => {
      const list = await configurations.list(NODE);
      const plain = { description: '', readOnly: false };
      assert.deepEqual(list, [
        { name: 'a_bool', type: 'bool', value: true, ...plain },
        { name: 'a_bool_array', type: 'bool_array', value: [true], ...plain },
        { name: 'a_byte_array', type: 'byte_array', value: [0, 255], ...plain },
        { name: 'a_double', type: 'double', value: 5, ...plain, range: { from: 0.1, to: 10 } },
        { name: 'a_double_array', type: 'double_array', value: [1, '.nan'], ...plain },
        { name: 'a_string', type: 'string', value: 'map', ...plain, description: 'Frame', constraints: 'a frame' },
        { name: 'a_string_array', type: 'string_array', value: ['x'], ...plain },
        { name: 'an_int', type: 'int', value: 2n ** 62n, ...plain },
        { name: 'an_int_array', type: 'int_array', value: [1], ...plain },
        { name: 'any', type: 'int', value: 1, ...plain },
        { name: 'fixed', type: 'string', value: 'v1', description: '', readOnly: true },
        { name: 'steps', type: 'int', value: 4, ...plain, range: { from: 0, to: 10, step: 2 } },
        { name: 'unset', type: 'not_set', value: null, ...plain },
      ]);
      assert.deepEqual(await configurations.read(NODE, 'steps'), list[11]);
      assert.deepEqual(await configurations.list(HOST_NATIVE_ID), []);
    }));

  it('are set in the type of the node', () =>
    play(async ({ configurations, server }) => {
      assert.deepEqual(await configurations.write(NODE, 'a_double', 7), { type: 'double', value: 7, before: 5 });
      assert.deepEqual(server.get('a_double'), { type: 'double', value: 7 });
      assert.deepEqual(await configurations.write(NODE, 'an_int', 2n ** 62n + 1n), {
        type: 'int',
        value: 2n ** 62n + 1n,
        before: 2n ** 62n,
      });
      assert.deepEqual(await configurations.write(NODE, 'unset', 1), { type: 'double', value: 1 });
      assert.deepEqual(server.get('unset'), { type: 'double', value: 1 });
      await configurations.write(NODE, 'a_byte_array', []);
      assert.deepEqual(server.get('a_byte_array'), { type: 'byte_array', value: new Uint8Array() });
    }));

  it('change their type only if typing is dynamic', () =>
    play(async ({ configurations, server }) => {
      await configurations.write(NODE, 'any', 'text');
      assert.deepEqual(server.get('any'), { type: 'string', value: 'text' });
      assert.equal((await errorOf(configurations.write(NODE, 'any', {}))).code, 'invalid-parameter');
    }));

  it('are not sent if the type does not match, and the error names the right one', () =>
    play(async ({ configurations, setNames }) => {
      const { code, message, parameters } = await errorOf(configurations.write(NODE, 'a_double', 'fast'));
      assert.equal(code, 'invalid-parameter');
      assert.equal(message, 'Failed to set parameter: a_double is of type double: expected a number, found "fast"');
      assert.deepEqual(Object.keys(parameters ?? {}), ['details']);
      assert.equal(
        (await errorOf(configurations.write(NODE, 'fixed', 'v2'))).code,
        'x-medkit-ros2-parameter-read-only',
      );
      assert.deepEqual(setNames, []);
    }));

  it('are refused with the message of the node', () =>
    play(async ({ configurations, server }) => {
      for (const [name, value, details] of [
        ['a_bool', false, 'not while driving'],
        ['a_double', 11, 'a_double must be from 0.1 to 10'],
        ['steps', 3, 'steps must be from 0 to 10 in steps of 2'],
      ] as const) {
        const error = await errorOf(configurations.write(NODE, name, value));
        assert.deepEqual([error.code, error.parameters], ['invalid-parameter', { details }]);
      }
      assert.deepEqual(server.get('steps'), { type: 'int', value: 4n });
    }));

  it('are not found if the node does not declare them', () =>
    play(async ({ configurations }) => {
      for (const error of [
        await errorOf(configurations.read(NODE, 'nobody')),
        await errorOf(configurations.write(NODE, 'nobody', 1)),
        await errorOf(configurations.reset(NODE, 'nobody')),
      ]) {
        assert.equal(error.code, 'resource-not-found');
        assert.match(error.message, /^Parameter not found: .* has no 'nobody'$/);
        assert.deepEqual(error.parameters, { available_count: 13 });
      }
    }));

  it('are not found if misspelt, and the error names the similar parameter', () =>
    play(async ({ configurations }) => {
      for (const error of [
        await errorOf(configurations.read(NODE, 'a_duoble')),
        await errorOf(configurations.write(NODE, 'a_duoble', 1)),
        await errorOf(configurations.reset(NODE, 'a_duoble')),
      ]) {
        assert.match(error.message, /has no 'a_duoble': did you mean 'a_double'\?$/);
        assert.equal(error.parameters?.['did_you_mean'], 'a_double');
      }
    }));

  it('are reset to their first known values', () =>
    play(async ({ configurations, server, setNames }) => {
      await configurations.write(NODE, 'a_double', 7);
      await configurations.write(NODE, 'a_byte_array', [1]);
      assert.deepEqual(await configurations.reset(NODE, 'a_double'), { type: 'double', value: 5, before: 7 });
      assert.deepEqual(server.get('a_double'), { type: 'double', value: 5 });
      setNames.length = 0;
      assert.deepEqual(await configurations.resetAll(NODE), {
        resetCount: 13,
        changed: [{ name: 'a_byte_array', type: 'byte_array', value: [0, 255], before: [1] }],
        failed: [],
      });
      assert.deepEqual(setNames, ['a_byte_array'], 'what has not changed is left alone');
      assert.deepEqual(server.get('a_byte_array'), { type: 'byte_array', value: Uint8Array.of(0, 255) });
      const { code } = await errorOf(configurations.reset(NODE, 'fixed'));
      assert.equal(code, 'x-medkit-ros2-parameter-read-only');
    }));

  it('show which of them cannot be reset', () =>
    play(async ({ configurations, server }) => {
      await configurations.list(NODE);
      await server.set([
        { name: 'unset', value: { type: 'double', value: 1 } },
        { name: 'steps', value: { type: 'int', value: 2n } },
      ]);
      const { resetCount, changed, failed } = await configurations.resetAll(NODE);
      assert.equal(resetCount, 12);
      assert.deepEqual(changed, [{ name: 'steps', type: 'int', value: 4, before: 2 }]);
      assert.deepEqual(failed, [{ name: 'unset', reason: 'unset: unset has a fixed type and cannot be undeclared' }]);
      assert.deepEqual(server.get('steps'), { type: 'int', value: 4n });
    }));
});

const UNAVAILABLE = 'x-medkit-ros2-node-unavailable';

describe('a node that does not answer', () => {
  it('is unavailable after its timeout, then immediately, and is asked again when it answers', () =>
    play(async ({ robot, configurations, clock, during }) => {
      const node = await robot.node({ name: 'busy' });
      const late = Promise.withResolvers<void>();
      await node.service(
        '/busy/list_parameters',
        'rcl_interfaces/srv/ListParameters',
        async (): Promise<RosMessage> => {
          await late.promise;
          return { result: { names: [], prefixes: [] } };
        },
      );
      await clock.advanceAsync(300);
      const startMs = clock.monotonicMs();
      assert.equal((await errorOf(configurations.list('/busy'))).code, UNAVAILABLE);
      const tookMs = clock.monotonicMs() - startMs;
      assert.ok(tookMs >= 2000 && tookMs < 2100, `${tookMs} ms`);

      const { code, message } = await errorOf(configurations.list('/busy'));
      assert.equal(code, UNAVAILABLE);
      assert.match(message, /^The parameters of \/busy are not available: .+/);
      assert.ok(clock.monotonicMs() - startMs - tookMs < 50);

      late.resolve();
      await during(clock.advanceAsync(50));
      assert.deepEqual(await configurations.list('/busy'), []);
    }));

  it('because it has no parameters is unavailable soon, until it shows that it has', () =>
    play(async ({ robot, configurations, clock }) => {
      const node = await robot.node({ name: 'bare' });
      // Earlier, discovery of its services may be incomplete.
      await clock.advanceAsync(1200);
      const startMs = clock.monotonicMs();
      assert.equal((await errorOf(configurations.list('/bare'))).code, UNAVAILABLE);
      assert.ok(clock.monotonicMs() - startMs < 400, `${clock.monotonicMs() - startMs} ms`);

      await openParameterServer(node, { declarations: [{ name: 'x', value: { type: 'bool', value: true } }], clock });
      await clock.advanceAsync(100);
      assert.equal((await configurations.list('/bare')).length, 1);
    }));

  it('because it has exited is unavailable immediately', () =>
    play(async ({ configurations, clock }) => {
      const startMs = clock.monotonicMs();
      const { code, parameters } = await errorOf(configurations.read('/gone', 'x'));
      assert.deepEqual([code, parameters?.['details']], [UNAVAILABLE, 'it is not in the graph']);
      assert.ok(clock.monotonicMs() - startMs < 50);
    }));

  it('correctly is a failure, not an absence', () =>
    play(async ({ robot, configurations, clock }) => {
      const node = await robot.node({ name: 'odd' });
      const type = 'rcl_interfaces/srv';
      await node.service('/odd/list_parameters', `${type}/ListParameters`, () => ({ result: { names: ['a'] } }));
      await node.service('/odd/get_parameters', `${type}/GetParameters`, () => ({ values: [{ type: 77 }] }));
      await node.service('/odd/describe_parameters', `${type}/DescribeParameters`, () => ({
        descriptors: [{ name: 'a' }],
      }));
      await clock.advanceAsync(300);
      const { code, parameters } = await errorOf(configurations.list('/odd'));
      assert.equal(code, 'internal-error');
      assert.match(String(parameters?.['details']), /77 is not a type of parameter/);
    }));
});

describe('a node whose reply to a change is late or lost', () => {
  /** A node that sets parameters but delays its replies by `delayMs`; if that is infinite, the reply is lost. */
  const slow = async ({ robot, clock }: SimulatedRobot, delayMs: number, sets = true) => {
    const node = await robot.node({ name: 'slow' });
    const delayed: LocalNode = {
      ...node,
      service: (name, type, handler) =>
        node.service(name, type, async (request) => {
          if (!name.endsWith('/set_parameters')) return handler(request);
          const reply = sets ? await handler(request) : {};
          await new Promise<void>((resolve) => {
            if (Number.isFinite(delayMs)) clock.after(delayMs, resolve);
          });
          return reply;
        }),
    };
    const declarations: ParameterDeclaration[] = [
      { name: 'x', value: { type: 'int', value: 1n } },
      { name: 'y', value: { type: 'int', value: 1n } },
    ];
    const server = await openParameterServer(delayed, { declarations, clock });
    await clock.advanceAsync(1200);
    return server;
  };

  it('is read back, and has the requested value', () =>
    play(async (scene) => {
      const { configurations } = scene;
      for (const delayMs of [3000, Number.POSITIVE_INFINITY]) {
        const server = await slow(scene, delayMs);
        await configurations.read('/slow', 'x');
        assert.equal((await configurations.write('/slow', 'x', 7)).value, 7);
        assert.equal((await configurations.read('/slow', 'x')).value, 7);
        assert.equal((await configurations.reset('/slow', 'x'))?.value, 1);
        await configurations.write('/slow', 'y', 7);
        assert.deepEqual((await configurations.resetAll('/slow')).failed, []);
        await server.close();
      }
    }));

  it('and that has another value is an error with that value, and no refusal', () =>
    play(async (scene) => {
      const { configurations } = scene;
      const server = await slow(scene, Number.POSITIVE_INFINITY, false);
      await configurations.list('/slow');
      const { code, status, message, parameters } = await errorOf(configurations.write('/slow', 'x', 7));
      assert.deepEqual([code, status], ['x-medkit-outcome-unknown', 504]);
      assert.match(message, /^\/slow was asked to set x, and its outcome is unknown/);
      assert.deepEqual([parameters?.['node'], parameters?.['parameter']], ['/slow', 'x']);
      await scene.during(server.set([{ name: 'y', value: { type: 'int', value: 5n } }]));
      const [failure] = (await configurations.resetAll('/slow')).failed;
      assert.match(failure?.reason ?? '', /y: its outcome is unknown/);
    }));
});

describe('a node without one of the services of parameters', () => {
  /** A node that has existed for a while and lacks some of the parameter services. */
  const without = async ({ robot, clock }: SimulatedRobot, ...missing: readonly string[]) => {
    const node = await robot.node({ name: 'partial' });
    const others: LocalNode = {
      ...node,
      service: (name, type, handler) => {
        const isMissing = missing.some((service) => name.endsWith(`/${service}`));
        return node.service(isMissing ? `${name}_elsewhere` : name, type, handler);
      },
    };
    const integerRange = { from: 0n, to: 9n, step: 0n };
    const declarations: ParameterDeclaration[] = [{ name: 'x', value: { type: 'int', value: 1n }, integerRange }];
    await openParameterServer(others, { declarations, clock });
    await clock.advanceAsync(1300);
  };

  it('serves values without descriptions, and names the missing service', () =>
    play(async (scene) => {
      const { configurations } = scene;
      await without(scene, 'describe_parameters');
      const [entry] = await configurations.list('/partial');
      assert.deepEqual([entry?.name, entry?.type, entry?.value, entry?.range], ['x', 'int', 1, undefined]);
      assert.match(entry?.constraints ?? '', /does not offer describe_parameters/);
      assert.equal((await configurations.write('/partial', 'x', 5)).value, 5);
      assert.equal((await errorOf(configurations.read('/partial', 'y'))).code, 'resource-not-found');
    }));

  it('serves descriptions without values, and names the missing service', () =>
    play(async (scene) => {
      await without(scene, 'get_parameters');
      const [entry] = await scene.configurations.list('/partial');
      assert.deepEqual([entry?.type, entry?.value, entry?.range], ['int', null, { from: 0, to: 9 }]);
      assert.match(entry?.constraints ?? '', /does not offer get_parameters/);
    }));

  it('serves a parameter by its name if none can be listed, and names the missing services', () =>
    play(async (scene) => {
      const { configurations } = scene;
      await without(scene, 'list_parameters');
      assert.equal((await configurations.read('/partial', 'x')).value, 1);
      assert.equal((await configurations.write('/partial', 'x', 5)).value, 5);
      assert.equal((await configurations.reset('/partial', 'x'))?.value, 1);
      const { code, message } = await errorOf(configurations.list('/partial'));
      assert.equal(code, UNAVAILABLE);
      assert.match(message, /does not offer \/partial\/list_parameters/);
    }));

  it('sets parameters by the available service, and names the missing ones if there is none', () =>
    play(async (scene) => {
      const { configurations } = scene;
      await without(scene, 'set_parameters');
      assert.equal((await configurations.write('/partial', 'x', 5)).value, 5);
    }));

  it('is read even if it cannot be set', () =>
    play(async (scene) => {
      const { configurations } = scene;
      await without(scene, 'set_parameters', 'set_parameters_atomically', 'get_parameter_types');
      assert.equal((await configurations.read('/partial', 'x')).value, 1);
      const { code, message } = await errorOf(configurations.write('/partial', 'x', 5));
      assert.equal(code, UNAVAILABLE);
      assert.match(message, /does not offer \/partial\/set_parameters/);
    }));
});

describe('many nodes', () => {
  it('are asked at the same time', () =>
    play(async ({ robot, configurations, clock }) => {
      const count = 100;
      for (let at = 0; at < count; at++) {
        const node = await robot.node({ name: `n${at}` });
        await openParameterServer(node, { declarations: [{ name: 'x', value: { type: 'bool', value: true } }], clock });
      }
      await clock.advanceAsync(1000);
      const startMs = clock.monotonicMs();
      const lists = await Promise.all(Array.from({ length: count }, (_, at) => configurations.list(`/n${at}`)));
      assert.ok(lists.every(({ length }) => length === 1));
      assert.ok(clock.monotonicMs() - startMs < 500, `${clock.monotonicMs() - startMs} ms`);
    }));

  it('that do not answer delay no client for long', () =>
    play(async ({ robot, configurations, clock }) => {
      const type = 'rcl_interfaces/srv/ListParameters';
      const never = new Promise<RosMessage>(() => undefined);
      const count = 130;
      for (let at = 0; at < count; at++) {
        await (await robot.node({ name: `n${at}` })).service(`/n${at}/list_parameters`, type, () => never);
      }
      await clock.advanceAsync(1000);
      const startMs = clock.monotonicMs();
      const lists = Array.from({ length: count }, (_, at) => errorOf(configurations.list(`/n${at}`)));
      const codes = new Set((await Promise.all(lists)).map(({ code }) => code));
      assert.deepEqual([...codes], [UNAVAILABLE]);
      assert.ok(clock.monotonicMs() - startMs < 2600, `${clock.monotonicMs() - startMs} ms`);
    }));
});
