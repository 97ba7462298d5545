import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { failed } from '../../testing/pressure-scene.ts';
import { type RobotSnapshotOptions, type RobotSnapshots, robotSnapshots } from '../../testing/robot-snapshots.ts';

describe('frames of several occurrences', () => {
  const healing = { healing_enabled: true, healing_threshold: 0, 'snapshots.recapture_cooldown_sec': 0 } as const;
  const TOPICS = Array.from({ length: 6 }, (_, index) => `/t${index}`);
  /** Confirms F1 this many times, healing it in between; every topic publishes the number of the occurrence. */
  const comeAndGo = async (times: number, configuration: RobotSnapshotOptions['configuration'] = {}) => {
    const robot = await robotSnapshots({
      topics: `default_topics: [${TOPICS}]`,
      configuration: { ...healing, ...configuration },
    });
    for (let time = 1; time <= times; time += 1) {
      for (const topic of TOPICS) robot.sampler.hold(topic, [{ data: time }]);
      await failed(robot);
      await robot.pass();
    }
    const frames = (await robot.snapshots.of('F1')).map(({ occurrence, data }) => `${occurrence} ${data}`);
    return { robot, frames: [...new Set(frames)] };
  };
  const missing = async ({ manager }: RobotSnapshots) =>
    (await manager.occurrences('F1')).map(({ number, missing }) => `${number} ${missing}`);

  it('are those of the newest occurrence, also if that alone exceeds the limit', async () => {
    const { robot, frames } = await comeAndGo(3);
    assert.deepEqual(frames, ['3 {"data":3}']);
    assert.deepEqual(await missing(robot), ['1 ', '2 ', '3 ']);
  });

  it('include those of the first occurrence if there is room for both', async () => {
    const { frames } = await comeAndGo(4, { 'snapshots.max_per_fault': 12 });
    assert.deepEqual(frames, ['4 {"data":4}', '1 {"data":1}']);
  });

  it('name their occurrence; an occurrence that a cooldown left without frames names the cooldown', async () => {
    const { robot, frames } = await comeAndGo(2, { 'snapshots.recapture_cooldown_sec': 60 });
    assert.deepEqual(frames, ['1 {"data":1}']);
    assert.deepEqual(await missing(robot), [
      '1 ',
      '2 no data was captured: the last capture was less than snapshots.recapture_cooldown_sec (60) ago',
    ]);
  });

  it('are those of the first occurrence if that is configured, and later occurrences state why they have none', async () => {
    const { robot, frames } = await comeAndGo(2, { 'snapshots.max_per_fault_policy': 'reject_newest' });
    assert.deepEqual(frames, ['1 {"data":1}']);
    assert.match((await missing(robot))[1], /^2 F1 has 6 snapshots, and 6 more would exceed .* are not stored/);
  });

  it('are missing if the queue was full, the topics were silent or the capture was dropped, and the occurrence says why', async () => {
    const missingWith = async (policy: 'reject_newest' | 'drop_oldest') => {
      const robot = await robotSnapshots({
        topics: 'default_topics: [/nowhere]',
        configuration: {
          'snapshots.capture_pool_size': 1,
          'snapshots.capture_queue_depth': 1,
          'snapshots.capture_queue_full_policy': policy,
        },
      });
      for (const code of ['A', 'B', 'C']) await robot.fail({ code });
      await robot.clock.advanceAsync(3000, 250);
      await robot.settled();
      const occurrences = await Promise.all(['A', 'B', 'C'].map((code) => robot.manager.occurrences(code)));
      return occurrences.map(([{ missing }]) => missing);
    };
    const silent = '/nowhere: no message was received within 1 s';
    assert.deepEqual(await missingWith('reject_newest'), [
      silent,
      silent,
      'no data was captured: too many captures were queued (snapshots.capture_queue_depth 1)',
    ]);
    const gaveWay = /^no data was captured: the capture was displaced by a newer one/;
    const [, evicted, newest] = await missingWith('drop_oldest');
    assert.match(evicted, gaveWay);
    assert.equal(newest, silent);
  });

  it('do not change when they are read, nor by messages that arrive after the confirmation', async () => {
    const robot = await robotSnapshots({ topics: 'default_topics: [/warm]' });
    robot.sampler.hold('/warm', [{ data: 1 }, { data: 2 }]);
    await robot.fail();
    robot.sampler.hold('/warm', [{ data: 3 }]);
    await robot.settled();
    const first = await robot.snapshots.of('F1');
    robot.sampler.hold('/warm', [{ data: 4 }]);
    assert.deepEqual(await robot.snapshots.of('F1'), first);
    assert.deepEqual(
      first.map(({ data, history }) => [data, history]),
      [['{"data":2}', '{"data":{"value":2,"history":[[1,1],[2,2]]}}']],
    );
  });
});
