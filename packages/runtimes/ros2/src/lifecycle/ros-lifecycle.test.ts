import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type LifecycleAction, SovdError } from '@medkit/contract';
import { callContext, type LifecycleStatus, type Model } from '@medkit/core';
import { type LifecycleCallbacks, type LifecycleServer, type LocalNode, openLifecycleServer } from '@medkit/ros2';
import { patientCall, type SimulatedRobot, simulatedRobot } from '../testing/simulated-robot.ts';

interface Stage extends SimulatedRobot {
  readonly model: Model;
  /** Starts a managed node. */
  managed(name: string, callbacks?: LifecycleCallbacks): Promise<LifecycleServer & { readonly node: LocalNode }>;
  status(fqn: string): Promise<LifecycleStatus | undefined>;
  change(fqn: string, action: LifecycleAction): Promise<void>;
  /** The status after the last transition. */
  ended(fqn: string): Promise<LifecycleStatus>;
  /** Waits until the gateway recognizes the node as managed. */
  seen(fqn: string): Promise<void>;
}

/** A robot with a gateway. */
async function play(scene: (stage: Stage) => Promise<void>): Promise<void> {
  const robot = await simulatedRobot();
  const { clock, during, until } = robot;
  try {
    const model = await robot.openGateway();
    const lifecycle = model.provider('ros2')!.lifecycle!;
    const status = (fqn: string) => during(lifecycle.status(fqn, patientCall(robot)));
    await scene({
      ...robot,
      model,
      status,
      change: (fqn, action) => during(lifecycle.change(fqn, action, patientCall(robot))),
      managed: async (name, callbacks = {}) => {
        const node = await robot.robot.node({ name });
        const server = await openLifecycleServer(node, { clock, callbacks, onCallbackError: () => undefined });
        return Object.assign(server, { node });
      },
      ended: async (fqn) => {
        for (;;) {
          const reported = await status(fqn);
          if (reported?.lastTransition?.outcome !== 'running')
            return reported ?? assert.fail(`${fqn} is no managed node`);
          await clock.advanceAsync(20);
        }
      },
      seen: async (fqn) => {
        await until(() => model.tree.all('app').some((app) => app.node === fqn), `${fqn} is an app`);
        await clock.advanceAsync(100);
      },
    });
  } finally {
    await robot.close();
  }
}

const refusedWith = (code: string, message: RegExp) => (error: unknown) =>
  error instanceof SovdError && error.code === code && message.test(error.message);

const hang = () => new Promise<never>(() => undefined);

