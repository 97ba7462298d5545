import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { callContext, type Execution, type Invocation, type JsonValue, type OperationProvider } from '@medkit/core';
import { errorOf } from '@medkit/core/testing';
import { seededRandom } from '@medkit/edges';
import { type ActionServerOptions, type ExecutingGoal, openActionClient, openActionServer } from '@medkit/ros2';
import { type SimulatedRobot, simulatedRobot } from '../testing/simulated-robot.ts';

const ADD = 'example_interfaces/srv/AddTwoInts';
const FIBONACCI = 'example_interfaces/action/Fibonacci';

/** Runs a robot with a node `/arm`, and returns the operations that a gateway sees of it. */
async function play(scene: (at: Awaited<ReturnType<typeof setUp>>) => Promise<void>): Promise<void> {
  const robot = await simulatedRobot();
  try {
    await scene(await setUp(robot));
  } finally {
    await robot.close();
  }
}

async function setUp(simulated: SimulatedRobot) {
  const { robot, openGateway, clock, during } = simulated;
  const node = await robot.node({ name: 'arm' });
  const goals: ExecutingGoal[] = [];
  const model = await openGateway();
  const operations = (): OperationProvider => model.provider('ros2')!.operations!;
  const call = () => callContext({ clock, timeoutMs: 12_000 });
  return {
    clock,
    during,
    node,
    robot,
    operations,
    call,
    /** Resolves when the gateway knows that `count` nodes offer an operation. */
    until: async (count: number) => {
      const offering = async () => {
        const lists = await Promise.all(['/arm', '/spare'].map((fqn) => operations().list(fqn, call())));
        return lists.filter(({ length }) => length > 0).length;
      };
      while ((await offering()) < count) await clock.advanceAsync(10);
    },
    invokeOf: (fqn: string, id: string, parameters?: JsonValue): Promise<Invocation> =>
      during(operations().invoke(fqn, id, { parameters, type: undefined }, call())),
    goals,
    logged: simulated.logged,
    /** Resolves when the gateway knows `count` operations of the node. */
    known: async (count: number) => {
      for (;;) {
        const entries = model.tree.get('app', 'arm') ? await operations().list('/arm', call()) : [];
        if (entries.length === count) return entries;
        await clock.advanceAsync(10);
      }
    },
    serve: (options: Partial<ActionServerOptions> = {}) =>
      openActionServer(node, {
        action: '/arm/count',
        type: FIBONACCI,
        clock,
        execute: async (goal) => {
          goals.push(goal);
          await goal.publishFeedback({ sequence: [0, 1] });
          await new Promise<void>((resolve) => goal.signal.addEventListener('abort', () => resolve()));
          return { status: 'canceled', result: { sequence: [0] } };
        },
        onFailure: assert.ifError,
        ...options,
      }),
    invoke: (id: string, parameters?: JsonValue): Promise<Invocation> =>
      during(operations().invoke('/arm', id, { parameters, type: undefined }, call())),
    executions: () => during(operations().executions('/arm', '/arm/count', call())),
    recent: () => during(operations().recent?.('/arm', call()) ?? assert.fail()),
    execution: (id: string): Promise<Execution> => during(operations().execution('/arm', '/arm/count', id, call())),
    control: (id: string, capability: string) =>
      during(operations().control('/arm', '/arm/count', id, capability, call())),
  };
}

function begun(invocation: Invocation): Execution {
  assert.ok('execution' in invocation);
  return invocation.execution;
}

describe('an operation that several nodes offer under one name', () => {
  const NODES = ['/arm', '/spare'] as const;

  it('is executed by the requested node', () =>
    play(async ({ node, robot, clock, invokeOf, until }) => {
      const spare = await robot.node({ name: 'spare' });
      const answers = { '/arm': 1n, '/spare': 2n };
      await node.service('/shared/add', ADD, () => ({ sum: answers['/arm'] }));
      await spare.service('/shared/add', ADD, () => ({ sum: answers['/spare'] }));
      await until(2);
      for (const fqn of [...NODES, ...NODES]) {
        const { answer } = (await invokeOf(fqn, '/shared/add')) as { readonly answer: { readonly sum: number } };
        assert.equal(BigInt(answer.sum), answers[fqn], fqn);
      }
      await clock.advanceAsync(10);
    }));

  it('has separate goals at each node', () =>
    play(async ({ node, robot, clock, during, operations, call, invokeOf, until }) => {
      const spare = await robot.node({ name: 'spare' });
      const executed: string[] = [];
      for (const at of [node, spare]) {
        await openActionServer(at, {
          action: '/shared/count',
          type: FIBONACCI,
          clock,
          execute: async (goal) => {
            executed.push(at.fqn);
            await new Promise<void>((resolve) => goal.signal.addEventListener('abort', () => resolve()));
            return { status: 'canceled', result: { sequence: [at.fqn.length] } };
          },
          onFailure: assert.ifError,
        });
      }
      await until(2);
      await clock.advanceAsync(500);
      const ids = new Map<string, string>();
      for (const fqn of NODES) ids.set(fqn, begun(await invokeOf(fqn, '/shared/count', { order: 1 })).id);
      assert.deepEqual(executed, NODES);
      for (const fqn of NODES) {
        const id = ids.get(fqn)!;
        assert.deepEqual(await during(operations().executions(fqn, '/shared/count', call())), [id]);
        await during(operations().control(fqn, '/shared/count', id, 'stop', call()));
        await clock.advanceAsync(200);
        const { status, result } = await during(operations().execution(fqn, '/shared/count', id, call()));
        assert.deepEqual([status, result], ['failed', { sequence: [fqn.length] }]);
      }
    }));
});

