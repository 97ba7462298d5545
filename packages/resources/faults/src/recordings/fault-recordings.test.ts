import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Notice } from '@medkit/documents';
import { MemoryFiles, SimulatedClock } from '@medkit/edges/testing';
import type { Store } from '@medkit/store';
import { DEFAULT_FAULT_CONFIGURATION, type FaultConfiguration } from '../configuration/fault-settings.ts';
import type { CorrelationRule } from '../correlation/correlation-rule.ts';
import { MemoryTaps } from '../testing/memory-taps.ts';
import { EPOCH_NS, ODD, SCAN, sampleAt } from '../testing/recorded-topics.ts';
import { faultStore, robotFaults } from '../testing/robot-faults.ts';
import { startFaultRecordings } from './fault-recordings.ts';
import { bagShelf } from './files/open-bag.ts';

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
const EPOCH_MS = Number(EPOCH_NS / 1_000_000n);

interface Scene {
  readonly configuration?: Partial<FaultConfiguration>;
  /** Files of an earlier scene, for a restart. */
  readonly files?: MemoryFiles;
  readonly clock?: SimulatedClock;
  readonly store?: Store;
  readonly rules?: readonly CorrelationRule[];
}

/** A robot whose confirmed faults are recorded into in-memory files. */
async function scene({
  configuration: changes = {},
  files = new MemoryFiles(),
  clock = new SimulatedClock({ epochMs: EPOCH_MS }),
  store = faultStore(clock),
  rules = [],
}: Scene = {}) {
  const configuration: FaultConfiguration = {
    ...DEFAULT_FAULT_CONFIGURATION,
    'snapshots.rosbag.enabled': true,
    'snapshots.rosbag.format': 'mcap',
    ...changes,
  };
  const robot = await robotFaults({ configuration, store, clock, rules });
  const taps = new MemoryTaps(SCAN, ODD);
  taps.sources.set('/lidar', ['/scan']);
  const notices: Notice[] = [];
  const recordings = await startFaultRecordings({
    manager: robot.manager,
    store,
    taps,
    shelf: bagShelf(files),
    files,
    clock,
    configuration,
    folder: '/bags',
    configuredTopics: [],
    notice: (notice) => notices.push(notice),
  });
  const pass = async (ms: number): Promise<void> => {
    clock.advance(ms);
    for (let turns = 0; turns < 20; turns += 1) await turn();
  };
  return {
    ...robot,
    taps,
    files,
    clock,
    notices,
    recordings,
    pass,
    publish: () => taps.publish('/scan', sampleAt(clock.monotonicMs())),
    confirm: (code: string, source = '/lidar') => robot.fail({ code, source }),
    clear: async (code: string, cascade = false) => {
      await robot.manager.clear(code, { cascade });
      await pass(0);
    },
    idsOf: async (code: string) => (await recordings.of(code)).map(({ id }) => id),
    onDisk: () => [...new Set([...files.contents.keys()].map((path) => path.split('/')[2]))].sort(),
    /** Restarts with only the files and the store. */
    again: (configuration = changes) => scene({ configuration, files, clock, store }),
  };
}