describe('the lifecycle of a managed node', () => {
  it('is reported by the node itself, with its possible actions', () =>
    play(async ({ managed, seen, status }) => {
      const planner = await managed('planner');
      await seen('/planner');
      assert.deepEqual(await status('/planner'), {
        status: 'notReady',
        actions: ['start', 'restart', 'force-restart', 'force-shutdown'],
        state: 'unconfigured',
        terms: { ros2: { node: '/planner' } },
        warnings: [],
      });
      await planner.change('configure');
      assert.equal((await status('/planner'))?.status, 'notReady');
      await planner.change('activate');
      const { status: ready, actions } = (await status('/planner'))!;
      assert.deepEqual([ready, actions], ['ready', ['restart', 'force-restart', 'shutdown', 'force-shutdown']]);
    }));

  it('starts, shuts down, starts again, restarts and is finalized on request', () =>
    play(async ({ managed, seen, change, ended }) => {
      const visited: string[] = [];
      const visit = (name: string) => () => {
        visited.push(name);
        return 'success' as const;
      };
      const names = ['configure', 'activate', 'deactivate', 'cleanup', 'shutdown'];
      await managed('planner', Object.fromEntries(names.map((name) => [name, visit(name)])));
      await seen('/planner');
      const expected: readonly [LifecycleAction, string, string][] = [
        ['start', 'active', 'configure activate'],
        ['shutdown', 'unconfigured', 'deactivate cleanup'],
        ['start', 'active', 'configure activate'],
        ['restart', 'active', 'deactivate cleanup configure activate'],
        ['force-restart', 'active', 'deactivate cleanup configure activate'],
        ['force-shutdown', 'finalized', 'shutdown'],
      ];
      for (const [action, state, steps] of expected) {
        await change('/planner', action);
        const reported = await ended('/planner');
        assert.equal(reported.state, state, action);
        assert.equal(reported.lastTransition?.outcome, 'succeeded');
        assert.equal(visited.splice(0).join(' '), steps);
      }
      await assert.rejects(
        change('/planner', 'start'),
        refusedWith('precondition-not-fulfilled', /\/planner: it is finalized/),
      );
    }));

  it('is that of the new node if one was killed and restarted, while the lease of the first still runs', () =>
    play(async ({ clock, managed, seen, change, ended, status, restartedRobot }) => {
      await managed('planner');
      await seen('/planner');
      await change('/planner', 'start');
      assert.equal((await ended('/planner')).state, 'active');
      const again = await (await restartedRobot()).node({ name: 'planner' });
      await openLifecycleServer(again, { clock, callbacks: {}, onCallbackError: () => undefined });
      await clock.advanceAsync(300);
      const { state, lastTransition, warnings } = (await status('/planner'))!;
      assert.deepEqual([state, lastTransition, warnings], ['unconfigured', undefined, []]);
      await change('/planner', 'start');
      assert.equal((await ended('/planner')).state, 'active');
    }));

  it('has one action at a time, with visible progress', () =>
    play(async ({ managed, seen, change, status, ended, clock }) => {
      const ready = Promise.withResolvers<'success'>();
      await managed('planner', { activate: () => ready.promise });
      await seen('/planner');
      await change('/planner', 'start');
      await clock.advanceAsync(200);
      const running = (await status('/planner'))!;
      assert.deepEqual([running.status, running.state, running.actions], ['notReady', 'activating', []]);
      assert.deepEqual([running.lastTransition?.outcome, running.lastTransition?.step], ['running', 'activate']);
      await assert.rejects(
        change('/planner', 'restart'),
        refusedWith('precondition-not-fulfilled', /start is in progress/),
      );
      ready.resolve('success');
      const done = await ended('/planner');
      assert.equal(done.status, 'ready');
      assert.ok(done.lastTransition!.endedMs! > done.lastTransition!.startedMs);
    }));

  it('lets only one of two simultaneous requests begin', () =>
    play(async ({ managed, seen, change, ended }) => {
      await managed('planner');
      await seen('/planner');
      const outcomes = await Promise.allSettled([change('/planner', 'start'), change('/planner', 'start')]);
      assert.deepEqual(outcomes.map((outcome) => outcome.status).sort(), ['fulfilled', 'rejected']);
      assert.equal((await ended('/planner')).state, 'active');
    }));

  it('is not touched while another client takes it through a transition', () =>
    play(async ({ managed, seen, change, status }) => {
      const planner = await managed('planner', { configure: hang });
      await seen('/planner');
      void planner.change('configure');
      assert.deepEqual((await status('/planner'))?.actions, []);
      await assert.rejects(
        change('/planner', 'start'),
        refusedWith('precondition-not-fulfilled', /in progress: it is configuring/),
      );
    }));

  it('shows a transition that failed, and the reason', () =>
    play(async ({ managed, seen, change, ended }) => {
      await managed('planner', { activate: () => 'failure' });
      await seen('/planner');
      await change('/planner', 'start');
      const { status: ready, state, lastTransition } = await ended('/planner');
      assert.deepEqual([ready, state], ['notReady', 'inactive']);
      const { action, outcome, step, message } = lastTransition!;
      assert.deepEqual(
        [action, outcome, step, message],
        ['start', 'failed', 'activate', 'activate failed: it is inactive'],
      );
    }));

  it('continues from its current state if the reply to a transition is lost', () =>
    play(async ({ robot, clock, seen, change, ended }) => {
      const node = await robot.node({ name: 'lossy' });
      // Handles every transition and sends no reply.
      const lossy: LocalNode = {
        ...node,
        service: (name, type, handler) =>
          node.service(name, type, async (request) => {
            const reply = await handler(request);
            return name.endsWith('/change_state') ? hang() : reply;
          }),
      };
      const server = await openLifecycleServer(lossy, { clock, callbacks: {}, onCallbackError: () => undefined });
      await seen('/lossy');
      await change('/lossy', 'start');
      const { status: ready, lastTransition } = await ended('/lossy');
      assert.deepEqual([server.state, ready, lastTransition?.outcome], ['active', 'ready', 'succeeded']);
    }));

  it('has an unknown outcome while a callback hangs', () =>
    play(async ({ managed, seen, change, ended }) => {
      await managed('planner', { configure: hang });
      await seen('/planner');
      await change('/planner', 'start');
      const { state, lastTransition } = await ended('/planner');
      assert.deepEqual([state, lastTransition?.outcome, lastTransition?.step], ['configuring', 'unknown', 'configure']);
      assert.ok(lastTransition!.endedMs! - lastTransition!.startedMs >= 60_000);
    }));

  it('ends with the node, also in the middle of a transition', () =>
    play(async ({ managed, seen, change, status, clock, logged }) => {
      const planner = await managed('planner', { configure: hang });
      await seen('/planner');
      await change('/planner', 'start');
      await clock.advanceAsync(100);
      await planner.close();
      await planner.node.close();
      await clock.advanceAsync(500);
      assert.equal(await status('/planner'), undefined);
      await assert.rejects(change('/planner', 'start'), refusedWith('not-implemented', /not a managed node/));
      assert.match(logged.join(), /start of \/planner has an unknown outcome/);

      await managed('planner');
      await seen('/planner');
      const reborn = await status('/planner');
      assert.deepEqual([reborn?.state, reborn?.lastTransition], ['unconfigured', undefined]);
    }));

  it('does not delay the stop of a gateway', () =>
    play(async ({ managed, seen, change, during, model, clock, logged }) => {
      await managed('planner', { configure: hang });
      await seen('/planner');
      await change('/planner', 'start');
      const startMs = clock.monotonicMs();
      await during(model.close());
      assert.ok(clock.monotonicMs() - startMs < 1000);
      assert.match(logged.join(), /start of \/planner failed/);
    }));
});

