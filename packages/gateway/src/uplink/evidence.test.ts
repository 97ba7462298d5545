import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fault } from '@medkit/core/testing';
import { seededRandom } from '@medkit/edges';
import { SimulatedClock } from '@medkit/edges/testing';
import { FAULT_TABLES, faultStorage } from '@medkit/faults';
import { memoryStore, type Statement } from '@medkit/store';
import { gatewayUplink } from './gateway-uplink.ts';

/** An uplink log beside the tables of the fault manager, with the fault F. */
async function setUp() {
  const clock = new SimulatedClock();
  const make = () =>
    gatewayUplink({ clock, random: seededRandom(3), maxBytes: 2 ** 26, log: (_, text) => assert.fail(text) });
  const store = memoryStore({ clock, migrations: { ...FAULT_TABLES, ...make().tables } });
  const attach = async () => {
    const uplink = make();
    const attached = await uplink.attach(store, faultStorage(store, 0));
    return { ...attached, log: uplink.log()! };
  };
  const first = await attach();
  const confirmed = fault('F', { sources: ['/lidar'] });
  await first.storage.save({
    faults: [confirmed],
    events: [{ type: 'fault_confirmed', fault: confirmed, timeNs: clock.wallNs(), autoClearedCodes: [] }],
  });
  /** The bodies of the evidence records after a number. */
  const evidence = async (log = first.log) => {
    await log.recordEvidence();
    const lines = await log.read(0, 100);
    return lines.map(({ text }) => JSON.parse(text)).filter(({ kind }) => kind === 'evidence');
  };
  return { ...first, store, clock, attach, evidence };
}

const recording = (id: string, code = 'F'): Statement => ({
  sql: `INSERT INTO rosbag_files (fault_code, recording_id, file_path, format, duration_sec, size_bytes, created_at_ns)
        VALUES (?, ?, ?, 'mcap', 9.5, 186355, 1774232078250000000)`,
  parameters: [code, id, `/bags/${id}`],
});
const statement = (sql: string): Statement => ({ sql });

describe('evidence in the uplink log', () => {
  it('is a descriptor of a recording when it is complete, and when it is removed', async () => {
    const { storage, store, clock, evidence } = await setUp();
    await storage.save({ faults: [], evidence: [recording('bag-1')] });
    const [record] = await evidence();
    assert.deepEqual(record.body, {
      evidence: 'recording',
      state: 'complete',
      id: 'bag-1 F',
      fault_code: 'F',
      recording_id: 'bag-1',
      occurrence: 1,
      format: 'mcap',
      size_bytes: 186_355,
      duration_sec: 9.5,
      end: '2026-03-23T02:14:38.250Z',
    });
    assert.equal(record.boot, 1);
    // A quota removes recordings without a change of a fault.
    await store.write([statement('DELETE FROM rosbag_files')]);
    clock.advance(10_000);
    const records = await evidence();
    assert.deepEqual(
      records.map(({ body }) => [body.state, body.id]),
      [
        ['complete', 'bag-1 F'],
        ['removed', 'bag-1 F'],
      ],
    );
  });

  it('describes the frames of a capture with their topics, and the log window', async () => {
    const { storage, evidence } = await setUp();
    const frame = (topic: string, atNs: string) =>
      statement(`INSERT INTO snapshots (fault_code, topic, message_type, data, captured_at_ns, capture_id, occurrence)
                 VALUES ('F', '${topic}', 'T', '{"a":1}', ${atNs}, 7, 1)`);
    await storage.save({
      faults: [],
      evidence: [
        statement("INSERT INTO pending_captures VALUES (7, 'F', 1, '[]', 1)"),
        statement("INSERT INTO log_windows VALUES ('F', 1, 1774232078000000000, 1774232079000000000, '[]', 0)"),
      ],
    });
    assert.deepEqual(await evidence(), []);
    await storage.save({
      faults: [],
      evidence: [
        frame('/scan', '1774232078000000000'),
        frame('/cmd_vel', '1774232078500000000'),
        statement('DELETE FROM pending_captures WHERE capture_id = 7'),
        statement(`UPDATE log_windows SET lines = '[[1,"i","l","m"]]' WHERE fault_code = 'F'`),
      ],
    });
    const [frames, logs] = (await evidence()).map(({ body }) => body);
    assert.deepEqual(frames, {
      evidence: 'frames',
      state: 'complete',
      id: '7',
      fault_code: 'F',
      occurrence: 1,
      frames: 2,
      topics: ['/scan', '/cmd_vel'],
      size_bytes: 14,
      start: '2026-03-23T02:14:38.000Z',
      end: '2026-03-23T02:14:38.500Z',
    });
    assert.deepEqual([logs.evidence, logs.lines, logs.occurrence], ['logs', 1, 1]);
    await storage.save({ faults: [], withoutSnapshots: ['F'] });
    assert.deepEqual(
      (await evidence()).slice(2).map(({ body }) => [body.evidence, body.state]),
      [
        ['frames', 'removed'],
        ['logs', 'removed'],
      ],
    );
  });

  it('is recorded after a kill, in the transaction of which it was stored', async () => {
    const { store, attach, evidence } = await setUp();
    await store.write([recording('bag-1'), recording('bag-2')]);
    const second = await attach();
    const records = await evidence(second.log);
    assert.deepEqual(
      records.map(({ body, boot }) => [body.recording_id, boot]),
      [
        ['bag-1', 2],
        ['bag-2', 2],
      ],
    );
  });

  it('is not stored while the log is closed, and within a bound while it is open', async () => {
    const { close, store, attach, evidence } = await setUp();
    await close();
    await store.write([recording('bag-1')]);
    const second = await attach();
    assert.deepEqual(await evidence(second.log), []);
    await store.write(Array.from({ length: 1100 }, (_, at) => recording(`many-${at}`)));
    const [row] = await store.read('SELECT count(*) AS n FROM uplink_pending');
    assert.equal(row?.n, 1000);
  });
});
