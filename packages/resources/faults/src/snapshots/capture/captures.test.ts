import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { snapshotStorage } from '../../storage/snapshot-storage.ts';
import { arrived, FLOAT, MemorySampler } from '../../testing/memory-sampler.ts';
import { failed, recur, robotWithPressure, texts } from '../../testing/pressure-scene.ts';
import { robotSnapshots } from '../../testing/robot-snapshots.ts';
import type { BufferedTopic, Runtimes, SampleOptions } from '../../topic-sampler.ts';

describe('captures', () => {
  it('4.12, P17: are not repeated while a fault flaps, and are immediate after a clear', async () => {
    const robot = await robotWithPressure({
      configuration: { healing_enabled: true, healing_threshold: 0, 'snapshots.max_per_fault': 0 },
    });
    const captures = async () => (await robot.frames()).length;
    await failed(robot);
    await robot.pass();
    robot.clock.advance(10_000);
    await failed(robot);
    assert.equal(await captures(), 1);
    robot.clock.advance(51_000);
    await robot.pass();
    await failed(robot);
    assert.equal(await captures(), 2);
    robot.clock.advance(1000);
    await recur(robot);
    assert.deepEqual([await captures(), robot.captures.length], [1, 3]);
  });

  it('10.7: beyond the queue are rejected, not published, and may be made when their faults return', async () => {
    const robot = await robotSnapshots({
      topics: 'default_topics: [/nowhere]',
      configuration: { 'snapshots.capture_pool_size': 1, 'snapshots.capture_queue_depth': 1 },
    });
    for (const code of ['A', 'B', 'C', 'D']) await robot.fail({ code });
    const codes = () => robot.captures.map(({ faultCode }) => faultCode);
    assert.deepEqual(codes(), ['A', 'B']);
    const { quotas, ...facts } = robot.snapshots.facts();
    assert.deepEqual([facts, quotas.waiting_captures?.refused], [{ running: 1, waiting: 1, dropped: 2, lost: 0 }, 2]);
    assert.equal(texts(robot).length, 1, 'one line in two seconds');
    assert.match(texts(robot)[0], /the queue of captures is full .*capture_queue_depth 1\): 1 captures were dropped/);
    await robot.clock.advanceAsync(3000, 250);
    await robot.settled();
    await robot.manager.clear('C', { cascade: false });
    await robot.fail({ code: 'C' });
    assert.deepEqual(codes(), ['A', 'B', 'C']);
  });

  it('10.7: give way to newer ones with drop_oldest, and leave nothing', async () => {
    const robot = await robotSnapshots({
      topics: 'default_topics: [/nowhere]',
      configuration: {
        'snapshots.capture_pool_size': 1,
        'snapshots.capture_queue_depth': 1,
        'snapshots.capture_queue_full_policy': 'drop_oldest',
      },
    });
    for (const code of ['A', 'B', 'C']) await robot.fail({ code });
    const rows = await robot.store.read('SELECT fault_code FROM pending_captures ORDER BY capture_id');
    assert.deepEqual(
      rows.map(({ fault_code }) => fault_code),
      ['A', 'C'],
    );
    await robot.clock.advanceAsync(3000, 250);
    await robot.settled();
    assert.deepEqual([await robot.outliving('B'), await robot.outliving('C')], [undefined, '{}']);
  });

  it('of a fault that could not be written are discarded', async () => {
    let broken = true;
    const robot = await robotWithPressure({
      through: (storage) => ({
        ...storage,
        save: async (change) => {
          if (broken) throw new Error('busy');
          return storage.save(change);
        },
      }),
    });
    await assert.rejects(robot.fail(), /busy/);
    await robot.settled();
    assert.deepEqual([robot.sampler.sampled, robot.snapshots.facts().running], [[], 0]);
    broken = false;
    await failed(robot);
    assert.equal((await robot.frames()).length, 1);
  });

  it('of a fault that two robots reported contain the topic of each, although both use the same name', async () => {
    const sampler = new MemorySampler();
    const levelOf = (value: number): BufferedTopic => ({
      topic: '/level',
      type: FLOAT,
      samples: [arrived({ data: value })],
    });
    const two = Object.assign(sampler, {
      ownersOf: (_topic: string, runtimes: Runtimes) => (runtimes?.length === 2 ? runtimes : []),
      held: (_topic: string, runtimes: Runtimes) => (runtimes?.includes('north') ? levelOf(1) : undefined),
      sample: async (_topic: string, { runtimes }: SampleOptions) =>
        String(runtimes) === 'south' ? levelOf(2) : undefined,
    });
    const robot = await robotSnapshots({
      topics: 'default_topics: [/level]',
      sampler: two,
      configuration: { confirmation_threshold: -2 },
    });
    const pump = { source: '/pump' };
    await robot.fail({ ...pump, runtime: 'north' });
    await robot.fail({ ...pump, runtime: 'south' });
    await robot.settled();
    const frames = await snapshotStorage(robot.store).frames('F1');
    assert.deepEqual(
      frames.map(({ runtime, topic, data }) => [runtime, topic, data]),
      [
        ['north', '/level', '{"data":1}'],
        ['south', '/level', '{"data":2}'],
      ],
    );
    assert.equal(await robot.outliving(), '{"north /level":{"data":1},"south /level":{"data":2}}');
  });

  it('that cannot resolve their topics or cached values lose no fault', async () => {
    const sampler = new MemorySampler();
    sampler.publishedBy = () => {
      throw new Error('no graph');
    };
    const robot = await robotSnapshots({ sampler });
    assert.equal((await robot.fail()).accepted, true);
    sampler.publishedBy = () => ['/own'];
    sampler.held = () => {
      throw new Error('defect');
    };
    sampler.offer('/own', { data: 1 });
    robot.clock.advance(3000);
    await failed(robot, 'F2');
    assert.deepEqual(await robot.frames('F2'), ['/own {"data":1}']);
    assert.match(texts(robot).join('\n'), /no graph.*defect/s);
  });

  it('of a storm of faults delay no report', async () => {
    const robot = await robotSnapshots({ topics: 'default_topics: [/warm, /nowhere]' });
    robot.sampler.hold('/warm', ['x'.repeat(60_000)]);
    const reports = Array.from({ length: 2000 }, (_, index) => robot.fail({ code: `F${index}` }));
    assert.ok((await Promise.all(reports)).every(({ accepted }) => accepted));
    const { quotas, ...facts } = robot.snapshots.facts();
    assert.deepEqual([facts, quotas.waiting_captures?.held], [{ running: 2, waiting: 16, dropped: 1982, lost: 0 }, 16]);
    assert.equal(texts(robot).filter((text) => text.includes('queue of captures')).length, 1);
    await robot.snapshots.stop();
  });
});
