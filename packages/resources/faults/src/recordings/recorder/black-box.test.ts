import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Notice } from '@medkit/documents';
import { SimulatedClock } from '@medkit/edges/testing';
import { DEFAULT_FAULT_CONFIGURATION, type FaultConfiguration } from '../../configuration/fault-settings.ts';
import { evidenceRegistry } from '../../evidence/evidence-registry.ts';
import { MemorySampler } from '../../testing/memory-sampler.ts';
import { MemoryShelf } from '../../testing/memory-shelf.ts';
import { MemoryTaps } from '../../testing/memory-taps.ts';
import { EPOCH_NS, MAP, ODD, SCAN, sampleAt } from '../../testing/recorded-topics.ts';
import type { TapProvider } from '../tap/tap-provider.ts';
import { startBlackBox } from './black-box.ts';
import type { Recording } from './recording.ts';
import { recordingSettings } from './recording-settings.ts';
import { MAX_FAULTS } from './running-recording.ts';

const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

/** A black box in simulated time, five seconds before and one after a fault, with its notices and recordings. */
async function scene(
  configuration: Partial<FaultConfiguration> = {},
  topics = [SCAN, MAP, ODD],
  tapProvider?: TapProvider,
) {
  const clock = new SimulatedClock({ epochMs: Number(EPOCH_NS / 1_000_000n) });
  const taps = new MemoryTaps(...topics);
  taps.sources.set('/lidar', ['/scan']).set('/mapper', ['/map']);
  const shelf = new MemoryShelf();
  const recordings: Recording[] = [];
  const notices: Notice[] = [];
  const books = { failure: undefined as Error | undefined };
  const box = startBlackBox({
    taps: tapProvider ?? taps,
    shelf,
    clock,
    settings: recordingSettings({ ...DEFAULT_FAULT_CONFIGURATION, ...configuration }, '/bags', []),
    keep: async (recording) => {
      if (books.failure) throw books.failure;
      recordings.push(recording);
    },
    notice: (notice) => notices.push(notice),
  });
  return {
    clock,
    taps,
    shelf,
    recordings,
    notices,
    books,
    box,
    confirm: (faultCode: string, source = '/lidar', runtimes?: readonly string[]) =>
      box.capture({
        ...{ faultCode, occurrence: 1, requestedAtNs: clock.wallNs(), sources: [source] },
        ...(runtimes && { runtimes }),
      }),
    publish: (name: string, size?: number) => taps.publish(name, sampleAt(clock.monotonicMs(), size)),
    /** Advances the clock, and waits for writes. */
    pass: async (ms: number) => {
      clock.advance(ms);
      for (let turn = 0; turn < 5; turn += 1) await settle();
    },
    /** Returns the samples of a recording as `topic@milliseconds`. */
    content: (index = 0) =>
      shelf.bags[index].samples.map(
        ({ topic, loggedNs }) => `${shelf.bags[index].topics[topic].name}@${Number(loggedNs - EPOCH_NS) / 1e6}`,
      ),
  };
}