describe('services over RTPS', () => {
  it('are called with 64-bit integers exact, and the next call takes no discovery', () =>
    play(async ({ node, known, invoke, clock }) => {
      await node.service('/arm/add', ADD, ({ a, b }) => ({ sum: (a as bigint) + (b as bigint) }));
      const [entry] = await known(1);
      assert.deepEqual(
        [entry?.id, entry?.name, entry?.terms?.['ros2']],
        ['/arm/add', 'add', { kind: 'service', service: '/arm/add', type: ADD }],
      );
      assert.deepEqual(Object.keys(entry?.typeInfo ?? {}), ['request', 'response']);
      assert.deepEqual(await invoke('/arm/add', { a: 2n ** 62n, b: 7 }), { answer: { sum: 2n ** 62n + 7n } });
      const startedMs = clock.monotonicMs();
      assert.deepEqual(await invoke('/arm/add', { a: 1, b: 2 }), { answer: { sum: 3 } });
      assert.ok(clock.monotonicMs() - startedMs < 10, `${clock.monotonicMs() - startedMs} ms`);
      assert.deepEqual(await invoke('/arm/add'), { answer: { sum: 0 } });
    }));

  it('that are unresponsive fail by their timeout, and delay no other', () =>
    play(async ({ node, known, invoke, clock }) => {
      await node.service('/arm/add', ADD, () => new Promise<never>(() => undefined));
      await node.service('/arm/sub', ADD, ({ a, b }) => ({ sum: (a as bigint) - (b as bigint) }));
      await known(2);
      const mute = errorOf(invoke('/arm/add', { a: 1 }));
      const startedMs = clock.monotonicMs();
      assert.deepEqual(await invoke('/arm/sub', { a: 3, b: 1 }), { answer: { sum: 2 } });
      assert.ok(clock.monotonicMs() - startedMs < 1000);
      const error = await mute;
      assert.deepEqual([error.code, error.status], ['x-medkit-outcome-unknown', 504]);
      const tookMs = clock.monotonicMs() - startedMs;
      assert.ok(tookMs >= 10_000 && tookMs < 10_050, `${tookMs} ms`);
    }));

  it('refuse unknown arguments, or those of another kind, before any node is called', () =>
    play(async ({ node, known, invoke }) => {
      let calls = 0;
      await node.service('/arm/add', ADD, () => {
        calls++;
        return {};
      });
      await known(1);
      const wrong = await errorOf(invoke('/arm/add', { a: 'seven' }));
      assert.deepEqual([wrong.code, wrong.status], ['invalid-request', 400]);
      assert.match(wrong.message, /: a: expected an exact integer .* found "seven"$/);
      const surplus = await errorOf(invoke('/arm/add', { a: 1, c: 2 }));
      assert.deepEqual(surplus.parameters?.['fields'], [{ field: 'c', message: `${ADD}_Request has no such field` }]);
      assert.equal((await errorOf(invoke('/arm/add', [1, 2]))).code, 'invalid-request');
      assert.equal(calls, 0);
    }));
});

