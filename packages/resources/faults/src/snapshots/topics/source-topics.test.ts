import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { failed, texts } from '../../testing/pressure-scene.ts';
import { type RobotSnapshotOptions, robotSnapshots } from '../../testing/robot-snapshots.ts';

describe('topics of the sources of a fault', () => {
  const withSource = async (options: RobotSnapshotOptions = {}) => {
    const robot = await robotSnapshots(options);
    robot.sampler.sources.set('/source', ['/own', '/rosout', '/parameter_events']);
    robot.sampler.sources.set('bare', ['/own']);
    for (const topic of ['/own', '/rosout', '/parameter_events', '/named']) robot.sampler.offer(topic, { data: 1 });
    return robot;
  };

  it('S16: are captured if no topic is configured, without those that every node has', async () => {
    const robot = await withSource();
    await failed(robot);
    assert.deepEqual(await robot.frames(), ['/own {"data":1}']);
  });

  it('S16: are replaced by configured ones, even if these are none', async () => {
    const cases = [
      [{ configuration: { 'snapshots.entity_default': false } }, []],
      [{ topics: 'fault_specific: { F1: [/named] }' }, ['/named {"data":1}']],
      [{ topics: 'fault_specific: { F1: [] }' }, []],
      [{ topics: 'patterns: { "F.*": [] }' }, []],
      [{ configuration: { 'snapshots.default_topics': ['named'] } }, ['/named {"data":1}']],
    ] as const;
    for (const [options, expected] of cases) {
      const robot = await withSource(options);
      await failed(robot);
      assert.deepEqual(await robot.frames(), expected, JSON.stringify(options));
    }
  });

  it('S16: are those of nodes: a bare name is not a node, and a missing node has no topics', async () => {
    for (const source of ['bare', '/gone', '/']) {
      const robot = await withSource();
      robot.sampler.sources.set('/', ['/own']);
      await robot.fail({ source });
      await robot.settled();
      assert.deepEqual([await robot.frames(), await robot.outliving()], [[], undefined], source);
    }
  });

  it('10.5: leave no empty frame if they are silent', async () => {
    const robot = await withSource();
    robot.sampler.cold.clear();
    await robot.fail();
    await robot.clock.advanceAsync(1000, 250);
    await robot.settled();
    assert.equal(await robot.outliving(), undefined);
  });

  it('10.2: are sixteen at most, with one log line', async () => {
    const robot = await robotSnapshots();
    const topics = Array.from({ length: 20 }, (_, index) => `/t${String(index).padStart(2, '0')}`);
    robot.sampler.sources.set('/source', topics);
    for (const topic of topics) robot.sampler.offer(topic, { data: 1 });
    await failed(robot);
    assert.equal((await robot.frames()).length, 16);
    assert.match(texts(robot)[0], /F1: the first 16 topics are captured, 4 are skipped/);
  });
});
