import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate as soon } from 'node:timers/promises';
import type { ForwardReply, JsonObject, Model } from '@medkit/core';
import { MemoryFiles, SimulatedClock } from '@medkit/edges/testing';
import { memoryDatabase } from '../../testing/memory-database.ts';
import { withDocument } from '../forwarding/parse-document.ts';
import { RecordingCopier, type RecordingCopying } from './copy-recordings.ts';
import type { FaultCopies } from './fault-copies.ts';
import { RecordingCopies } from './recording-copies.ts';

const close = (): void => undefined;
/** JSON adds two quotes. */
const OCTETS = 'a recording';
const SIZE = OCTETS.length + 2;

/** A peer with a recording of each fault, and the copier. */
async function setUp(download: (name: string) => ForwardReply | Promise<ForwardReply>) {
  const clock = new SimulatedClock();
  const storage = new MemoryFiles();
  const lines: string[] = [];
  /** Downloads that began, with their times. */
  const downloads: { readonly name: string; readonly atMs: number }[] = [];
  let listed: JsonObject[] = [];
  const send = async (_nativeId: string, { path }: { readonly path: string }): Promise<ForwardReply> => {
    const name = path.split('/')[3];
    if (name === undefined) return withDocument({ status: 200, headers: {}, close }, { items: listed });
    downloads.push({ name, atMs: clock.monotonicMs() });
    return download(name);
  };
  const there = new Set(['yard']);
  const options: RecordingCopying = {
    model: { provider: () => ({ forwarding: { send } }), onChange: () => close } as unknown as Model,
    faults: { find: () => ({ isListed: true }) } as unknown as FaultCopies,
    database: memoryDatabase(clock),
    storage,
    folder: '/data/recording_copies',
    clock,
    log: (_level, line) => void lines.push(line),
    isThere: (peer) => there.has(peer),
    maxBytes: 1000,
    maxOneBytes: 100,
    leastSeverity: 2,
  };
  const copying = new RecordingCopier(options, await new RecordingCopies(options).load());
  const syncFault = (code: string, severity = 2, status = 'CONFIRMED', ids = [code]) => {
    const descriptor = { id: code, name: code, mimetype: 'application/x-mcap', creation_date: '', size: SIZE };
    listed = [...listed, descriptor];
    const snapshots = ids.map((id) => ({ type: 'rosbag', bulk_data_uri: `/apps/arm/bulk-data/rosbags/${id}` }));
    const fault = { peer: 'yard', holder: 'apps/arm', code, item: { severity, status } };
    return copying.syncFault(fault, { environment_data: { snapshots } });
  };
  const pass = async (seconds: number): Promise<void> => {
    for (let second = 0; second < seconds; second += 1) {
      clock.advance(1000);
      for (let turn = 0; turn < 20; turn += 1) await soon();
    }
  };
  const copied = () => copying.copies.all().flatMap(({ id, copied: whole }) => (whole ? [id] : []));
  const health = () => copying.health();
  const figures = () => health().blocks['x-medkit-recording-copies'] as Readonly<Record<string, number>>;
  return { close: () => copying.close(), storage, there, lines, downloads, syncFault, pass, copied, health, figures };
}

const whole = (): ForwardReply => withDocument({ status: 200, headers: { etag: '"a"' }, close }, OCTETS);
const failing = (): ForwardReply => withDocument({ status: 500, headers: {}, close }, {});

describe('copying of recordings', () => {
  it('begins with the highest severity, and leaves out severities below the limit', async () => {
    const it = await setUp(whole);
    it.there.clear();
    for (const [code, severity] of [
      ['LOW', 1],
      ['FIRST', 2],
      ['SECOND', 2],
      ['GRAVE', 3],
    ] as const) {
      assert.equal(await it.syncFault(code, severity), true);
    }
    await it.pass(5);
    assert.deepEqual(it.downloads, []);
    it.there.add('yard');
    await it.pass(120);
    assert.deepEqual(
      it.downloads.map(({ name }) => name),
      ['GRAVE', 'FIRST', 'SECOND'],
    );
    assert.deepEqual(it.copied(), ['FIRST', 'SECOND', 'GRAVE']);
    await it.close();
  });

  it('requests an unavailable recording less and less often, and finally gives up', async () => {
    const it = await setUp(failing);
    await it.syncFault('JAM');
    await it.pass(3000);
    const gaps = it.downloads.map(({ atMs }, at) => atMs - (it.downloads[at - 1]?.atMs ?? 0)).slice(1);
    assert.equal(it.downloads.length, 10);
    assert.ok(
      gaps.every((gap, at) => at === 0 || gap >= (gaps[at - 1] ?? 0)),
      gaps.join(),
    );
    assert.deepEqual([it.figures().left_out_total, it.figures().waiting, it.copied()], [1, 0, []]);
    await it.syncFault('JAM');
    await it.pass(100);
    assert.equal(it.downloads.length, 10);
    await it.close();
  });

  it('continues with another recording if one arrives too slowly', async () => {
    const dripping = (): ForwardReply => {
      const ended = Promise.withResolvers<void>();
      const body = (async function* () {
        yield Buffer.from('a');
        await ended.promise;
        throw new Error('it was closed');
      })();
      return { status: 200, headers: { 'content-length': String(SIZE) }, body, close: ended.resolve };
    };
    const it = await setUp((name) => (name === 'FAST' ? whole() : dripping()));
    await it.syncFault('SLOW', 3);
    await it.syncFault('FAST');
    await it.pass(20);
    assert.deepEqual(it.copied(), []);
    await it.pass(200);
    assert.deepEqual(it.copied(), ['FAST']);
    await it.close();
  });

  it('pauses while the disk is full, reports it once, and continues automatically', async () => {
    const it = await setUp(whole);
    let freeBytes = 1000;
    it.storage.freeBytes = async () => freeBytes;
    await it.syncFault('JAM');
    await it.pass(300);
    assert.deepEqual(it.downloads, []);
    assert.deepEqual(
      it.health().warnings.map(({ code }) => code),
      ['recording_copies_paused'],
    );
    freeBytes = 1e12;
    await it.pass(100);
    assert.deepEqual([it.copied(), it.health().warnings], [['JAM'], []]);
    assert.deepEqual(it.lines, [
      'Recordings of other gateways are not copied until there is free space: the disk has not enough free space',
      'Recordings of other gateways are copied again: the disk has free space',
    ]);
    await it.close();
  });

  it('waits for a recording of an active severe fault only', async () => {
    const it = await setUp(whole);
    assert.equal(await it.syncFault('JAM', 2, 'CONFIRMED', []), false);
    assert.equal(await it.syncFault('JAM', 1, 'CONFIRMED', []), true);
    assert.equal(await it.syncFault('JAM', 2, 'HEALED', []), true);
    assert.equal(await it.syncFault('JAM', 2, 'CONFIRMED'), true);
    await it.close();
  });
});
