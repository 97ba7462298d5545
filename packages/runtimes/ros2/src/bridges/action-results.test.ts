import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { RosMessage, ServiceHandler } from '@medkit/ros2';
import { encodeFake, rosEndpoint } from '../testing/fake-ros.ts';
import { ALL_BRIDGES, openBridges, publisherOf, STATUS_TOPIC } from '../testing/open-bridges.ts';
import { settle } from '../testing/running-runtime.ts';

const GET_RESULT = '/navigate/_action/get_result';
const SERVER = rosEndpoint({
  gid: 'server',
  role: 'service',
  name: '/navigate/_action/send_goal',
  type: 'nav2_msgs/action/NavigateToPose_SendGoal',
});
const RESULT_TYPE = 'nav2_msgs/action/NavigateToPose_Result';
const NO_PROGRESS = { status: 6, result: { error_code: 105, error_msg: 'Failed to make progress' } };

/** Opens bridges on a graph with an action whose server answers result requests with `answer`. */
async function served(answer: ServiceHandler, publisher = publisherOf(STATUS_TOPIC)) {
  const opened = await openBridges(ALL_BRIDGES, [publisher, SERVER]);
  opened.ros.knownTypes.add(RESULT_TYPE);
  const requested: number[] = [];
  opened.ros.services.set(GET_RESULT, (request) => {
    requested.push(((request.goal_id as RosMessage).uuid as Uint8Array)[0]);
    return answer(request);
  });
  const descriptions = () => opened.reports.map(({ description }) => description);
  return { ...opened, requested, descriptions };
}

