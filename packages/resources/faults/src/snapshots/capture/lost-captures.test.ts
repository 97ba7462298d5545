import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MemorySampler } from '../../testing/memory-sampler.ts';
import { eventTexts, texts } from '../../testing/pressure-scene.ts';
import { robotSnapshots } from '../../testing/robot-snapshots.ts';

describe('a capture that was interrupted by a crash or a stop', () => {
  it('has its cached values on disk as soon as its fault is on disk', async () => {
    const first = await robotSnapshots({ topics: 'default_topics: [/warm, /cold]' });
    first.sampler.hold('/warm', [{ data: 1 }, { data: 2 }]);
    await first.fail();
    const { store, clock } = first;
    const second = await robotSnapshots({ topics: 'default_topics: [/warm, /cold]', store, clock });
    await second.settled();
    const [frame, ...others] = await second.snapshots.of('F1');
    assert.deepEqual(others, []);
    assert.deepEqual(
      [frame.captureId, frame.topic, frame.data, frame.history],
      [1, '/warm', '{"data":2}', '{"data":{"value":2,"history":[[1,1],[2,2]]}}'],
    );
    assert.equal(frame.problem, 'the gateway was stopped before this capture was complete');
    assert.equal(await second.outliving(), '{"/warm":{"data":2}}');
    assert.deepEqual([second.snapshots.facts().lost, eventTexts(second)], [1, ['fault_updated CONFIRMED']]);
    assert.match(texts(second)[0], /1 captures were in progress when the gateway stopped/);
    const third = await robotSnapshots({ store, clock });
    assert.equal(third.snapshots.facts().lost, 0);
  });

  it('is completed once a node provides its types, within a time limit', async () => {
    const first = await robotSnapshots({ topics: 'default_topics: [/odd, /cold]' });
    first.sampler.hold('/odd', [{ data: 1 }], 'acme/msg/Odd');
    await first.fail();
    await first.snapshots.stop();
    const { store, clock } = first;
    const sampler = new MemorySampler();
    sampler.unknownTypes.add('acme/msg/Odd');
    const second = await robotSnapshots({ store, clock, sampler });
    await clock.advanceAsync(20_000, 1000);
    assert.deepEqual(await second.frames(), []);
    sampler.unknownTypes.clear();
    await clock.advanceAsync(5000, 1000);
    await second.settled();
    assert.deepEqual(await second.frames(), ['/odd {"data":1}']);
  });

  it('is stored undecoded if its types never appear, and not at all if its fault is cleared first', async () => {
    for (const cleared of [false, true]) {
      const first = await robotSnapshots({ topics: 'default_topics: [/odd, /cold]' });
      first.sampler.hold('/odd', [{ data: 1 }], 'acme/msg/Odd');
      await first.fail();
      await first.snapshots.stop();
      const { store, clock } = first;
      const sampler = new MemorySampler();
      sampler.unknownTypes.add('acme/msg/Odd');
      const second = await robotSnapshots({ store, clock, sampler });
      await second.settled();
      if (cleared) await second.manager.clear('F1', { cascade: false });
      await clock.advanceAsync(70_000, 1000);
      const frames = (await second.snapshots.of('F1')).filter(({ topic }) => topic !== '');
      const problems = frames.map(({ problem }) => problem);
      assert.deepEqual(
        problems,
        cleared ? [] : ['the gateway was stopped before this capture was complete; the type acme/msg/Odd is unknown'],
      );
    }
  });

  it('was ended by a stop without delay, and a fault during the stop has its cached values', async () => {
    const first = await robotSnapshots({ topics: 'default_topics: [/warm, /nowhere]' });
    first.sampler.hold('/warm', [{ data: 1 }]);
    for (const code of ['A', 'B', 'C']) await first.fail({ code });
    await first.settled();
    await first.snapshots.stop();
    await first.fail({ code: 'D' });
    assert.deepEqual([await first.frames('A'), first.sampler.samplingAtOnce], [[], 0]);
    const { store, clock } = first;
    const second = await robotSnapshots({ topics: 'default_topics: [/warm, /nowhere]', store, clock });
    await second.settled();
    for (const code of ['A', 'B', 'C', 'D']) assert.deepEqual(await second.frames(code), ['/warm {"data":1}'], code);
    assert.equal(second.snapshots.facts().lost, 4);
  });

  it('does not delay a stop while its fault is being written', async () => {
    const disk = Promise.withResolvers<void>();
    const topics = 'default_topics: [/warm]';
    const first = await robotSnapshots({
      topics,
      through: (storage) => ({ ...storage, save: (change) => disk.promise.then(() => storage.save(change)) }),
    });
    first.sampler.hold('/warm', [{ data: 1 }]);
    const report = first.fail();
    await first.snapshots.stop();
    disk.resolve();
    await report;
    const { store, clock } = first;
    const second = await robotSnapshots({ topics, store, clock });
    await second.settled();
    assert.deepEqual(await second.frames(), ['/warm {"data":1}']);
  });

  it('leaves no timer behind', async () => {
    const robot = await robotSnapshots({
      topics: 'default_topics: [/nowhere]',
      configuration: { 'snapshots.background_capture': true },
    });
    await robot.fail();
    await robot.settled();
    await robot.snapshots.stop();
    await robot.manager.stop();
    assert.equal(robot.clock.timers, 0);
    assert.deepEqual(robot.sampler.watched.at(-1), []);
  });
});
