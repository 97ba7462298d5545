import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ACTION, runActionScene as play, TYPE } from '../testing/staged-action.ts';
import type { RosMessage } from '../types/message.ts';
import { actionsIn } from './actions-in-graph.ts';
import type { GoalState } from './goal.ts';

const PATIENT = { timeoutMs: 5000 };
const UNKNOWN_GOAL = '00000000-0000-4000-8000-000000000000';

const sequence = (...numbers: number[]): RosMessage => ({ sequence: Int32Array.from(numbers) });

describe('an action', () => {
  it('appears in the graph', () =>
    play({}, async ({ graph, adapter }) => {
      const offered = async () => actionsIn((await adapter.graph()).endpoints);
      await graph.until(async () => (await offered()).length > 0, 'it is seen');
      assert.deepEqual(await offered(), [{ action: ACTION, type: TYPE }]);
      await graph.until(async () => (await adapter.graph()).endpoints.length === 8, 'all of it is seen');
      const profiles = (await adapter.graph()).endpoints.map(({ name, qos }) => [
        name.split('/').at(-1),
        `${qos.reliability} ${qos.durability} ${qos.depth}`,
      ]);
      assert.deepEqual(Object.fromEntries(profiles.filter(([name]) => name === 'feedback' || name === 'status')), {
        feedback: 'reliable volatile 10',
        status: 'reliable transient_local 1',
      });
    }));

  it('accepts a goal in JSON, sends its feedback in order and its status, and returns its result', () =>
    play({}, async ({ graph, client, during, job, failures }) => {
      const received: [string, RosMessage][] = [];
      const statuses: string[] = [];
      const stopFeedback = client.onFeedback((goalId, feedback) => received.push([goalId, feedback]));
      client.onStatus((goals) => statuses.push(goals.map(({ status }) => status).join()));
      const sentNs = graph.clock.wallNs();
      const { goalId, accepted, acceptedNs } = await during(client.sendGoal({ order: 5 }, PATIENT));
      assert.equal(accepted, true);
      assert.ok(acceptedNs >= sentNs && acceptedNs <= graph.clock.wallNs());
      assert.deepEqual(job(goalId).goal, { order: 5 });
      let result: unknown;
      void client.result(goalId, PATIENT).then((ended) => (result = ended));
      await graph.until(() => statuses.includes('executing'), 'the status arrives');
      for (const number of [1, 2, 3]) await job(goalId).publishFeedback(sequence(number));
      await graph.until(() => received.length === 3, 'the feedback arrives');
      assert.deepEqual(
        received,
        [1, 2, 3].map((number) => [goalId, sequence(number)]),
      );
      assert.equal(result, undefined);
      stopFeedback();
      job(goalId).finish({ status: 'succeeded', result: { sequence: [0, 1, 1, 2, 3] } });
      await graph.until(() => result !== undefined, 'the result arrives');
      assert.deepEqual(result, { status: 'succeeded', result: sequence(0, 1, 1, 2, 3) });
      await graph.until(() => statuses.at(-1) === 'succeeded', 'the end is told');
      assert.deepEqual([...new Set(statuses)], ['accepted', 'executing', 'succeeded']);
      await assert.rejects(job(goalId).publishFeedback(sequence(4)), { name: 'AlreadyClosed' });
      assert.deepEqual(failures, []);
    }));

  it('refuses goals that its server rejects, and those beyond its bound', () =>
    play({ maxGoals: 1, acceptGoal: async ({ order }) => order !== 13 }, async ({ client, during, jobs, server }) => {
      const send = async (goal: RosMessage, goalId?: string) =>
        (await during(client.sendGoal(goal, { ...PATIENT, ...(goalId && { goalId }) }))).accepted;
      assert.equal(await send({ order: 13 }), false);
      assert.equal(await send({ order: 1 }, UNKNOWN_GOAL), true);
      assert.equal(await send({ order: 2 }), false);
      assert.equal(await send({ order: 1 }, UNKNOWN_GOAL), false);
      assert.deepEqual([server.active(), jobs.size], [1, 1]);
      await assert.rejects(client.sendGoal({ order: 'x' }, PATIENT), {
        name: 'InvalidMessage',
        message: /^goal\.order: /,
      });
      await assert.rejects(client.sendGoal({}, { ...PATIENT, goalId: 'mine' }), { name: 'InvalidMessage' });
    }));

  it('is aborted if its server throws, and if it ends as canceled although no client requested that', () =>
    play(
      {
        execute: async ({ goal }) => {
          if (goal['order'] === 1) throw new Error('no');
          return { status: 'canceled' };
        },
      },
      async ({ client, during, failures }) => {
        for (const order of [1, 2]) {
          const { goalId } = await during(client.sendGoal({ order }, PATIENT));
          assert.deepEqual(await during(client.result(goalId, PATIENT)), { status: 'aborted', result: sequence() });
          assert.equal(failures.length, order);
        }
      },
    ));

  it('is cancelled midway, with its partial result', () =>
    play({}, async ({ client, during, job }) => {
      const { goalId } = await during(client.sendGoal({ order: 9 }, PATIENT));
      const { signal, finish } = job(goalId);
      signal.addEventListener('abort', () => finish({ status: 'canceled', result: sequence(0, 1) }));
      const answer = await during(client.cancelGoal(goalId, PATIENT));
      assert.deepEqual(answer, { outcome: 'accepted', canceling: [goalId] });
      assert.deepEqual(await during(client.result(goalId, PATIENT)), { status: 'canceled', result: sequence(0, 1) });
      assert.deepEqual(await during(client.cancelGoal(goalId, PATIENT)), { outcome: 'terminated', canceling: [] });
    }));

  it('gives the reason if a goal is not cancelled, and the goal continues', () =>
    play({ acceptCancel: () => false }, async ({ client, during, job }) => {
      const { goalId } = await during(client.sendGoal({ order: 9 }, PATIENT));
      assert.deepEqual(await during(client.cancelGoal(goalId, PATIENT)), { outcome: 'rejected', canceling: [] });
      assert.deepEqual(await during(client.cancelGoal(UNKNOWN_GOAL, PATIENT)), {
        outcome: 'unknown-goal',
        canceling: [],
      });
      assert.equal(job(goalId).signal.aborted, false);
      job(goalId).finish({ status: 'succeeded' });
      assert.equal((await during(client.result(goalId, PATIENT))).status, 'succeeded');
    }));

  it("serves two clients: each receives the status of all goals, and may request the result of the other's goal", () =>
    play({}, async ({ graph, client, join, during, job }) => {
      const { client: other } = await join();
      const { goalId: first } = await during(client.sendGoal({ order: 1 }, PATIENT));
      const { goalId: second } = await during(other.sendGoal({ order: 2 }, PATIENT));
      let goals: readonly GoalState[] = [];
      // A late listener receives both nevertheless.
      client.onStatus((states) => {
        goals = states;
      });
      await graph.until(() => goals.length === 2, 'the goals are told');
      assert.deepEqual(
        goals.map(({ goalId, status }) => [goalId, status]),
        [first, second].map((goalId) => [goalId, 'executing']),
      );
      const ends = Promise.all([other.result(first, PATIENT), client.result(second, PATIENT)]);
      job(second).finish({ status: 'succeeded', result: sequence(2) });
      await graph.clock.advanceAsync(100);
      job(first).finish({ status: 'aborted', result: sequence(1) });
      assert.deepEqual(await during(ends), [
        { status: 'aborted', result: sequence(1) },
        { status: 'succeeded', result: sequence(2) },
      ]);
    }));

  it('cancels the goals of any client on request, as ROS does', () =>
    play({}, async ({ graph, adapter, client, during, job }) => {
      const ids: string[] = [];
      for (const order of [1, 2]) {
        ids.push((await during(client.sendGoal({ order }, PATIENT))).goalId);
        await graph.clock.advanceAsync(10);
      }
      const node = await adapter.node({ name: 'teleop' });
      const all = await node.client(`${ACTION}/_action/cancel_goal`, 'action_msgs/srv/CancelGoal');
      const { return_code, goals_canceling } = await during(all.call({}, PATIENT));
      assert.deepEqual([return_code, (goals_canceling as readonly unknown[]).length], [0, 2]);
      assert.deepEqual(
        ids.map((goalId) => job(goalId).signal.aborted),
        [true, true],
      );
    }));

  it('keeps a result for ten seconds after the end of the goal, and no longer', () =>
    play({}, async ({ graph, client, during, job }) => {
      const { goalId } = await during(client.sendGoal({ order: 1 }, PATIENT));
      await graph.clock.advanceAsync(15_000, 5);
      job(goalId).finish({ status: 'succeeded', result: sequence(1) });
      await graph.clock.advanceAsync(9900, 5);
      assert.deepEqual(await during(client.result(goalId, PATIENT)), { status: 'succeeded', result: sequence(1) });
      await graph.clock.advanceAsync(200, 5);
      assert.deepEqual(await during(client.result(goalId, PATIENT)), { status: 'unknown', result: sequence() });
    }));

  it('stops waiting for a result by its deadline or its signal; the goal continues, and the result is available later', () =>
    play({}, async ({ graph, client, during, job }) => {
      const { goalId } = await during(client.sendGoal({ order: 1 }, PATIENT));
      await assert.rejects(during(client.result(goalId, { timeoutMs: 300 })), { name: 'CallTimeout' });
      const giveUp = new AbortController();
      const waiting = client.result(goalId, { ...PATIENT, signal: giveUp.signal });
      graph.clock.after(50, () => giveUp.abort());
      await assert.rejects(during(waiting), { name: 'CallAborted' });
      assert.equal(job(goalId).signal.aborted, false);
      job(goalId).finish({ status: 'succeeded', result: sequence(7) });
      assert.deepEqual(await during(client.result(goalId, PATIENT)), { status: 'succeeded', result: sequence(7) });
    }));

  it('is lost immediately when its server is closed', () =>
    play({}, async ({ graph, client, during, job, server }) => {
      const patience = { timeoutMs: 60_000 };
      const { goalId } = await during(client.sendGoal({ order: 1 }, patience));
      const result = client.result(goalId, patience);
      await graph.clock.advanceAsync(100);
      await server.close();
      await assert.rejects(during(result), { name: 'ServerLost' });
      assert.equal(job(goalId).signal.aborted, true);
      assert.equal(server.active(), 0);
      await assert.rejects(during(client.sendGoal({}, { timeoutMs: 100 })), { name: 'ServiceUnavailable' });
    }));

  it('is lost when the lease of its server ends', () =>
    play({}, async ({ graph, client, during }) => {
      const patience = { timeoutMs: 60_000 };
      const { goalId } = await during(client.sendGoal({ order: 1 }, patience));
      let error: unknown;
      client.result(goalId, patience).catch((lost: unknown) => (error = lost));
      graph.network.setLink('10.0.0.1', false);
      await graph.until(() => error !== undefined, 'the loss is noticed');
      assert.equal((error as Error).name, 'ServerLost');
    }));

  it('leaves no endpoint of a client that is closed with running goals, and the goals continue', () =>
    play({}, async ({ graph, robot, client, during, server }) => {
      const seen = async () => (await robot.graph()).endpoints.length;
      await graph.until(async () => (await seen()) === 6, 'its three services are seen');
      client.onFeedback(() => assert.fail('nothing is published'));
      const stop = client.onStatus(() => undefined);
      const { goalId } = await during(client.sendGoal({ order: 1 }, PATIENT));
      await graph.until(async () => (await seen()) === 8, 'what it listens to is seen');
      stop();
      await graph.until(async () => (await seen()) === 7, 'it listens to feedback alone');
      const result = client.result(goalId, PATIENT);
      await graph.clock.advanceAsync(50);
      await client.close();
      await assert.rejects(result, { name: 'AlreadyClosed' });
      assert.throws(() => client.onStatus(() => undefined), { name: 'AlreadyClosed' });
      await client.close();
      await graph.until(async () => (await seen()) === 0, 'all of it is gone');
      assert.equal(server.active(), 1);
    }));

  it('serves a hundred concurrent goals, over a network that loses and reorders', () =>
    play(
      { conditions: { loss: 0.05, reordering: 0.1, reorderMs: 20, latencyMs: 1 } },
      async ({ graph, client, during, jobs, server, failures }) => {
        const sequences = new Map<string, number>();
        client.onFeedback((goalId, { sequence: numbers }) => sequences.set(goalId, (numbers as Int32Array)[0]));
        const orders = Array.from({ length: 100 }, (_, order) => order);
        const answers = await during(Promise.all(orders.map((order) => client.sendGoal({ order }, PATIENT))));
        assert.ok(answers.every(({ accepted }) => accepted));
        assert.equal(server.active(), 100);
        const results = Promise.all(answers.map(({ goalId }) => client.result(goalId, PATIENT)));
        await graph.clock.advanceAsync(100);
        for (const { goal, publishFeedback, finish } of [...jobs.values()].reverse()) {
          await publishFeedback(sequence(goal['order'] as number));
          finish({ status: 'succeeded', result: sequence(goal['order'] as number) });
          // The feedback history has a depth of ten: a lost sample must be repaired before ten more are published.
          await graph.clock.advanceAsync(20);
        }
        assert.deepEqual(
          (await during(results)).map(({ result }) => result),
          orders.map((order) => sequence(order)),
        );
        // Repaired feedback may arrive after the results.
        await graph.until(() => sequences.size === orders.length, 'all feedback is there');
        assert.deepEqual(
          answers.map(({ goalId }) => sequences.get(goalId)),
          orders,
        );
        assert.equal(server.active(), 0);
        assert.deepEqual(failures, []);
      },
    ));
});