describe('the report of a goal that failed', () => {
  it('gives the reason, with the result of the failed goal that was accepted last', async () => {
    const { goals, descriptions, requested, reports } = await served(() => NO_PROGRESS);
    await goals(6, 6, 2);
    assert.deepEqual(descriptions(), ['Action /navigate aborted: Failed to make progress (error_code 105)']);
    assert.deepEqual(requested, [1]);
    const [{ topic, type, samples }] = reports[0]?.evidence ?? [];
    assert.deepEqual([topic, type], ['/navigate', RESULT_TYPE]);
    assert.deepEqual(samples[0].octets, encodeFake(NO_PROGRESS.result));
    await goals(6, 6, 2);
    assert.deepEqual(requested, [1], 'nothing is asked for a failure that is told already');
  });

  it('is sent without a result that does not arrive in time, which is added when it arrives', async () => {
    const answer = Promise.withResolvers<RosMessage>();
    const { goals, descriptions, clock, amended, reported } = await served(() => answer.promise);
    await goals(6);
    clock.advance(499);
    await settle();
    assert.deepEqual(descriptions(), []);
    clock.advance(1);
    await settle();
    assert.deepEqual(descriptions(), ['Action /navigate aborted']);
    await goals(2, 4);
    answer.resolve(NO_PROGRESS);
    await settle();
    assert.deepEqual(reported(), ['FAILED ACTION_NAVIGATE_ABORTED', 'PASSED ACTION_NAVIGATE_ABORTED']);
    const [{ code, description, evidence } = {}] = amended;
    assert.deepEqual(
      [code, description, amended.length],
      ['ACTION_NAVIGATE_ABORTED', 'Action /navigate aborted: Failed to make progress (error_code 105)', 1],
    );
    assert.deepEqual(evidence?.[0]?.samples[0]?.octets, encodeFake(NO_PROGRESS.result));
  });

  it('is not mixed up with the late result of an earlier goal', async () => {
    const answers = [Promise.withResolvers<RosMessage>(), Promise.withResolvers<RosMessage>()];
    const { goals, clock, amended } = await served(({ goal_id }) => {
      return answers[((goal_id as RosMessage).uuid as Uint8Array)[0] as number]!.promise;
    });
    for (const statuses of [[6], [6, 6]]) {
      await goals(...statuses);
      clock.advance(500);
      await settle();
    }
    answers[0]?.resolve(NO_PROGRESS);
    await settle();
    assert.deepEqual(amended, []);
    answers[1]?.resolve(NO_PROGRESS);
    await settle();
    assert.equal(amended.length, 1);
  });

  it('waits no longer than a server may take, and leaves nothing behind', async () => {
    const { goals, clock, bridges, ros, amended } = await served(() => new Promise(() => undefined));
    await goals(6);
    clock.advance(500);
    await settle();
    await bridges.close();
    await settle();
    assert.deepEqual([amended, ros.openClients], [[], 0]);
  });

  it('is sent without a result that is unavailable, or that the server has forgotten', async () => {
    const forgotten = await served(() => ({ status: 0, result: { error_code: 0, error_msg: '' } }));
    await forgotten.goals(6);
    assert.deepEqual(forgotten.descriptions(), ['Action /navigate aborted']);
    const unserved = await openBridges();
    await unserved.goals(6);
    assert.equal(unserved.reports.length, 1);
    assert.deepEqual(unserved.logged, [
      'No result of goal 00000000-0000-0000-0000-000000000000 of /navigate: no node offers the action any more',
    ]);
  });

  it('is sent before that of a goal that succeeds while the result is pending', async () => {
    const result = Promise.withResolvers<RosMessage>();
    const { goals, reported, descriptions } = await served(() => result.promise);
    await goals(6);
    await goals(4);
    assert.deepEqual(reported(), []);
    result.resolve(NO_PROGRESS);
    await settle();
    assert.deepEqual(reported(), ['FAILED ACTION_NAVIGATE_ABORTED', 'PASSED ACTION_NAVIGATE_ABORTED']);
    assert.match(descriptions()[0] ?? '', /error_code 105/);
  });

  it('is not made of a goal that a newer goal replaced', async () => {
    const { goals, reported } = await served(() => ({ status: 6, result: { error_code: 0, error_msg: '' } }));
    await goals(2);
    await goals(2, 2);
    await goals(6, 2);
    assert.deepEqual(reported(), []);
    await goals(6, 6);
    assert.deepEqual(reported(), ['FAILED ACTION_NAVIGATE_ABORTED'], 'no newer goal replaced the second goal');
  });

  it('is made of an older goal whose result names a failure, also if the result is late', async () => {
    const result = Promise.withResolvers<RosMessage>();
    const { goals, reported, descriptions, clock } = await served(() => result.promise);
    await goals(2, 2);
    await goals(6, 2);
    clock.advance(500);
    await settle();
    assert.deepEqual(reported(), []);
    result.resolve(NO_PROGRESS);
    await settle();
    assert.deepEqual(descriptions(), ['Action /navigate aborted: Failed to make progress (error_code 105)']);
    await goals(6, 4);
    assert.deepEqual(reported().slice(1), ['PASSED ACTION_NAVIGATE_ABORTED']);
  });

  it('names the node that is discovered while the result is pending', async () => {
    const result = Promise.withResolvers<RosMessage>();
    const { goals, view, reports } = await served(() => result.promise, publisherOf(STATUS_TOPIC, { node: undefined }));
    await goals(6);
    view.replace({ generation: 1, nodes: [], participants: [], endpoints: [publisherOf(STATUS_TOPIC)] });
    result.resolve(NO_PROGRESS);
    await settle();
    assert.equal(reports[0]?.source, '/bt_navigator');
  });

  it('stores the result until the report is accepted, and requests another for the next failure', async () => {
    const { goals, descriptions, taken, clock, requested } = await served(() => NO_PROGRESS);
    taken.yes = false;
    await goals(6);
    taken.yes = true;
    clock.advance(500);
    await settle();
    assert.match(descriptions()[0] ?? '', /Failed to make progress/);
    assert.deepEqual(requested, [0]);
    await goals(2, 4);
    taken.yes = false;
    await goals(2, 6);
    await goals(4);
    taken.yes = true;
    await goals(2, 2, 6);
    assert.deepEqual(requested, [0, 1, 2], 'each failure has a result of its own');
  });

  it('is not sent if the bridge is closed meanwhile', async () => {
    const { goals, reported, bridges, logged, ros } = await served(() => new Promise(() => undefined));
    await goals(6);
    await bridges.close();
    await settle();
    assert.deepEqual([reported(), logged, ros.openClients], [[], [], 0]);
  });
});
