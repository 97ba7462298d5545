import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { LocalNode } from '../adapter/adapter.ts';
import { simulatedGraph } from '../testing/simulated-graph.ts';
import type { RosMessage } from '../types/message.ts';
import type { LifecycleCallbacks, LifecycleStateLabel } from './lifecycle.ts';
import { isManagedNode, lifecycleNames } from './managed-node.ts';
import { openLifecycleClient } from './open-lifecycle-client.ts';
import { openLifecycleServer } from './open-lifecycle-server.ts';

const PATIENT = { timeoutMs: 2000 };

/** A managed node `/arm/planner` with these callbacks, and a client of it on another host. */
async function play(
  callbacks: LifecycleCallbacks,
  scene: (stage: Awaited<ReturnType<typeof openStage>>) => Promise<void>,
) {
  const stage = await openStage(callbacks);
  try {
    await scene(stage);
  } finally {
    await stage.graph.close();
  }
}

async function openStage(callbacks: LifecycleCallbacks) {
  const graph = simulatedGraph();
  const [robot, ours] = [await graph.join(), await graph.join()];
  const node = await robot.node({ name: 'planner', namespace: '/arm' });
  const thrown: unknown[] = [];
  const server = await openLifecycleServer(node, {
    clock: graph.clock,
    callbacks,
    onCallbackError: (callback, error) => thrown.push([callback, error]),
  });
  const gateway = await ours.node({ name: 'gateway' });
  const states: LifecycleStateLabel[] = [];
  const client = await openLifecycleClient(gateway, {
    target: '/arm/planner',
    onState: (state) => states.push(state),
  });
  const { during } = graph;
  const state = () => during(client.state(PATIENT));
  const change = async (transition: Parameters<typeof client.change>[0], from: LifecycleStateLabel) =>
    during(client.change(transition, from, PATIENT));
  await state();
  // The subscription to its events is matched at the same time.
  await graph.clock.advanceAsync(200);
  return { graph, ours, node, gateway, server, client, states, thrown, during, state, change };
}

/** Calls a service of the node like any ROS client. */
async function ask(
  { gateway, during }: { gateway: LocalNode; during: <T>(promise: Promise<T>) => Promise<T> },
  service: string,
  type: string,
  request: RosMessage = {},
): Promise<RosMessage> {
  const client = await gateway.client(service, `lifecycle_msgs/srv/${type}`);
  return during(client.call(request, PATIENT));
}

