import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '@medkit/edges';
import { SimulatedClock } from '@medkit/edges/testing';
import { DEFAULT_FAULT_CONFIGURATION, type FaultConfiguration } from '../../configuration/fault-settings.ts';
import { snapshotStorage } from '../../storage/snapshot-storage.ts';
import { faultStore } from '../../testing/robot-faults.ts';
import { CaptureWriter, type StoredCapture } from './capture-writer.ts';

const SEEDS = 150;

/** Books with captures of a number of topics. */
function writer(settings: Partial<FaultConfiguration>) {
  const store = faultStore(new SimulatedClock());
  const storage = snapshotStorage(store);
  const codeCounts: number[] = [];
  const warnings: string[] = [];
  const stored: StoredCapture[] = [];
  const made = new CaptureWriter({
    manager: {
      addEvidence: async (codes, rows) => {
        codeCounts.push(codes.length);
        await store.write(rows);
      },
    },
    storage,
    configuration: { ...DEFAULT_FAULT_CONFIGURATION, ...settings },
    onStored: (capture) => stored.push(capture),
    warn: (text) => warnings.push(text()),
  });
  let captureId = 0;
  const enter = async (topics: number, faultCode = 'F1'): Promise<void> => {
    captureId += 1;
    const capture = { captureId, faultCode, occurrence: captureId, requestedAtNs: 1n, sources: [], configured: true };
    const frames = Array.from({ length: topics }, (_, index) => ({
      topic: `/t${index}`,
      messageType: 'T',
      data: '1',
      problem: '',
      history: '',
      capturedAtNs: BigInt(captureId),
      isForeign: false,
    }));
    made.open(capture);
    await made.enter(capture, { frames, problems: [] });
  };
  /** Returns `capture:rows` of each stored capture, newest first. */
  const present = async (faultCode = 'F1') => {
    const sets = new Map<number, number>();
    for (const frame of await storage.frames(faultCode)) {
      sets.set(frame.captureId, (sets.get(frame.captureId) ?? 0) + 1);
    }
    return Array.from(sets, ([id, rows]) => `${id}:${rows}`);
  };
  return { enter, present, codeCounts, warnings, stored, storage, store };
}

it('a capture is reported when its frames are stored, and not if it has none', async () => {
  const { enter, stored } = writer({});
  await enter(0);
  await enter(2);
  assert.deepEqual(stored, [{ faultCode: 'F1', occurrence: 2, requestedAtNs: 1n, sources: [], frames: 2 }]);
});

describe('the bound on snapshots', () => {
  const evicting = (bound: number) =>
    writer({ 'snapshots.max_per_fault': bound, 'snapshots.max_per_fault_policy': 'evict_oldest' });

  it('10.8, S06: removes the oldest captures as a whole, if that is configured', async () => {
    const four = evicting(4);
    for (let capture = 0; capture < 3; capture += 1) await four.enter(2);
    assert.deepEqual(await four.present(), ['3:2', '2:2']);
  });

  it('10.8, S06: keeps a capture that is larger than the limit whole, by either policy', async () => {
    for (const [bound, topics] of [
      [2, 4],
      [3, 5],
    ]) {
      for (const policy of ['evict_oldest', 'reject_newest'] as const) {
        const it = writer({ 'snapshots.max_per_fault': bound, 'snapshots.max_per_fault_policy': policy });
        await it.enter(topics);
        assert.deepEqual(await it.present(), [`1:${topics}`]);
      }
    }
  });

  it('10.8, S06: does not exist if it is 0', async () => {
    const unbounded = evicting(0);
    for (let capture = 0; capture < 20; capture += 1) await unbounded.enter(1);
    assert.equal((await unbounded.present()).length, 20);
  });

  it('S06: applies to each fault separately', async () => {
    const two = evicting(2);
    await two.enter(2);
    await two.enter(2, 'F2');
    assert.deepEqual([await two.present(), await two.present('F2')], [['1:2'], ['2:2']]);
  });

  it('C2: rejects new captures as a whole if they have no room, logs that, and publishes nothing', async () => {
    const it = writer({ 'snapshots.max_per_fault': 5, 'snapshots.max_per_fault_policy': 'reject_newest' });
    for (const topics of [2, 2, 2, 1]) await it.enter(topics);
    assert.deepEqual(await it.present(), ['4:1', '2:2', '1:2']);
    assert.deepEqual(it.codeCounts, [1, 1, 0, 1]);
    assert.match(
      it.warnings[0],
      /F1 has 4 snapshots, and 2 more would exceed snapshots\.max_per_fault \(5\), so they are not stored/,
    );
  });

  it('keeps the newest capture, and the first one if both fit, and removes those between them first', async () => {
    const seen = async (bound: number, captures: readonly number[]) => {
      const it = writer({ 'snapshots.max_per_fault': bound });
      for (const topics of captures) await it.enter(topics);
      return it.present();
    };
    assert.deepEqual(await seen(10, [6, 6]), ['2:6'], 'no room for both');
    assert.deepEqual(await seen(12, [6, 6, 6]), ['3:6', '1:6']);
    assert.deepEqual(await seen(10, [3, 3, 3, 3, 3]), ['5:3', '4:3', '1:3']);
    assert.deepEqual(await seen(10, [9, 2, 2]), ['3:2', '2:2'], 'a large first one keeps nobody out');
    assert.deepEqual(await seen(4, [1, 1, 1, 9]), ['4:9']);
  });

  it('treats all rows of old databases without a number as one capture', async () => {
    const it = evicting(4);
    const sql = `INSERT INTO snapshots (fault_code, topic, message_type, data, captured_at_ns) VALUES ('F1', '/t', 'T', '1', 1)`;
    await it.store.write([{ sql }, { sql }, { sql }]);
    await it.enter(2);
    assert.deepEqual(await it.present(), ['1:2']);
  });

  it('never splits a capture, for any sequence of captures', async () => {
    for (let seed = 1; seed <= SEEDS; seed += 1) {
      const random = seededRandom(seed);
      const upTo = (max: number) => 1 + Math.floor(random.float() * max);
      const bound = upTo(12);
      const policy = (['evict_middle', 'evict_oldest', 'reject_newest'] as const)[upTo(3) - 1];
      const it = writer({ 'snapshots.max_per_fault': bound, 'snapshots.max_per_fault_policy': policy });
      const topics = Array.from({ length: upTo(8) }, () => upTo(6));
      // Concurrent calls, which are written one at a time.
      await Promise.all(topics.map((count) => it.enter(count)));
      const present = await it.present();
      const whole = topics.map((count, index) => `${index + 1}:${count}`);
      const label = `seed ${seed}: ${policy} ${bound}, ${topics} left ${present}`;
      assert.ok(present.length > 0 && present.every((set) => whole.includes(set)), label);
      const rows = present.map((set) => Number(set.split(':')[1]));
      const total = rows.reduce((sum, count) => sum + count, 0);
      assert.ok(total <= bound || present.length === 1, label);
      if (policy !== 'reject_newest') assert.equal(present[0], whole.at(-1), label);
      if (
        policy === 'reject_newest' ||
        (policy === 'evict_middle' && topics[0] + Math.max(...topics.slice(1)) <= bound)
      )
        assert.equal(present.at(-1), whole[0], label);
    }
  });
});

describe('the frame that outlives a clear', () => {
  it('S08: is not created for an unknown fault', async () => {
    const it = writer({});
    await it.enter(1);
    assert.equal(await it.storage.freezeFrame('F1'), undefined, 'there is no such fault');
  });
});