describe('a node that appeared a moment ago', () => {
  it('is waited for until it is known whether it is managed', () =>
    play(async ({ robot, clock, model, until, status, change }) => {
      const node = await robot.node({ name: 'planner' });
      await until(() => model.tree.all('app').some((app) => app.node === '/planner'), '/planner is an app');
      clock.after(400, () => {
        void openLifecycleServer(node, { clock, callbacks: {}, onCallbackError: () => undefined });
      });
      const [reported] = await Promise.all([status('/planner'), change('/planner', 'start')]);
      assert.deepEqual([reported?.status, reported?.state], ['notReady', 'unconfigured']);
    }));

  it('is not ready for a client that cannot wait that long', () =>
    play(async ({ robot, clock, model, until, during }) => {
      await robot.node({ name: 'planner' });
      await until(() => model.tree.all('app').some((app) => app.node === '/planner'), '/planner is an app');
      const call = callContext({ clock, timeoutMs: 100 });
      const reported = await during(Promise.resolve(model.provider('ros2')!.lifecycle!.status('/planner', call)));
      assert.deepEqual([reported?.status, reported?.actions], ['notReady', []]);
      assert.match(reported?.warnings?.[0] ?? '', /appeared a moment ago/);
    }));
});

describe('a node that does not report its state', () => {
  it('is not ready, soon, and delays no other node', () =>
    play(async ({ robot, managed, seen, status, change, clock }) => {
      const mute = await robot.node({ name: 'mute' });
      await mute.service('/mute/get_state', 'lifecycle_msgs/srv/GetState', hang);
      await mute.service('/mute/change_state', 'lifecycle_msgs/srv/ChangeState', hang);
      await managed('planner');
      await seen('/planner');
      const startMs = clock.monotonicMs();
      const first = status('/mute');
      assert.equal((await status('/planner'))?.state, 'unconfigured');
      assert.ok(clock.monotonicMs() - startMs < 500);
      const reported = await first;
      assert.deepEqual([reported?.status, reported?.actions, reported?.state], ['notReady', [], undefined]);
      assert.match(reported?.warnings?.[0] ?? '', /\/mute\/get_state did not answer/);
      const againMs = clock.monotonicMs();
      await status('/mute');
      assert.ok(clock.monotonicMs() - againMs < 600, 'the first question takes longer than any other');
      await assert.rejects(change('/mute', 'start'), (error) => {
        assert.ok(refusedWith('x-medkit-plugin-error', /does not report its state/)(error));
        return (error as SovdError).status === 504;
      });
    }));
});

describe('an unmanaged node', () => {
  it('is left to the rules for plain nodes', () =>
    play(async ({ robot, seen, status, change }) => {
      const node = await robot.node({ name: 'plain' });
      await node.service('/plain/get_state', 'lifecycle_msgs/srv/GetState', hang);
      await seen('/plain');
      assert.equal(await status('/plain'), undefined);
      assert.equal(await status('/nobody'), undefined);
      await assert.rejects(change('/plain', 'start'), refusedWith('not-implemented', /\/plain has no lifecycle/));
    }));

  it('may be the machine itself, which is ready while it answers', () =>
    play(async ({ status, change }) => {
      assert.deepEqual(await status('host'), { status: 'ready', actions: [] });
      await assert.rejects(change('host', 'restart'), refusedWith('not-implemented', /host/));
    }));
});

describe('a node with a lifecycle manager', () => {
  it('names its manager', () =>
    play(async ({ robot, managed, seen, status }) => {
      await managed('planner');
      await managed('camera');
      const manager = await robot.node({ name: 'lifecycle_manager_navigation' });
      const manage = `${manager.fqn}/manage_nodes`;
      await manager.service(manage, 'nav2_msgs/srv/ManageLifecycleNodes', () => ({ success: true }));
      await manager.client('/planner/change_state', 'lifecycle_msgs/srv/ChangeState');
      const operator = await robot.node({ name: 'operator' });
      await operator.client('/camera/change_state', 'lifecycle_msgs/srv/ChangeState');
      await seen(operator.fqn);
      const warnings = async (fqn: string) => (await status(fqn))?.warnings ?? [];
      assert.equal((await warnings('/planner')).length, 1);
      assert.match((await warnings('/planner'))[0]!, /^\/lifecycle_manager_navigation manages this node.*manage_nodes/);
      assert.deepEqual(await warnings('/camera'), []);
    }));
});
