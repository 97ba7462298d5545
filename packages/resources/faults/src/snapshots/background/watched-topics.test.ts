import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MemorySampler } from '../../testing/memory-sampler.ts';
import { type RobotSnapshotOptions, robotSnapshots } from '../../testing/robot-snapshots.ts';
import { MAX_WATCHED_SOURCES, MAX_WATCHED_TOPICS } from './watched-topics.ts';

const watching = (options: RobotSnapshotOptions = {}) =>
  robotSnapshots({
    topics: 'fault_specific: { F1: [/configured] }',
    ...options,
    configuration: { 'snapshots.background_capture': true, confirmation_threshold: -3, ...options.configuration },
  });

describe('topics in the background', () => {
  it('S14: are the configured ones, watched from the start, with or without a publisher', async () => {
    const { sampler } = await watching();
    assert.deepEqual(sampler.watched, [['/configured']]);
    assert.equal(sampler.historyMs, 10_000);
    const silent = await robotSnapshots({ topics: 'default_topics: [/configured]' });
    assert.deepEqual(silent.sampler.watched, []);
  });

  it('include those of each reporter of a fault, from the first report on, the last reporter first', async () => {
    const robot = await watching();
    robot.sampler.sources.set('/a', ['/a/1', '/rosout']);
    robot.sampler.sources.set('/b', ['/b/1']);
    await robot.fail({ source: '/a' });
    assert.deepEqual(robot.sampler.watched.at(-1), ['/configured', '/a/1']);
    await robot.fail({ code: 'F2', source: '/b' });
    assert.deepEqual(robot.sampler.watched.at(-1), ['/configured', '/b/1', '/a/1']);
    assert.equal(robot.sampler.watched.length, 3);
    await robot.fail({ code: 'F2', source: '/b' });
    assert.equal(robot.sampler.watched.length, 3);
  });

  it('follow changes of the topics of the sources', async () => {
    const robot = await watching();
    await robot.fail({ source: '/late' });
    robot.sampler.sources.set('/late', ['/late/1']);
    robot.clock.advance(5000);
    assert.deepEqual(robot.sampler.watched.at(-1), ['/configured', '/late/1']);
  });

  it('are resumed after a restart', async () => {
    const first = await watching();
    await first.fail({ source: '/a' });
    const sampler = new MemorySampler();
    sampler.sources.set('/a', ['/a/1']);
    await watching({ store: first.store, clock: first.clock, sampler });
    assert.deepEqual(sampler.watched, [['/configured', '/a/1']]);
  });

  it('include no source if snapshots are disabled', async () => {
    const robot = await watching({ configuration: { 'snapshots.entity_default': false } });
    robot.sampler.sources.set('/a', ['/a/1']);
    await robot.fail({ source: '/a' });
    assert.deepEqual(robot.sampler.watched, [['/configured']]);
  });

  it('are limited, and so are the sources', async () => {
    const robot = await watching();
    for (let index = 0; index <= MAX_WATCHED_SOURCES; index += 1) {
      robot.sampler.sources.set(`/s${index}`, [`/t${index}`]);
      await robot.fail({ code: `F${index}`, source: `/s${index}` });
    }
    const topics = robot.sampler.watched.at(-1)!;
    assert.deepEqual([topics.length, topics[1], topics.includes('/t0')], [MAX_WATCHED_SOURCES + 1, '/t64', false]);
    robot.sampler.sources.set(
      '/many',
      Array.from({ length: 300 }, (_, index) => `/many/${index}`),
    );
    await robot.fail({ code: 'MANY', source: '/many' });
    const crowded = robot.sampler.watched.at(-1)!;
    assert.equal(crowded.length, MAX_WATCHED_TOPICS);
    assert.ok(crowded.includes('/t64') && crowded.includes('/t63'), 'a source with many topics leaves room to others');
  });
});