describe('recordings of faults', () => {
  it('B09: are registered with all their faults, each of which is published once with its current state', async () => {
    const it = await scene();
    it.publish();
    await it.confirm('F1');
    await it.confirm('F2');
    const before = it.events.length;
    await it.pass(1000);
    const [recording] = await it.recordings.of('F1');
    assert.deepEqual(
      { ...recording, octets: 0 },
      {
        id: `fault_F1_${EPOCH_MS}`,
        faultCodes: ['F1', 'F2'],
        path: `/bags/fault_F1_${EPOCH_MS}`,
        format: 'mcap',
        octets: 0,
        durationMs: 1000,
        createdAtNs: EPOCH_NS + 1_000_000_000n,
      },
    );
    assert.deepEqual(await it.recordings.of('F2'), [recording]);
    assert.deepEqual(
      it.events.slice(before).map(({ type, fault }) => [type, fault.code, fault.status]),
      [
        ['fault_updated', 'F1', 'CONFIRMED'],
        ['fault_updated', 'F2', 'CONFIRMED'],
      ],
    );
    assert.deepEqual(
      it.files.contents.get(`${recording.path}/${recording.id}_0.mcap`)?.subarray(0, 5),
      Buffer.from('\x89MCAP', 'latin1'),
    );
    assert.deepEqual(it.notices, []);
  });

  it('are found by name, by fault, and by reporter', async () => {
    const it = await scene({ configuration: { 'snapshots.rosbag.max_bags_per_fault': 0 } });
    await it.confirm('F1');
    await it.pass(1000);
    await it.clear('F1');
    await it.confirm('F1');
    await it.pass(1000);
    const [second, first] = await it.idsOf('F1');
    assert.deepEqual([first, second], [`fault_F1_${EPOCH_MS}`, `fault_F1_${EPOCH_MS + 1000}`]);
    const named = async (text: string) => (await it.recordings.find(text))?.id;
    assert.deepEqual([await named(first), await named('F1'), await named('F9')], [first, second, undefined]);
    const of = async (...sources: string[]) => (await it.recordings.ofSources(sources)).map(({ id }) => id);
    assert.deepEqual(await of('/other', '/lidar'), [second, first]);
    assert.deepEqual([await of('/lida'), await of()], [[], []]);
    assert.equal((await it.recordings.facts()).recordings, 2);
    assert.equal(await it.recordings.remove(first), 1);
    assert.deepEqual(it.onDisk(), [second]);
  });

  it('B08, B27: stay when their fault is cleared if it keeps a history, and are removed otherwise', async () => {
    const history = await scene({ configuration: { 'snapshots.rosbag.max_bags_per_fault': 3 } });
    await history.confirm('F1');
    await history.clear('F1');
    await history.pass(1000);
    await history.clear('F1');
    assert.equal((await history.idsOf('F1')).length, 1);

    const one = await scene();
    await one.confirm('F1');
    await one.pass(1000);
    assert.equal(one.onDisk().length, 1);
    await one.clear('F1');
    assert.deepEqual([await one.idsOf('F1'), one.onDisk()], [[], []]);

    const retaining = await scene({ configuration: { 'snapshots.rosbag.auto_cleanup': false } });
    await retaining.confirm('F1');
    await retaining.pass(1000);
    await retaining.clear('F1');
    assert.equal(retaining.onDisk().length, 1);
  });

  it('stay when their fault heals', async () => {
    const it = await scene({ configuration: { healing_enabled: true, healing_threshold: 1 } });
    await it.confirm('F1');
    await it.pass(1000);
    for (let passed = 0; passed < 3; passed += 1)
      await it.manager.report({ code: 'F1', event: 'PASSED', severity: 0, description: '', source: '/lidar' });
    await it.pass(0);
    assert.equal(it.manager.get('F1')?.status, 'HEALED');
    assert.equal(it.onDisk().length, 1);
  });

  it('B10: of two faults are removed with the last of them', async () => {
    const it = await scene();
    await it.confirm('F1');
    await it.confirm('F2');
    await it.pass(1000);
    await it.clear('F1');
    assert.deepEqual([await it.idsOf('F1'), (await it.idsOf('F2')).length], [[], 1]);
    await it.clear('F2');
    assert.deepEqual(it.onDisk(), []);
  });

  it('B11, B21, B24: belong only to those faults that were not cleared during the recording', async () => {
    const it = await scene();
    for (const [cleared, remaining] of [
      ['F1', 'F2'],
      ['F2', 'F1'],
    ]) {
      await it.confirm('F1');
      await it.confirm('F2');
      await it.clear(cleared);
      await it.pass(1000);
      assert.deepEqual([await it.idsOf(cleared), (await it.idsOf(remaining)).length], [[], 1]);
      await it.clear(remaining);
    }
    await it.confirm('F1');
    await it.confirm('F2');
    await it.clear('F1');
    await it.clear('F2');
    await it.pass(1000);
    assert.deepEqual(it.onDisk(), []);
  });

  it('are removed with symptoms that are cleared with their root cause', async () => {
    const rules: readonly CorrelationRule[] = [
      {
        mode: 'hierarchical',
        id: 'r1',
        name: 'r1',
        rootCause: ['ROOT'],
        symptoms: ['F*'],
        windowMs: 5000,
        muteSymptoms: false,
        autoClearWithRoot: true,
      },
    ];
    const it = await scene({ rules });
    await it.confirm('ROOT');
    await it.pass(1000);
    await it.confirm('F1');
    await it.pass(1000);
    assert.equal(it.onDisk().length, 2);
    await it.clear('ROOT', true);
    assert.deepEqual(it.onDisk(), []);
  });

  it('B12: of 34 faults cover 33, in one recording', async () => {
    const it = await scene();
    for (let fault = 1; fault <= 34; fault += 1) await it.confirm(`F${fault}`);
    await it.pass(1000);
    assert.equal((await it.idsOf('F33')).length, 1);
    assert.deepEqual(await it.idsOf('F34'), []);
    assert.equal(it.onDisk().length, 1);
  });

  it('B14: are finished when medkit stops, and the next run starts new ones', async () => {
    const it = await scene({
      configuration: { 'snapshots.rosbag.duration_after_sec': 30, 'snapshots.rosbag.max_bags_per_fault': 0 },
    });
    it.publish();
    await it.confirm('F1');
    await it.pass(100);
    await it.recordings.stop();
    assert.equal((await it.idsOf('F1')).length, 1);
    const next = await it.again();
    await next.clear('F1');
    await next.confirm('F1');
    await next.pass(30_000);
    assert.equal((await next.idsOf('F1')).length, 2);
  });

  it('B22: leave no files if they cannot be registered, and the next one can', async () => {
    const it = await scene();
    const { addEvidence } = it.manager;
    it.manager.addEvidence = () => Promise.reject(new Error('database is locked'));
    await it.confirm('F1');
    await it.pass(1000);
    assert.deepEqual([await it.idsOf('F1'), it.onDisk()], [[], []]);
    assert.match(it.notices[0].text, /is lost: database is locked/);
    assert.equal((await it.recordings.facts()).blackBox?.lost, 1);
    it.manager.addEvidence = addEvidence;
    await it.confirm('F2');
    await it.pass(1000);
    assert.equal((await it.idsOf('F2')).length, 1);
  });

  it('B04: of earlier runs are served even if recording is disabled, and nothing is recorded', async () => {
    const it = await scene();
    await it.confirm('F1');
    await it.pass(1000);
    await it.recordings.stop();
    const off = await it.again({ 'snapshots.rosbag.enabled': false });
    assert.equal((await off.idsOf('F1')).length, 1);
    await off.confirm('F2');
    await off.pass(1000);
    assert.deepEqual(await off.idsOf('F2'), []);
    assert.equal((await off.recordings.facts()).blackBox, undefined);
    await off.clear('F1');
    assert.deepEqual(off.onDisk(), []);
  });

  it('subscribe from the first report of a fault if that is deferred, confirmed or not', async () => {
    const configuration = { 'snapshots.rosbag.lazy_start': true, confirmation_threshold: -2 };
    const it = await scene({ configuration });
    assert.equal((await it.recordings.facts()).blackBox?.topics, 0);
    void it.confirm('F1');
    assert.equal(it.taps.tapped.size, 2);
    const atOnce = await scene({ configuration: { ...configuration, confirmation_threshold: -1 } });
    await atOnce.confirm('F1');
    assert.equal(atOnce.taps.tapped.size, 2);
  });

  it('are registered again if the process ended before, or the database is lost', async () => {
    const it = await scene();
    await it.confirm('F1');
    await it.confirm('F2');
    await it.pass(1000);
    const before = await it.recordings.of('F1');
    const { files, clock } = it;
    files.contents.set('/bags/.unfinished/fault_F3_1/fault_F3_1_0.mcap', Buffer.from('half'));
    files.contents.set('/bags/fault_F4_1/metadata.yaml', Buffer.from('rosbag2_bagfile_information: {custom_data: ~}'));
    files.contents.set('/bags/fault_F5_1/metadata.yaml', Buffer.from('{'));
    files.contents.set('/bags/notes/metadata.yaml', Buffer.from('mine'));
    const restarted = await scene({ files, clock });
    const [found] = await restarted.recordings.of('F1');
    assert.deepEqual({ ...found, createdAtNs: 0n, durationMs: 0 }, { ...before[0], createdAtNs: 0n, durationMs: 0 });
    assert.equal(found.createdAtNs, EPOCH_NS);
    assert.deepEqual(await restarted.recordings.of('F2'), [found]);
    assert.deepEqual(restarted.onDisk(), [found.id, 'fault_F4_1', 'fault_F5_1', 'notes']);
    assert.deepEqual(
      restarted.notices.map(({ text }) => text.slice(0, 47)),
      [
        `the recording /bags/${found.id} was not in the database`.slice(0, 47),
        'the recording /bags/fault_F5_1 is ignored: Flow',
      ],
    );
  });

  it('are not registered again if their fault was cleared', async () => {
    const it = await scene();
    await it.confirm('F1');
    await it.pass(1000);
    const copy = new Map(it.files.contents);
    await it.clear('F1');
    for (const [path, content] of copy) it.files.contents.set(path, content);
    const restarted = await it.again();
    assert.deepEqual(restarted.onDisk(), []);
  });

  it('are registered again only within the limits', async () => {
    const it = await scene({ configuration: { 'snapshots.rosbag.max_bags_per_fault': 0 } });
    for (let time = 0; time < 2; time += 1) {
      await it.confirm('F1');
      await it.pass(1000);
      await it.clear('F1');
    }
    const [newest] = await it.idsOf('F1');
    const restarted = await scene({ files: it.files, clock: it.clock });
    assert.deepEqual(restarted.onDisk(), [newest]);
  });

  it('are removed one by one if the disk is full, at last the one in progress', async () => {
    const it = await scene();
    await it.confirm('F1');
    await it.pass(1000);
    await it.confirm('F2');
    await it.pass(500);
    assert.equal(await it.recordings.shed(), true);
    assert.deepEqual(await it.idsOf('F1'), []);
    assert.equal(await it.recordings.shed(), true);
    await it.pass(500);
    assert.equal(await it.recordings.shed(), false);
    assert.deepEqual(it.onDisk(), []);
  });

  it('warn if a history is configured but the cooldown prevents recordings', async () => {
    const { notices } = await scene({ configuration: { 'snapshots.rosbag.max_bags_per_fault': 3 } });
    assert.match(
      notices[0].text,
      /max_bags_per_fault stores several .*recapture_cooldown_sec \(60\) is not recorded again/,
    );
  });

  it('leave nothing behind when they stop', async () => {
    const it = await scene();
    await it.confirm('F1');
    await it.recordings.stop();
    assert.deepEqual([it.taps.tapped.size, it.taps.listeners], [0, 0]);
    await it.clear('F1');
    assert.equal((await it.idsOf('F1')).length, 1, 'nobody listens any more');
  });
});