describe('the black box', () => {
  it('B16: records what came before a fault and after it', async () => {
    const it = await scene();
    for (const ms of [1000, 3000, 4000]) {
      await it.pass(ms);
      it.publish('/scan');
    }
    it.confirm('F1');
    await it.pass(500);
    it.publish('/scan');
    await it.pass(500);
    it.publish('/scan');
    await it.pass(0);
    assert.deepEqual(it.content(), ['/scan@4000', '/scan@8000', '/scan@8500']);
    assert.deepEqual(it.shelf.bags[0].topics, [SCAN]);
    const [recording] = it.recordings;
    assert.equal(recording.id, `fault_F1_${Number(EPOCH_NS / 1_000_000n) + 8000}`);
    assert.deepEqual(recording.faultCodes, ['F1']);
    assert.equal(recording.path, `/bags/${recording.id}`);
    assert.equal(recording.format, 'sqlite3');
    assert.equal(recording.durationMs, 5000, 'four seconds before the fault, one after');
    assert.equal(recording.messageCount, 3);
    assert.equal(recording.leftOut, 0);
    assert.deepEqual(it.notices, []);
    assert.equal(it.box.facts().recordingsUnderWay, 0);
  });

  it('returns the cached values of a topic, and none of a topic that it does not record', async () => {
    const it = await scene();
    for (const ms of [1000, 3000, 4000]) {
      await it.pass(ms);
      it.publish('/scan');
    }
    const recent = it.box.recent('/scan', 'robot');
    const times = recent?.samples.map(({ receivedNs }) => Number(receivedNs - EPOCH_NS) / 1e6);
    assert.deepEqual([recent?.type, times], [SCAN.type, [4000, 8000]]);
    assert.deepEqual(it.box.recent('/map', 'robot')?.samples, []);
    assert.equal(it.box.recent('/nothing', 'robot'), undefined);
  });

  it('starts with the map, however old, at the start time of the recording', async () => {
    const it = await scene({ 'snapshots.rosbag.topics': 'all' });
    it.publish('/map');
    await it.pass(60_000);
    it.publish('/scan');
    await it.pass(100);
    it.confirm('F1');
    await it.pass(1000);
    assert.deepEqual(it.content(), ['/map@60000', '/scan@60000']);
    assert.equal(it.shelf.bags[0].samples[0].publishedNs, EPOCH_NS - 1_000_000n, 'its own time is not lost');
  });

  it('B13, B19: records only topics of the reporters of the fault, and the transforms', async () => {
    const it = await scene({}, [SCAN, ODD, { ...ODD, name: '/tf' }]);
    for (const name of ['/scan', '/odd', '/tf']) it.publish(name);
    it.confirm('F1');
    it.publish('/odd');
    await it.pass(1000);
    assert.deepEqual(it.content(), ['/scan@0', '/tf@0']);
  });

  it('records everything if the reporter of the fault is unknown, and logs that', async () => {
    const it = await scene();
    it.publish('/odd');
    it.confirm('F1', '/stranger');
    await it.pass(1000);
    assert.deepEqual(it.content(), ['/odd@0']);
    assert.match(it.notices[0].text, /the topics of \/stranger are unknown: the recording of F1 contains all topics/);
  });

  it('B09, B13, B25: makes one recording of simultaneous faults, with the topics of all of them', async () => {
    const it = await scene();
    it.publish('/map');
    it.publish('/scan');
    it.confirm('F1');
    await it.pass(500);
    it.confirm('F2', '/mapper');
    it.confirm('F1');
    it.publish('/map');
    it.publish('/odd');
    await it.pass(500);
    assert.deepEqual(
      it.recordings.map(({ faultCodes }) => faultCodes),
      [['F1', 'F2']],
    );
    assert.deepEqual(it.content(), ['/scan@0', '/map@0', '/map@500']);
  });

  it('B12: covers a limited number of faults, and starts no second recording for those', async () => {
    const it = await scene();
    it.publish('/scan');
    for (let fault = 0; fault <= MAX_FAULTS; fault += 1) it.confirm(`F${fault}`);
    await it.pass(1000);
    assert.equal(it.recordings.length, 1);
    assert.equal(it.recordings[0].faultCodes.length, MAX_FAULTS);
    assert.equal(it.recordings[0].faultCodes.includes(`F${MAX_FAULTS}`), false);
  });

  it('B15, B19: records messages after a fault if none came before, and nothing if that is disabled', async () => {
    const it = await scene();
    it.confirm('F1');
    await it.pass(400);
    it.publish('/scan');
    await it.pass(600);
    assert.deepEqual(it.content(), ['/scan@400']);
    assert.equal(it.recordings[0].durationMs, 1000);

    const without = await scene({ 'snapshots.rosbag.duration_after_sec': 0 });
    without.confirm('F1');
    await without.pass(1000);
    assert.deepEqual(without.shelf.bags, []);
    assert.match(without.notices[0].text, /F1 is not recorded: no messages were received before the fault/);
  });

  it('ends immediately if nothing is to be recorded after the fault', async () => {
    const it = await scene({ 'snapshots.rosbag.duration_after_sec': 0 });
    it.publish('/scan');
    it.confirm('F1');
    it.publish('/scan');
    await it.pass(0);
    assert.deepEqual(it.content(), ['/scan@0']);
    assert.equal(it.recordings.length, 1);
  });

  it('B20: starts the next recording while the previous one is being written to a slow disk', async () => {
    const it = await scene();
    const disk = Promise.withResolvers<void>();
    it.shelf.gate = disk.promise;
    it.publish('/scan');
    it.confirm('F1');
    await it.pass(1000);
    it.publish('/scan');
    it.confirm('F2');
    it.confirm('F3');
    await it.pass(1000);
    assert.equal(it.recordings.length, 0);
    disk.resolve();
    await it.pass(0);
    assert.deepEqual(
      it.recordings.map(({ faultCodes }) => faultCodes),
      [['F1'], ['F2', 'F3']],
    );
    assert.deepEqual(it.content(0), ['/scan@0']);
    assert.deepEqual(it.content(1), ['/scan@0', '/scan@1000']);
  });

  it('rejects a recording if too many wait for the disk', async () => {
    const it = await scene();
    const disk = Promise.withResolvers<void>();
    it.shelf.gate = disk.promise;
    for (const code of ['F1', 'F2', 'F3', 'F4']) {
      it.publish('/scan');
      it.confirm(code);
      await it.pass(1000);
    }
    assert.deepEqual(
      it.notices.map(({ text }) => text),
      ['F4 is not recorded: 3 recordings are already being written'],
    );
    disk.resolve();
    await it.pass(0);
    assert.equal(it.recordings.length, 3);
  });

  it('drops messages that a slow disk has no room for, and counts them', async () => {
    const it = await scene({ 'snapshots.rosbag.max_buffer_mb': 1, 'snapshots.rosbag.duration_after_sec': 10 });
    const disk = Promise.withResolvers<void>();
    it.shelf.gate = disk.promise;
    it.confirm('F1');
    for (let sample = 0; sample < 30; sample += 1) it.publish('/scan', 100_000);
    disk.resolve();
    await it.pass(10_000);
    assert.equal(it.recordings[0].messageCount, 20);
    assert.equal(it.recordings[0].leftOut, 10);
  });

  it('grows no larger than the total limit', async () => {
    const it = await scene({ 'snapshots.rosbag.max_total_storage_mb': 1 });
    it.confirm('F1');
    for (let sample = 0; sample < 30; sample += 1) {
      it.publish('/scan', 100_000);
      await it.pass(10);
    }
    await it.pass(1000);
    assert.equal(it.recordings[0].messageCount, 10);
    assert.equal(it.recordings[0].leftOut, 20);
  });

  it('B17: drops a recording that cannot be written, reports the reason, and makes the next', async () => {
    const it = await scene();
    it.publish('/scan');
    it.confirm('F1');
    await it.pass(500);
    it.shelf.failure = new Error('ENOSPC: no space left on device');
    it.publish('/scan');
    await it.pass(500);
    assert.equal(it.recordings.length, 0);
    assert.equal(it.shelf.bags[0].state, 'discarded');
    assert.match(it.notices[0].text, /the recording fault_F1_\d+ is lost: ENOSPC/);
    it.shelf.failure = undefined;
    it.confirm('F2');
    await it.pass(1000);
    assert.deepEqual(it.content(1), ['/scan@0', '/scan@500']);
    assert.deepEqual(it.recordings[0].faultCodes, ['F2']);
  });

  it('B22: removes a recording that cannot be registered', async () => {
    const it = await scene();
    it.books.failure = new Error('database is locked');
    it.publish('/scan');
    it.confirm('F1');
    await it.pass(1000);
    assert.equal(it.shelf.bags[0].state, 'removed');
    assert.match(it.notices[0].text, /is lost: database is locked/);
  });

  it('B11, B21: keeps a recording for the remaining faults, and none if all were cleared', async () => {
    const it = await scene();
    it.publish('/scan');
    it.confirm('F1');
    it.confirm('F2');
    it.box.forget('F1');
    await it.pass(1000);
    assert.deepEqual(it.recordings[0].faultCodes, ['F2']);
    it.confirm('F3');
    it.box.forget('F3');
    await it.pass(1000);
    assert.equal(it.recordings.length, 1);
    assert.equal(it.shelf.bags[1].state, 'discarded');
  });

  it('B14: finishes what it records when it is stopped, and leaves no subscription', async () => {
    const it = await scene({ 'snapshots.rosbag.duration_after_sec': 30 });
    it.publish('/scan');
    it.confirm('F1');
    await it.pass(100);
    await it.box.stop();
    assert.equal(it.recordings.length, 1);
    assert.deepEqual([it.taps.tapped.size, it.taps.listeners], [0, 0]);
    it.confirm('F2');
    await it.pass(30_000);
    assert.equal(it.shelf.bags.length, 1);
  });

  it('does not wait forever for the disk when it is stopped', async () => {
    const it = await scene();
    it.publish('/scan');
    it.confirm('F1');
    await it.pass(100);
    it.shelf.gate = new Promise(() => undefined);
    const stopped = it.box.stop();
    await it.pass(5000);
    await stopped;
    assert.equal(it.shelf.bags[0].state, 'discarded');
  });

  it('B02: subscribes from the first fault on if it is lazy', async () => {
    const it = await scene({ 'snapshots.rosbag.lazy_start': true });
    assert.equal(it.box.facts().topics, 0);
    it.box.wake();
    assert.equal(it.box.facts().topics, 3);
  });

  it('follows topics as they appear and disappear, and keeps a removed one for its window', async () => {
    const it = await scene({ 'snapshots.rosbag.qos_match': false }, [SCAN]);
    it.taps.appear(ODD);
    assert.deepEqual([...it.taps.tapped.keys()], ['/scan', '/odd']);
    assert.equal(it.taps.tapped.get('/odd')?.matchQos, false);
    it.publish('/scan');
    it.taps.vanish('/scan');
    await it.pass(4000);
    it.confirm('F1');
    await it.pass(1000);
    assert.deepEqual(it.shelf.bags[0].topics, [SCAN], 'described as it was');
    await it.pass(1001);
    assert.deepEqual([...it.taps.tapped.keys()], ['/odd']);
    assert.equal(it.clock.timers, 0);
  });

  it('switches to the new type of a topic once its window has nothing of the old one', async () => {
    const it = await scene({}, [SCAN]);
    it.publish('/scan');
    const other = { ...ODD, name: '/scan' };
    it.taps.appear(other);
    await it.pass(4000);
    it.confirm('F1');
    await it.pass(1000);
    assert.deepEqual(
      it.shelf.bags[0].topics.map(({ type }) => type),
      [SCAN.type],
    );
    await it.pass(1001);
    it.publish('/scan');
    it.confirm('F2');
    await it.pass(1000);
    assert.deepEqual(it.shelf.bags[1].topics, [other]);
  });

  it('logs once that a topic cannot be subscribed to, and records the others', async () => {
    const it = await scene({}, [SCAN]);
    it.taps.failures.set('/odd', 'its type is not known');
    it.taps.appear(ODD);
    it.taps.tellChange();
    assert.deepEqual(
      it.notices.map(({ text }) => text),
      ['/odd cannot be recorded: its type is not known'],
    );
    assert.equal(it.box.facts().topics, 1);
  });

  it('records a topic without a definition if none arrives in time', async () => {
    const it = await scene();
    it.taps.undescribed.add('/scan');
    it.publish('/scan');
    it.confirm('F1');
    await it.pass(2999);
    assert.equal(it.recordings.length, 0);
    await it.pass(1);
    assert.deepEqual(it.shelf.bags[0].topics, [{ ...SCAN, offeredQos: [], definition: undefined, typeHash: '' }]);
    assert.equal(it.recordings.length, 1);
  });

  it('B07: gives each recording a unique name, however close together they begin', async () => {
    const it = await scene({ 'snapshots.rosbag.duration_after_sec': 0 });
    it.publish('/scan');
    it.confirm('F1');
    it.confirm('F1');
    await it.pass(0);
    const epochMs = Number(EPOCH_NS / 1_000_000n);
    assert.deepEqual(
      it.recordings.map(({ id }) => id),
      [`fault_F1_${epochMs}`, `fault_F1_${epochMs + 1}`],
    );
  });

  it('aborts its recordings on request, and counts them as lost', async () => {
    const it = await scene();
    assert.equal(await it.box.abandon(), false);
    it.publish('/scan');
    it.confirm('F1');
    await it.pass(500);
    assert.equal(await it.box.abandon(), true);
    await it.pass(500);
    assert.deepEqual([it.shelf.bags[0].state, it.recordings.length, it.box.facts().lost], ['discarded', 0, 1]);
  });
});

