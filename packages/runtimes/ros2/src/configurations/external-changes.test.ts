import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ConfigurationChanged, ConfigurationProvider } from '@medkit/core';
import { openParameterClient, openParameterServer, type Parameter, type ParameterServer } from '@medkit/ros2';
import { patientCall, type SimulatedRobot, simulatedRobot } from '../testing/simulated-robot.ts';

const NODE = '/navigation/driver';
const double = (name: string, value: number): Parameter => ({ name, value: { type: 'double', value } });

interface Scene extends SimulatedRobot {
  readonly server: ParameterServer;
  readonly provider: ConfigurationProvider;
  /** Changes received from the bus. */
  readonly seen: ConfigurationChanged[];
  /** Sets a parameter as `ros2 param set` does. */
  readonly setByOtherClient: (parameter: Parameter) => Promise<boolean>;
  readonly settle: () => Promise<void>;
  /** Whether the robot sees a subscription to parameter events. */
  readonly isSubscribed: () => Promise<boolean>;
}

/** Runs a node with parameters, a gateway that observes changes, and a separate tool. */
async function play(scene: (scene: Scene) => Promise<void>, observeParameters = true): Promise<void> {
  const robot = await simulatedRobot();
  try {
    const node = await robot.robot.node({ name: 'driver', namespace: '/navigation' });
    const server = await openParameterServer(node, {
      declarations: [double('rate', 10), double('gain', 1), { ...double('limit', 5), readOnly: true }],
      clock: robot.clock,
      onSet: (parameters) => (parameters.some(({ name }) => name === 'gain') ? 'not now' : undefined),
    });
    const tool = await robot.robot.node({ name: '_ros2cli_1' });
    const client = openParameterClient(tool, NODE);
    const model = await robot.openGateway(undefined, { settings: { observeParameters } });
    const seen: ConfigurationChanged[] = [];
    model.events.on('configuration.changed', (change) => seen.push(change));
    await robot.until(() => model.tree.get('app', 'driver') !== undefined, 'the node is an app');
    await robot.clock.advanceAsync(1000);
    await scene({
      ...robot,
      server,
      provider: model.provider('ros2')?.configurations ?? assert.fail(),
      seen,
      setByOtherClient: async (parameter) => {
        const [result] = await robot.during(client.set([parameter], { timeoutMs: 2000 }));
        return result?.successful ?? false;
      },
      settle: () => robot.clock.advanceAsync(100),
      isSubscribed: async () => {
        const { endpoints } = await robot.robot.graph();
        return endpoints.some(({ role, name }) => role === 'subscription' && name === '/parameter_events');
      },
    });
  } finally {
    await robot.close();
  }
}

const summaryOf = (seen: readonly ConfigurationChanged[]) =>
  seen.map(({ nativeId, name, from, to, count }) => [nativeId, name, from, to, count]);

describe('parameters that other clients change', () => {
  it('are reported, with their former value if that is known', () =>
    play(async ({ setByOtherClient, settle, seen, provider, during, ...scene }) => {
      assert.equal(await setByOtherClient(double('rate', 12)), true);
      await settle();
      assert.deepEqual(summaryOf(seen), [[NODE, 'rate', undefined, '12', 1]]);
      assert.deepEqual([seen[0]?.runtime, seen[0]?.origin, seen[0]?.firstNs], ['ros2', 'local', seen[0]?.lastNs]);
      await scene.clock.advanceAsync(15_000);
      await setByOtherClient(double('rate', 14));
      await settle();
      assert.deepEqual(summaryOf(seen.slice(1)), [[NODE, 'rate', '12', '14', 1]]);
      // Changes by the node itself are reported too; setting the current value is not a change.
      await scene.clock.advanceAsync(15_000);
      await scene.server.set([double('rate', 16)]);
      await settle();
      await scene.server.set([double('rate', 16)]);
      await settle();
      assert.deepEqual(summaryOf(seen.slice(2)), [[NODE, 'rate', '14', '16', 1]]);
    }));

  it('that were read before have the read value as the former one', () =>
    play(async (scene) => {
      assert.equal(await scene.isSubscribed(), true);
      await scene.during(scene.provider.list(NODE, patientCall(scene)));
      await scene.setByOtherClient(double('rate', 12));
      await scene.settle();
      assert.deepEqual(summaryOf(scene.seen), [[NODE, 'rate', '10', '12', 1]]);
    }));

  it('do not include sets and resets by this gateway, nor what a node declares or refuses', () =>
    play(async (scene) => {
      const { provider, during, seen, settle, server, setByOtherClient } = scene;
      await during(provider.write(NODE, 'rate', 12, patientCall(scene)));
      await settle();
      await during(provider.reset(NODE, 'rate', patientCall(scene)));
      await settle();
      await assert.rejects(during(provider.write(NODE, 'gain', 3, patientCall(scene))));
      assert.equal(await setByOtherClient(double('gain', 3)), false);
      await server.declare(double('added', 1));
      await settle();
      assert.deepEqual(summaryOf(seen), []);
      // Another tool sets the same value after the gateway's own change was reported.
      await scene.clock.advanceAsync(15_000);
      await setByOtherClient(double('rate', 12));
      await settle();
      assert.deepEqual(summaryOf(seen), [[NODE, 'rate', '10', '12', 1]]);
    }));

  it('a hundred times a second are reported a few times, with their number', () =>
    play(async ({ server, seen, clock }) => {
      for (let at = 0; at < 3000; at++) {
        await server.set([double('rate', 20 + at)]);
        await clock.advanceAsync(10);
      }
      await clock.advanceAsync(40_000);
      assert.ok(seen.length <= 4, `told ${seen.length} times`);
      assert.equal(
        seen.reduce((sum, { count }) => sum + count, 0),
        3000,
      );
      assert.equal(seen.at(-1)?.to, '3019');
    }));

  it('are not subscribed to if no listener is configured', () =>
    play(async ({ setByOtherClient, settle, seen, isSubscribed }) => {
      await setByOtherClient(double('rate', 12));
      await settle();
      assert.deepEqual([seen, await isSubscribed()], [[], false]);
    }, false));
});
