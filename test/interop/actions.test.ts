import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemRandom } from '@medkit/edges/node';
import { type ActionClient, type GoalState, type LocalNode, openActionClient, type RosMessage } from '@medkit/ros2';
import { reserveDomain } from '../harness/free-domain.ts';
import { openInbox } from './inbox.ts';
import { openAdapter } from './open-adapter.ts';
import { startPeer } from './peer.ts';
import { vendors } from './peer-programs.ts';
import { peerSuite } from './peer-suite.ts';

const DOMAIN = await reserveDomain();
const FIBONACCI = 'example_interfaces/action/Fibonacci';
const NAVIGATE = 'nav2_msgs/action/NavigateToPose';
const IN_TIME = { timeoutMs: 10_000 };
const NO_GOAL = '00000000-0000-4000-8000-000000000001';

const openClient = (node: LocalNode, action: string, type: string): Promise<ActionClient> =>
  openActionClient(node, {
    action,
    type,
    random: systemRandom,
    onFailure: (error) => {
      throw error;
    },
  });

const sequence = (message: RosMessage) => Array.from(message['sequence'] as Int32Array);

peerSuite('actions of real DDS processes', {}, () => {
  for (const vendor of vendors) {
    const startRobot = (...commands: readonly string[]) =>
      startPeer({ vendor, domainId: DOMAIN, commands: ['node /robot/arm', ...commands] });

    test(`${vendor}: a goal is followed from its acceptance to its result`, { timeout: 60_000 }, async () => {
      await using peer = await startRobot(`action /count ${FIBONACCI} interval=30`);
      await using adapter = await openAdapter({ domainId: DOMAIN });
      const client = await openClient(await adapter.node({ name: 'client' }), '/count', FIBONACCI);
      const feedback = openInbox<{ id: string; numbers: readonly number[] }>(({ numbers }) => numbers.join());
      const states = openInbox<GoalState>(({ goalId, status }) => `${goalId} ${status}`);
      client.onFeedback((id, message) => feedback.push({ id, numbers: sequence(message) }));
      client.onStatus((goals) => {
        for (const goal of goals) states.push(goal);
      });
      const { goalId, accepted, acceptedNs } = await client.sendGoal({ order: 6 }, IN_TIME);
      assert.equal(accepted, true);
      assert.ok(Math.abs(Number(acceptedNs / 1_000_000n) - Date.now()) < 5000);
      assert.deepEqual(await peer.event('goal', '/count').then(({ goal }) => goal), goalId);
      const { status, result } = await client.result(goalId, IN_TIME);
      assert.deepEqual([status, sequence(result)], ['succeeded', [0, 1, 1, 2, 3, 5, 8]]);
      for (let length = 3; length <= 7; length += 1) {
        const received = await feedback.take(`feedback of ${length}`, ({ numbers }) => numbers.length === length);
        assert.deepEqual(received, { id: goalId, numbers: [0, 1, 1, 2, 3, 5, 8].slice(0, length) });
      }
      for (const expected of ['executing', 'succeeded']) {
        await states.take(expected, (goal) => goal.goalId === goalId && goal.status === expected);
      }
    });

    test(`${vendor}: goals are cancelled, rejected, aborted and unknown`, { timeout: 60_000 }, async () => {
      await using _peer = await startRobot(
        `action /count ${FIBONACCI} interval=30`,
        `action /stubborn ${FIBONACCI} interval=30 refuse_cancel`,
        `action /picky ${FIBONACCI} reject`,
        `action /unlucky ${FIBONACCI} interval=20 abort`,
        `action /stuck ${FIBONACCI} hang`,
      );
      await using adapter = await openAdapter({ domainId: DOMAIN });
      const node = await adapter.node({ name: 'client' });

      const count = await openClient(node, '/count', FIBONACCI);
      const { goalId } = await count.sendGoal({ order: 500 }, IN_TIME);
      const ending = count.result(goalId, IN_TIME);
      assert.deepEqual(await count.cancelGoal(goalId, IN_TIME), { outcome: 'accepted', canceling: [goalId] });
      assert.equal((await ending).status, 'canceled');
      assert.deepEqual(await count.cancelGoal(goalId, IN_TIME), { outcome: 'terminated', canceling: [] });
      assert.deepEqual(await count.cancelGoal(NO_GOAL, IN_TIME), { outcome: 'unknown-goal', canceling: [] });
      assert.equal((await count.result(NO_GOAL, IN_TIME)).status, 'unknown');

      const stubborn = await openClient(node, '/stubborn', FIBONACCI);
      const accepted = await stubborn.sendGoal({ order: 10 }, IN_TIME);
      assert.deepEqual(await stubborn.cancelGoal(accepted.goalId, IN_TIME), { outcome: 'rejected', canceling: [] });
      assert.equal((await stubborn.result(accepted.goalId, IN_TIME)).status, 'succeeded');

      const picky = await openClient(node, '/picky', FIBONACCI);
      assert.equal((await picky.sendGoal({ order: 10 }, IN_TIME)).accepted, false);

      const unlucky = await openClient(node, '/unlucky', FIBONACCI);
      const aborted = await unlucky.sendGoal({ order: 3 }, IN_TIME);
      assert.equal((await unlucky.result(aborted.goalId, IN_TIME)).status, 'aborted');

      const stuck = await openClient(node, '/stuck', FIBONACCI);
      const never = await stuck.sendGoal({ order: 3 }, IN_TIME);
      await assert.rejects(stuck.result(never.goalId, { timeoutMs: 300 }), { name: 'CallTimeout' });
      assert.equal((await stuck.cancelGoal(never.goalId, IN_TIME)).outcome, 'accepted');
      assert.equal((await stuck.result(never.goalId, IN_TIME)).status, 'canceled');
    });

    test(`${vendor}: goals of another client are seen, awaited and cancelled`, {
      timeout: 60_000,
    }, async () => {
      await using robot = await startRobot(`action /count ${FIBONACCI} interval=50`);
      await using operator = await startPeer({
        vendor,
        domainId: DOMAIN,
        commands: ['node /operator', `goal /count ${FIBONACCI} 500`],
      });
      const { goal } = await operator.event('goal', '/count');
      await using adapter = await openAdapter({ domainId: DOMAIN });
      const client = await openClient(await adapter.node({ name: 'client' }), '/count', FIBONACCI);
      const states = openInbox<GoalState>(({ goalId, status }) => `${goalId} ${status}`);
      client.onStatus((goals) => {
        for (const each of goals) states.push(each);
      });
      const state = await states.take('the goal of the operator', ({ status }) => status === 'executing');
      assert.equal(state.goalId, goal);
      const ending = client.result(goal, IN_TIME);
      assert.deepEqual((await client.cancelGoal(goal, IN_TIME)).canceling, [goal]);
      assert.equal((await ending).status, 'canceled');
      assert.equal((await operator.event('result', '/count')).status, 5);
      await states.take('its end', ({ goalId, status }) => goalId === goal && status === 'canceled');
      assert.equal(await robot.quit(), 0);
    });

    test(`${vendor}: a goal with nested messages arrives, and its feedback`, { timeout: 60_000 }, async () => {
      await using _peer = await startRobot(`action /navigate_to_pose ${NAVIGATE} interval=30`);
      await using adapter = await openAdapter({ domainId: DOMAIN });
      const client = await openClient(await adapter.node({ name: 'client' }), '/navigate_to_pose', NAVIGATE);
      const distances = openInbox<number>(String);
      client.onFeedback((_id, message) => distances.push(message['distance_remaining'] as number));
      const goal = { pose: { header: { frame_id: 'map' }, pose: { position: { x: 1 } } }, behavior_tree: 'tree.xml' };
      const { goalId, accepted } = await client.sendGoal(goal, IN_TIME);
      assert.equal(accepted, true);
      const { status, result } = await client.result(goalId, IN_TIME);
      assert.deepEqual([status, result], ['succeeded', { error_code: 0, error_msg: '' }]);
      for (const expected of [0.75, 0.5, 0.25, 0]) assert.equal(await distances.take('feedback', () => true), expected);
    });
  }
});