describe('a managed node of medkit', () => {
  it('starts unconfigured and follows the requests of a client, reporting every state on the way', () =>
    play({}, async ({ state, change, states, server }) => {
      assert.equal(await state(), 'unconfigured');
      assert.equal(await change('configure', 'unconfigured'), true);
      assert.equal(await state(), 'inactive');
      assert.equal(await change('activate', 'inactive'), true);
      assert.equal(server.state, 'active');
      assert.equal(await change('deactivate', 'active'), true);
      assert.equal(await change('cleanup', 'inactive'), true);
      assert.equal(await change('shutdown', 'unconfigured'), true);
      assert.equal(await state(), 'finalized');
      assert.deepEqual(states, [
        ...['configuring', 'inactive', 'activating', 'active', 'deactivating', 'inactive'],
        ...['cleaningup', 'unconfigured', 'shuttingdown', 'finalized'],
      ]);
    }));

  it('refuses transitions that its state does not allow', () =>
    play({}, async ({ state, change }) => {
      assert.equal(await change('activate', 'inactive'), false, 'it is unconfigured');
      assert.equal(await change('activate', 'unconfigured'), false, 'no such transition');
      assert.equal(await change('shutdown', 'active'), true, 'its label counts');
      assert.equal(await state(), 'finalized');
    }));

  it('keeps its state when a callback fails', () =>
    play({ configure: () => 'failure' }, async ({ state, change, states }) => {
      assert.equal(await change('configure', 'unconfigured'), false);
      assert.equal(await state(), 'unconfigured');
      assert.deepEqual(states, ['configuring', 'unconfigured']);
    }));

  it('is finalized by an error that no callback handles, and reports what was thrown', () => {
    const broken = new Error('no map');
    const activate = () => {
      throw broken;
    };
    return play({ activate }, async ({ state, change, states, thrown }) => {
      await change('configure', 'unconfigured');
      assert.equal(await change('activate', 'inactive'), false);
      assert.equal(await state(), 'finalized');
      assert.deepEqual(states.slice(2), ['activating', 'errorprocessing', 'finalized']);
      assert.deepEqual(thrown, [['activate', broken]]);
    });
  });

  it('is unconfigured after an error that its callback handles, which receives the previous state', () => {
    const came: LifecycleStateLabel[] = [];
    const error = (previous: LifecycleStateLabel) => {
      came.push(previous);
      return 'success' as const;
    };
    return play({ configure: () => Promise.reject(new Error('later')), error }, async ({ state, change }) => {
      assert.equal(await change('configure', 'unconfigured'), false);
      assert.equal(await state(), 'unconfigured');
      assert.deepEqual(came, ['unconfigured']);
    });
  });

  it('is finalized by a shutdown whose callback fails', () =>
    play({ shutdown: () => 'failure' }, async ({ state, change }) => {
      assert.equal(await change('shutdown', 'unconfigured'), false);
      assert.equal(await state(), 'finalized');
    }));

  it('runs one transition at a time and reports its state meanwhile', () => {
    const ready = Promise.withResolvers<'success'>();
    return play({ configure: () => ready.promise }, async ({ state, change, client, during, server }) => {
      const first = client.change('configure', 'unconfigured', PATIENT);
      assert.equal(await change('configure', 'unconfigured'), false);
      assert.equal(await state(), 'configuring');
      assert.equal(await server.change('shutdown'), false);
      ready.resolve('success');
      assert.equal(await during(first), true);
      assert.equal(server.state, 'inactive');
    });
  });

  it('describes itself as rcl does', () =>
    play({}, async (scene) => {
      const names = lifecycleNames('/arm/planner');
      const { available_states: states } = await ask(scene, names.availableStates, 'GetAvailableStates');
      assert.equal((states as RosMessage[]).length, 11);
      assert.deepEqual(
        (states as RosMessage[]).find(({ label }) => label === 'activating'),
        {
          id: 13,
          label: 'activating',
        },
      );
      const transitions = async (service: string) =>
        (await ask(scene, service, 'GetAvailableTransitions'))['available_transitions'] as RosMessage[];
      assert.deepEqual(await transitions(names.availableTransitions), [
        {
          transition: { id: 1, label: 'configure' },
          start_state: { id: 1, label: 'unconfigured' },
          goal_state: { id: 10, label: 'configuring' },
        },
        {
          transition: { id: 5, label: 'shutdown' },
          start_state: { id: 1, label: 'unconfigured' },
          goal_state: { id: 12, label: 'shuttingdown' },
        },
      ]);
      assert.equal((await transitions(names.transitionGraph)).length, 25);
    }));

  it('takes a request by its number alone, as micro-ROS clients make it', () =>
    play({}, async (scene) => {
      const { changeState } = lifecycleNames('/arm/planner');
      const request = { transition: { id: 1, label: '' } };
      assert.deepEqual(await ask(scene, changeState, 'ChangeState', request), { success: true });
      assert.deepEqual(await ask(scene, changeState, 'ChangeState', request), { success: false });
      assert.equal(scene.server.state, 'inactive');
    }));

  it('is known as managed by its services, until it is closed', () =>
    play({}, async ({ ours, graph, server }) => {
      const isManaged = async (): Promise<boolean> => {
        const services = (await ours.graph()).endpoints.filter(({ role }) => role === 'service');
        return isManagedNode('/arm/planner', new Map(services.map((service) => [service.name, service])));
      };
      await graph.until(isManaged, 'it is seen as managed');
      await server.close();
      await graph.until(async () => !(await isManaged()), 'it is seen as plain');
    }));
});

describe('a client of a lifecycle', () => {
  it('times out if the node does not answer, and ends its calls when it is closed', () =>
    play({}, async ({ server, client, during }) => {
      await server.close();
      await assert.rejects(during(client.state({ timeoutMs: 100 })));
      const pending = assert.rejects(client.state(PATIENT));
      await client.close();
      await during(pending);
    }));
});

describe('isManagedNode', () => {
  const service = (type: string) => ({ type });
  const [getState, changeState] = ['lifecycle_msgs/srv/GetState', 'lifecycle_msgs/srv/ChangeState'].map(service);

  it('needs both services, under the name of the node and of the right types', () => {
    const managed = (services: Record<string, { type: string }>) =>
      isManagedNode('/a', new Map(Object.entries(services)));
    assert.equal(managed({ '/a/get_state': getState!, '/a/change_state': changeState! }), true);
    assert.equal(managed({ '/a/get_state': getState! }), false);
    assert.equal(managed({ '/b/get_state': getState!, '/b/change_state': changeState! }), false);
    assert.equal(managed({ '/a/get_state': getState!, '/a/change_state': service('my_msgs/srv/ChangeState') }), false);
  });
});