describe('actions over RTPS', () => {
  it('are listed for a node with everything that its servers report, whichever client sent the goal', () =>
    play(async ({ node, serve, known, recent, goals, clock }) => {
      await serve();
      await serve({ action: '/arm/turn', type: FIBONACCI });
      await serve({ action: '/other/turn', type: FIBONACCI });
      await known(3);
      assert.deepEqual(await recent(), []);
      const about = { type: FIBONACCI, random: seededRandom(3), onFailure: assert.ifError };
      const client = await openActionClient(node, { ...about, action: '/arm/count' });
      const sent = client.sendGoal({ order: 3 }, { timeoutMs: 5000 });
      while (goals.length === 0) await clock.advanceAsync(10);
      assert.equal((await sent).accepted, true);
      await clock.advanceAsync(100);
      const [found, ...more] = await recent();
      assert.deepEqual(more, []);
      const { operationId, name, execution } = found ?? assert.fail();
      assert.deepEqual([operationId, name, execution.status], ['/arm/count', 'count', 'running']);
      assert.deepEqual(execution.terms, { ros2_status: 'executing', ros2: { action: '/arm/count', type: FIBONACCI } });
      assert.ok(execution.createdMs);
      const other = await openActionClient(node, { ...about, action: '/arm/turn' });
      const turned = other.sendGoal({ order: 3 }, { timeoutMs: 5000 });
      while (goals.length === 1) await clock.advanceAsync(10);
      await turned;
      await clock.advanceAsync(100);
      const named = (await recent()).map(({ operationId: of, name: called }) => [of, called]);
      assert.deepEqual(named, [
        ['/arm/count', 'count'],
        ['/arm/turn', undefined],
      ]);
      await Promise.all([client.close(), other.close()]);
    }));

  it('are executed, followed with their feedback, and end with their result', () =>
    play(async ({ serve, known, invoke, execution, executions, goals }) => {
      const proceed = Promise.withResolvers<void>();
      await serve({
        execute: async (goal) => {
          goals.push(goal);
          await goal.publishFeedback({ sequence: [0, 1] });
          await proceed.promise;
          return { status: 'succeeded', result: { sequence: [0, 1, 1] } };
        },
      });
      const [entry] = await known(1);
      assert.deepEqual(
        [entry?.asynchronous, entry?.terms?.['ros2']],
        [true, { kind: 'action', action: '/arm/count', type: FIBONACCI }],
      );
      assert.deepEqual(Object.keys(entry?.typeInfo ?? {}), ['goal', 'result', 'feedback']);
      const { id, status } = begun(await invoke('/arm/count', { order: 3 }));
      assert.match(id, /^[0-9a-f]{32}$/);
      assert.equal(status, 'running');
      assert.deepEqual(goals[0]?.goal, { order: 3 });
      let running = await execution(id);
      while (running.feedback === undefined) running = await execution(id);
      assert.equal(running.status, 'running');
      assert.deepEqual(running.feedback, { sequence: [0, 1] });
      assert.deepEqual(running.terms, { ros2_status: 'executing', ros2: { action: '/arm/count', type: FIBONACCI } });
      proceed.resolve();
      let ended = running;
      while (ended.status === 'running') ended = await execution(id);
      assert.equal(ended.status, 'completed');
      assert.deepEqual(ended.result, { sequence: [0, 1, 1] });
      assert.deepEqual(ended.feedback, { sequence: [0, 1] });
      assert.ok(ended.createdMs && ended.finishedMs && ended.finishedMs >= ended.createdMs);
      assert.deepEqual(await executions(), [id]);
    }));

  it('are stopped, and then failed', () =>
    play(async ({ serve, known, invoke, execution, control }) => {
      await serve();
      await known(1);
      const { id } = begun(await invoke('/arm/count', { order: 3 }));
      const stopping = await control(id, 'stop');
      assert.deepEqual([stopping.id, stopping.capability], [id, 'stop']);
      let ended = stopping;
      while (ended.status === 'running') ended = await execution(id);
      assert.deepEqual(
        [ended.status, ended.terms?.['ros2_status'], ended.error, ended.result],
        ['failed', 'canceled', 'The goal was canceled', { sequence: [0] }],
      );
      const { code, parameters } = await errorOf(control(id, 'stop'));
      assert.deepEqual([code, parameters?.['return_code']], ['x-medkit-ros2-action-rejected', 3]);
    }));

  it('that refuse a goal, or to cancel one, report that', () =>
    play(async ({ serve, known, invoke, control }) => {
      await serve({ acceptGoal: ({ order }) => (order as number) < 10, acceptCancel: () => false });
      await known(1);
      const refused = await errorOf(invoke('/arm/count', { order: 10 }));
      assert.deepEqual(
        [refused.code, refused.status, refused.message],
        ['x-medkit-ros2-action-rejected', 400, 'Goal rejected'],
      );
      const { id } = begun(await invoke('/arm/count', { order: 1 }));
      const { code, status, parameters } = await errorOf(control(id, 'stop'));
      assert.deepEqual([code, status], ['x-medkit-ros2-action-rejected', 400]);
      assert.equal(parameters?.['return_code'], 1);
    }));

  it('show the goals of other clients too, and their outcome', () =>
    play(async ({ serve, known, node, executions, execution, control, clock, during }) => {
      await serve();
      const [send] = await Promise.all([
        node.client('/arm/count/_action/send_goal', `${FIBONACCI}_SendGoal`),
        known(1),
      ]);
      const uuid = new Uint8Array(16).fill(0xab);
      await during(send.call({ goal_id: { uuid }, goal: { order: 2 } }, { timeoutMs: 5000 }));
      await clock.advanceAsync(50);
      const id = 'ab'.repeat(16);
      assert.deepEqual(await executions(), [id]);
      assert.equal((await execution(id)).status, 'running');
      assert.equal((await control(id, 'stop')).capability, 'stop');
      await clock.advanceAsync(50);
      const ended = await execution(id);
      assert.deepEqual([ended.status, ended.result], ['failed', { sequence: [0] }]);
    }));

  it('whose server disconnects end without a known outcome', () =>
    play(async ({ serve, known, invoke, execution, clock }) => {
      const server = await serve();
      await known(1);
      const { id } = begun(await invoke('/arm/count'));
      await server.close();
      await clock.advanceAsync(50);
      const { code } = await errorOf(execution(id));
      assert.equal(code, 'operation-not-found');
      await serve();
      await known(1);
      const { status, error } = await execution(id);
      assert.equal(status, 'failed');
      assert.match(error ?? '', /left the graph/);
    }));
});
