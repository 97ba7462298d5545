import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { Fault } from '@medkit/core';
import { systemClock } from '@medkit/edges/node';
import { SimulatedClock } from '@medkit/edges/testing';
import { openStore, type Store } from '@medkit/store';
import { SEVERITY } from '../fault/severity.ts';
import { faultStore } from '../testing/robot-faults.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { putFault } from './fault-row.ts';
import { FAULT_TABLES } from './fault-tables.ts';
import type { PendingCapture } from './pending-capture.ts';
import { putPendingCapture, removePending, removePendingOf } from './pending-capture-rows.ts';
import { packSamples, unpackSamples } from './sample-blob.ts';
import { putFreezeFrame, putSnapshot } from './snapshot-rows.ts';
import { MAX_FRAMES_READ, snapshotStorage } from './snapshot-storage.ts';
import type { StoredFrame } from './stored-frame.ts';

const frame = (captureId: number, topic: string, more: Partial<StoredFrame> = {}): StoredFrame => ({
  faultCode: 'F1',
  captureId,
  occurrence: 2,
  topic,
  messageType: 'std_msgs/msg/Float64',
  data: '{"data":1}',
  problem: '',
  history: '',
  capturedAtNs: 1_735_312_456_123_456_789n,
  ...more,
});

const fault = (code: string): Fault => ({
  code,
  severity: SEVERITY.ERROR,
  description: '',
  status: 'CONFIRMED',
  counter: -1,
  occurrenceCount: 1,
  sources: [],
  firstOccurredNs: 1n,
  lastOccurredNs: 1n,
  lastPassedNs: 0n,
  confirmedAtNs: 1n,
  healedAtNs: 0n,
  clearedAtNs: 0n,
  clearedBy: '',
});

const pending = (captureId: number, faultCode = 'F1'): PendingCapture => ({
  captureId,
  faultCode,
  occurrence: 3,
  requestedAtNs: 5n,
  sources: ['/a'],
  held: [
    {
      topic: '/t',
      type: 'T',
      samples: [
        { octets: new Uint8Array([0, 1, 0, 0, 7]), size: 5, receivedNs: 1n },
        { octets: new Uint8Array(), size: 9_000_000, receivedNs: -2n },
      ],
    },
    {
      topic: '/t',
      runtime: 'south',
      type: 'T',
      samples: [{ octets: new Uint8Array([0, 1, 0, 0, 9]), size: 5, receivedNs: 3n }],
    },
  ],
});

const STORES: Readonly<Record<string, (folder: string) => Promise<Store>>> = {
  memory: async () => faultStore(new SimulatedClock()),
  sqlite: (folder) =>
    openStore({ path: join(folder, 'faults.db'), migrations: FAULT_TABLES, clock: systemClock, warn: assert.fail }),
};