describe('the black box of two robots that have the same names', () => {
  /** Both robots have a lidar that publishes `/scan`, and a map. */
  const two = async (configuration: Partial<FaultConfiguration> = {}) => {
    const registry = evidenceRegistry();
    const robots = { first: new MemoryTaps(SCAN, MAP), second: new MemoryTaps(SCAN, MAP) };
    const join = (runtime: keyof typeof robots) =>
      registry.join(runtime, { sampler: new MemorySampler(), taps: robots[runtime], logs: { between: () => [] } });
    for (const taps of Object.values(robots)) taps.sources.set('/lidar', ['/scan']);
    const leave = [join('first'), join('second')];
    const it = await scene(configuration, [], registry.taps);
    const came = (runtime: keyof typeof robots, name: string, size: number) =>
      robots[runtime].publish(name, sampleAt(it.clock.monotonicMs(), size));
    const sizes = () => it.shelf.bags[0].samples.map(({ topic, octets }) => [nameAt(topic), octets.length]);
    const nameAt = (topic: number) => it.shelf.bags[0].topics[topic].name;
    return { ...it, came, sizes, leave, join };
  };

  it('records the topics of the robot whose fault it is, and nothing of the other one', async () => {
    const { came, confirm, pass, sizes, recordings } = await two();
    came('first', '/scan', 16);
    came('second', '/scan', 32);
    confirm('F1', '/lidar', ['second']);
    came('first', '/scan', 17);
    came('second', '/scan', 33);
    await pass(1000);
    assert.deepEqual(
      [sizes(), recordings.length],
      [
        [
          ['/scan', 32],
          ['/scan', 33],
        ],
        1,
      ],
    );
  });

  it('records both if the owner is unknown, and distinguishes them', async () => {
    const { came, confirm, pass, sizes, shelf } = await two();
    came('second', '/scan', 32);
    came('first', '/scan', 16);
    came('second', '/scan', 33);
    confirm('F1');
    await pass(1000);
    const expected = [
      ['/scan', 32],
      ['/first/scan', 16],
      ['/scan', 33],
    ];
    assert.deepEqual(sizes(), expected);
    assert.deepEqual(
      shelf.bags[0].topics.map(({ definition }) => definition),
      [SCAN.definition, SCAN.definition],
    );
  });

  it('starts with the map of each, also while one of them is away', async () => {
    const { came, confirm, pass, sizes, leave, join } = await two({ 'snapshots.rosbag.topics': 'all' });
    came('first', '/map', 16);
    came('second', '/map', 32);
    await pass(4000);
    leave[0]?.();
    join('first');
    came('first', '/scan', 64);
    await pass(4000);
    confirm('F1');
    await pass(1000);
    assert.deepEqual(sizes(), [
      ['/map', 16],
      ['/second/map', 32],
      ['/scan', 64],
    ]);
  });
});