for (const [kind, open] of Object.entries(STORES)) {
  const withStore = (work: (store: Store, reopened: () => Promise<Store>) => Promise<void>) => async () => {
    using folder = temporaryFolder();
    let store = await open(folder.path);
    try {
      await work(store, async () => {
        if (kind === 'memory') return store;
        await store.close();
        store = await open(folder.path);
        return store;
      });
    } finally {
      await store.close();
    }
  };

  describe(`storage of snapshots (${kind})`, () => {
    it(
      'S01, S02, S03, S07: returns frames unchanged, newest capture first',
      withStore(async (store) => {
        const frames = [
          frame(4, '/a', { problem: 'p', history: '{"x":{}}' }),
          frame(4, '/b', { capturedAtNs: 2n, runtime: 'south' }),
          frame(7, '/a', { capturedAtNs: 1n }),
          frame(5, '/a', { faultCode: 'F2' }),
        ];
        await store.write(frames.map(putSnapshot));
        const storage = snapshotStorage(store);
        assert.deepEqual(await storage.frames('F1'), [frames[2], frames[0], frames[1]]);
        assert.deepEqual([await storage.count('F1'), await storage.newestCaptureId()], [3, 7]);
      }),
    );

    it(
      'S04, S07: has nothing of an unknown fault, and 0 as the newest number if it has no frame',
      withStore(async (store) => {
        const storage = snapshotStorage(store);
        assert.deepEqual(await storage.frames('F9'), []);
        assert.equal(await storage.freezeFrame('F9'), undefined);
        assert.deepEqual([await storage.count('F9'), await storage.newestCaptureId()], [0, 0]);
        assert.deepEqual(await storage.pending(), []);
      }),
    );

    it(
      'S08: stores one frame of each fault that outlives a clear, and never replaces one with an empty one',
      withStore(async (store, reopened) => {
        const put = (data: string, capturedAtNs: bigint) =>
          store.write([
            putFreezeFrame({ faultCode: 'F1', occurrence: 1, data, problem: `at ${capturedAtNs}`, capturedAtNs }),
          ]);
        await put('{"/a":0}', 0n);
        assert.equal(await snapshotStorage(store).freezeFrame('F1'), undefined, 'there is no such fault');
        await store.write([putFault(fault('F1'))]);
        const found: unknown[] = [];
        for (const [data, at] of [
          ['{}', 1n],
          ['{"/a":1}', 2n],
          ['{}', 3n],
          ['{"/a":2}', 4n],
        ] as const) {
          await put(data, at);
          const stored = await snapshotStorage(store).freezeFrame('F1');
          found.push([stored?.data, stored?.problem, stored?.capturedAtNs]);
        }
        assert.deepEqual(found, [
          ['{}', 'at 1', 1n],
          ['{"/a":1}', 'at 2', 2n],
          ['{"/a":1}', 'at 2', 2n],
          ['{"/a":2}', 'at 4', 4n],
        ]);
        assert.equal((await snapshotStorage(await reopened()).freezeFrame('F1'))?.data, '{"/a":2}');
      }),
    );

    it(
      'stores incomplete captures with their cached values',
      withStore(async (store, reopened) => {
        await store.write([pending(1), pending(2), pending(3, 'F2')].flatMap(putPendingCapture));
        const storage = snapshotStorage(await reopened());
        const { held, ...first } = pending(1);
        assert.deepEqual((await storage.pending())[0], first);
        assert.deepEqual(await storage.held(1), held);
        assert.equal(await storage.newestCaptureId(), 3);
        store = await reopened();
        await store.write(removePending(1));
        const again = snapshotStorage(store);
        const remaining = (await again.pending()).map(({ captureId }) => captureId);
        assert.deepEqual(remaining, [2, 3]);
        await store.write(removePendingOf('F1'));
        assert.deepEqual([await again.held(2), (await again.held(3)).length], [[], 2]);
      }),
    );
  });
}

describe('frames of one read', () => {
  it('are limited to what a reply can have', async () => {
    const store = faultStore(new SimulatedClock());
    const storage = snapshotStorage(store);
    await store.write(Array.from({ length: MAX_FRAMES_READ + 5 }, (_, index) => putSnapshot(frame(index, '/t'))));
    assert.equal((await storage.frames('F1')).length, MAX_FRAMES_READ);
    const large = JSON.stringify('x'.repeat(5_000_000));
    await store.write(Array.from({ length: 10 }, () => putSnapshot(frame(1, '/t', { faultCode: 'F2', data: large }))));
    assert.equal((await storage.frames('F2')).length, 2);
  });
});

describe('samples of a row', () => {
  it('are omitted if the row ends before them', () => {
    const { samples } = pending(1).held[0];
    const blob = packSamples(samples);
    assert.deepEqual(unpackSamples(blob), samples);
    assert.deepEqual(unpackSamples(blob.subarray(0, blob.length - 1)), samples.slice(0, 1));
    for (let length = 0; length < blob.length; length += 1) unpackSamples(blob.subarray(0, length));
  });
});
