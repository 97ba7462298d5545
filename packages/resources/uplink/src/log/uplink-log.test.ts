import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { seededRandom } from '@medkit/edges';
import { SimulatedClock } from '@medkit/edges/testing';
import { chainedHash, memoryStore, openStore, type Store, StoreFull } from '@medkit/store';
import type { EnrolledHub } from './hub-position.ts';
import { openUplinkLog, type UplinkLog } from './open-uplink-log.ts';
import { faultClass, type NewRecord, RECORD_CLASSES } from './uplink-record.ts';
import { UPLINK_TABLES } from './uplink-tables.ts';

const MAX_BYTES = 64 * 1024 * 1024;
const DAY_MS = 24 * 3_600_000;

async function setUp({
  maxBytes = MAX_BYTES,
  storeBytes,
  hubs,
}: {
  maxBytes?: number;
  storeBytes?: number;
  hubs?: readonly EnrolledHub[];
} = {}) {
  const clock = new SimulatedClock();
  const store = memoryStore({
    clock,
    migrations: UPLINK_TABLES,
    ...(storeBytes !== undefined && { maxBytes: storeBytes }),
  });
  const lines: string[] = [];
  const options = {
    store,
    clock,
    random: seededRandom(7),
    maxBytes,
    ...(hubs && { hubs }),
    log: (_: string, line: string) => lines.push(line),
  };
  const open = (changes: { readonly hubs?: readonly EnrolledHub[] } = {}) => openUplinkLog({ ...options, ...changes });
  return { clock, store, lines, open, log: await open() };
}

const fault = (code: string, body: object = {}, severity: 0 | 1 | 2 | 3 = 2): NewRecord => ({
  kind: 'fault',
  class: faultClass(severity),
  key: code,
  body: JSON.stringify({ code, ...body }),
});
const update = (code: string, count: number): NewRecord => ({ ...fault(code, { count }), coalesceMs: 2000 });

interface Line {
  readonly seq: number;
  readonly kind: string;
  readonly hash: string;
  readonly at_ms: number;
  readonly boot: number;
  readonly mono_ms: number;
  readonly from?: number;
  readonly to?: number;
  readonly body: Readonly<Record<string, unknown>>;
}

async function allLines(log: UplinkLog, after = 0): Promise<readonly (Line & { readonly text: string })[]> {
  const all: (Line & { text: string })[] = [];
  for (let last = after; ; ) {
    const page = await log.read(last, 1000);
    if (page.length === 0) return all;
    all.push(...page.map(({ text }) => ({ ...(JSON.parse(text) as Line), text })));
    last = page.at(-1)?.seq ?? last;
  }
}

/** Checks the chain of records without holes, as a hub does: with the text of the body in the line. */
function assertChain(lines: Awaited<ReturnType<typeof allLines>>): void {
  let previous: Uint8Array = new Uint8Array(16);
  for (const { seq, kind, hash, text } of lines) {
    previous = chainedHash(previous, seq, kind, text.slice(text.indexOf(',"body":') + ',"body":'.length, -1));
    assert.equal(Buffer.from(previous).toString('hex'), hash, `record ${seq}`);
  }
}

const codes = async (log: UplinkLog) => (await allLines(log)).flatMap(({ body }) => body?.['code'] ?? []);

describe('the uplink log', () => {
  it('numbers records without holes, in a chain of hashes, with the time of the robot', async () => {
    const { log, clock } = await setUp();
    await clock.advanceAsync(1500, 500);
    await log.append([fault('A', { exact: 1 }), fault('B', { text: 'wörter "x"' })]);
    const lines = await allLines(log);
    assert.deepEqual(
      lines.map(({ seq, kind, boot, mono_ms }) => [seq, kind, boot, mono_ms]),
      [
        [1, 'boot', 1, 0],
        [2, 'fault', 1, 1500],
        [3, 'fault', 1, 1500],
      ],
    );
    assertChain(lines);
    const { newest, hash } = await log.head();
    assert.deepEqual([newest, hash], [3, lines[2]?.hash]);
  });

  it('retains the chain if a transaction in between fails', async () => {
    const { log, store } = await setUp();
    const failing = store.write([...log.statements([fault('A')]), { sql: 'INSERT INTO uplink_head (id) VALUES (1)' }]);
    const next = log.append([fault('B')]);
    await assert.rejects(failing);
    await next;
    const lines = await allLines(log);
    assert.deepEqual(await codes(log), ['B']);
    assert.deepEqual(
      lines.map(({ seq }) => seq),
      [1, 2],
    );
    assertChain(lines);
  });

  it('records at most one update of a key in 2 s, the last one included, also if the gateway is killed', async () => {
    const { log, clock, open } = await setUp();
    await log.append([update('A', 1)]);
    for (const count of [2, 3, 4]) await log.append([update('A', count), update(`other ${count}`, count)]);
    const counts = async (of: UplinkLog) =>
      (await allLines(of)).flatMap(({ body }) => (body?.['code'] === 'A' ? [body['count']] : []));
    assert.deepEqual(await counts(log), [1]);
    await clock.advanceAsync(2000, 500);
    assert.deepEqual(await counts(log), [1, 4]);
    await log.append([update('A', 5)]);
    await log.append([update('A', 6)]);
    assert.deepEqual(await counts(log), [1, 4]);
    const next = await open();
    assert.deepEqual(await counts(next), [1, 4, 6]);
    assertChain(await allLines(next));
  });

  it('discards a waiting update if a later record of its key has the whole state', async () => {
    const { log, clock } = await setUp();
    await log.append([update('A', 1)]);
    await log.append([update('A', 2)]);
    await log.append([fault('A', { healed: true })]);
    await clock.advanceAsync(10_000, 500);
    assert.deepEqual(
      (await allLines(log)).slice(1).map(({ body }) => body),
      [
        { code: 'A', count: 1 },
        { code: 'A', healed: true },
      ],
    );
  });

  it('records each start with the end of the previous one, and a mark each hour', async () => {
    const { log, clock, open } = await setUp();
    await clock.advanceAsync(3_600_000, 3_600_000);
    await log.close();
    const second = await open();
    await open();
    assert.deepEqual(
      (await allLines(second)).map(({ body }) => body),
      [
        { boot: 1, previous_end: 'none' },
        { boot: 1, up_ms: 3_600_000 },
        { boot: 2, previous_end: 'clean' },
        { boot: 3, previous_end: 'killed' },
      ],
    );
  });

  it('records in a gap how many fault events occurred while it was off', async () => {
    const { log, store, open } = await setUp();
    const event = { timeNs: 0n, type: 'fault_confirmed', payload: '{}' };
    await store.write(log.statements([fault('A')], 1), { events: [event] });
    assert.equal((await allLines(await open())).filter(({ kind }) => kind === 'gap').length, 0);
    await store.write([], { events: [event, event] });
    const gaps = (await allLines(await open())).filter(({ kind }) => kind === 'gap');
    assert.deepEqual(
      gaps.map(({ body }) => body),
      [{ reason: 'off', fault_events: 2 }],
    );
    assert.equal((await allLines(await open())).filter(({ kind }) => kind === 'gap').length, 1);
  });

  it('orders records by number if the clock is set back, and separates the starts', async () => {
    const { log, clock } = await setUp();
    await log.append([fault('A')]);
    clock.stepWall(-3_600_000);
    await clock.advanceAsync(10);
    await log.append([fault('B')]);
    const [, before, after] = await allLines(log);
    assert.ok(before && after && after.at_ms < before.at_ms && after.mono_ms >= before.mono_ms);
    assertChain(await allLines(log));
  });

  it('omits a body that is too large, and says how large it was', async () => {
    const { log } = await setUp();
    await log.append([fault('A', { text: 'x'.repeat(300_000) })]);
    assert.deepEqual((await allLines(log)).at(-1)?.body, { omitted_bytes: 300_022 });
  });
});

describe('the cursor of a hub', () => {
  it('is stored for this log up to its end, and may move back', async () => {
    const { log } = await setUp();
    const { log: id } = await log.head();
    assert.equal(await log.setCursor('other', { hub: 'h', seq: 1 }), 'other-log');
    assert.equal(await log.setCursor(id, { hub: 'h', seq: 2 }), 'ahead');
    assert.equal(await log.setCursor(id, { hub: 'h', seq: 1 }), 'stored');
    assert.equal(await log.setCursor(id, { hub: 'h', seq: 0 }), 'stored');
    assert.deepEqual(await log.cursors(), [{ hub: 'h', seq: 0 }]);
    for (const hub of ['i', 'j', 'k']) await log.setCursor(id, { hub, seq: 0 });
    assert.equal(await log.setCursor(id, { hub: 'l', seq: 0 }), 'too-many-hubs');
    assert.equal(await log.setCursor(id, { hub: 'k', seq: 1 }), 'stored');
  });

  it('lets acknowledged records go after 7 days, and none that a hub has not read', async () => {
    const { log, clock } = await setUp();
    const { log: id } = await log.head();
    await log.append([fault('A'), fault('B')]);
    await log.setCursor(id, { hub: 'slow', seq: 2 });
    await log.setCursor(id, { hub: 'fast', seq: 3 });
    clock.stepWall(6 * DAY_MS);
    await log.tidy();
    assert.deepEqual(await codes(log), ['A', 'B']);
    clock.stepWall(2 * DAY_MS);
    await log.tidy();
    assert.deepEqual(await codes(log), ['B']);
    assert.equal((await log.head()).removed, 2);
  });
});

describe('the log of two hubs', () => {
  const hub = (name: string, required = true): EnrolledHub => ({ name, required });
  const week = async ({ log, clock }: Awaited<ReturnType<typeof setUp>>) => {
    clock.stepWall(8 * DAY_MS);
    await log.tidy();
    return codes(log);
  };

  it('waits for a required hub that has read nothing yet', async () => {
    const robot = await setUp({ hubs: [hub('a'), hub('b')] });
    await robot.log.append([fault('A'), fault('B')]);
    const { log: id } = await robot.log.head();
    await robot.log.setCursor(id, { hub: 'a', seq: 3 });
    assert.deepEqual(await week(robot), ['A', 'B']);
    await robot.log.setCursor(id, { hub: 'b', seq: 2 });
    assert.deepEqual(await week(robot), ['B']);
  });

  it('does not wait for an observer, unless no hub is required', async () => {
    for (const [hubs, left] of [
      [[hub('a'), hub('b', false)], ['B']],
      [
        [hub('a', false), hub('b', false)],
        ['A', 'B'],
      ],
    ] as const) {
      const robot = await setUp({ hubs });
      await robot.log.append([fault('A'), fault('B')]);
      const { log: id } = await robot.log.head();
      await robot.log.setCursor(id, { hub: 'a', seq: 2 });
      await robot.log.setCursor(id, { hub: 'b', seq: 0 });
      assert.deepEqual(await week(robot), left);
      assert.equal((await robot.log.head()).removed, left.length === 1 ? 2 : 0);
    }
  });

  it('does not wait for a hub that was removed, and still for a program on this machine', async () => {
    for (const [name, left] of [
      ['b', ['B']],
      ['a program', ['A', 'B']],
    ] as const) {
      const robot = await setUp({ hubs: [hub('a'), hub('b')] });
      await robot.log.append([fault('A'), fault('B')]);
      const { log: id } = await robot.log.head();
      await robot.log.setCursor(id, { hub: 'a', seq: 2 });
      await robot.log.setCursor(id, { hub: name, seq: 0 });
      const log = await robot.open({ hubs: [hub('a')] });
      assert.equal((await log.cursors()).length, name === 'b' ? 1 : 2);
      assert.deepEqual(await week({ ...robot, log }), left);
    }
  });

  it('recognizes the cursor that an earlier version stored', async () => {
    const robot = await setUp();
    const { log: id } = await robot.log.head();
    await robot.log.setCursor(id, { hub: 'a', seq: 1 });
    assert.equal((await (await robot.open({ hubs: [hub('a')] })).cursors()).length, 1);
    assert.deepEqual(await (await robot.open({ hubs: [hub('b')] })).cursors(), []);
  });

  it('is that of one hub before: its database is migrated with its cursor and its records', async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'medkit-uplink-log-'));
    t.after(() => rmSync(folder, { recursive: true }));
    const clock = new SimulatedClock();
    const common = { path: join(folder, 'faults.db'), clock, warn: () => undefined };
    const before = await openStore({ ...common, migrations: { uplink: UPLINK_TABLES['uplink']!.slice(0, 3) } });
    await before.write([
      { sql: "INSERT INTO uplink_head VALUES (1, 'log-1', 9, zeroblob(16), 0, 0, 0, 4, 0, 'KEY-1', NULL)" },
      { sql: "INSERT INTO uplink_hubs (hub, acked_seq, at_ms) VALUES ('a', 9, 0)" },
    ]);
    await before.close();
    const store = await openStore({ ...common, migrations: UPLINK_TABLES });
    const owners = { present: ['KEY-1', 'KEY-OF-B'], previous: [] };
    const options = { store, clock, random: seededRandom(7), maxBytes: MAX_BYTES, log: () => undefined };
    const log = await openUplinkLog({ ...options, owners, hubs: [hub('a'), hub('b')] });
    const { log: id, newest } = await log.head('a');
    assert.deepEqual([id, newest, log.boot], ['log-1', 10, 5]);
    assert.deepEqual(await log.cursors(), [{ hub: 'a', seq: 9 }]);
    await log.close();
    await store.close();
  });

  it('always has room for the cursor of a hub, and for four programs', async () => {
    const { log } = await setUp({ hubs: [hub('a'), hub('b')] });
    const { log: id } = await log.head();
    for (const name of ['1', '2', '3', '4']) await log.setCursor(id, { hub: name, seq: 0 });
    assert.equal(await log.setCursor(id, { hub: '5', seq: 0 }), 'too-many-hubs');
    for (const name of ['a', 'b']) assert.equal(await log.setCursor(id, { hub: name, seq: 1 }), 'stored');
  });

  it('loses nothing that no hub has read while one of them is absent, if the log is full', async () => {
    const { log } = await setUp({ maxBytes: 30_000, hubs: [hub('a'), hub('b')] });
    const { log: id } = await log.head();
    const filler = 'x'.repeat(2000);
    for (let at = 0; at < 12; at += 1) await log.append([fault(`OLD_${at}`, { filler }, 3)]);
    await log.setCursor(id, { hub: 'a', seq: (await log.head()).newest });
    for (let at = 0; at < 8; at += 1) await log.append([fault(`NEW_${at}`, { filler }, 0)]);
    await log.tidy();
    const left = (await codes(log)).map(String);
    assert.equal(left.filter((code) => code.startsWith('NEW')).length, 8);
    assert.ok(left.length < 20, `${left}`);
  });
});

describe('a full log', () => {
  const filler = 'x'.repeat(2000);

  it('removes acknowledged records first, oldest first', async () => {
    const { log } = await setUp({ maxBytes: 30_000 });
    const { log: id } = await log.head();
    for (let at = 0; at < 10; at += 1) await log.append([fault(`A${at}`, { filler })]);
    await log.setCursor(id, { hub: 'h', seq: 11 });
    for (let at = 0; at < 10; at += 1) await log.append([fault(`B${at}`, { filler }, 0)]);
    await log.tidy();
    const left = await codes(log);
    assert.equal(left.filter((code) => String(code).startsWith('B')).length, 10);
    assert.ok(left.length < 14, String(left));
    assert.ok(!(await allLines(log, (await log.head()).removed)).some(({ kind }) => kind === 'hole' || kind === 'gap'));
  });

  it('removes unread records by class and age, retains the last tree, and records each loss', async () => {
    const { log } = await setUp({ maxBytes: 30_000 });
    const tree = (etag: string): NewRecord => ({
      kind: 'tree',
      class: RECORD_CLASSES.tree,
      body: JSON.stringify({ code: etag, filler }),
    });
    await log.append([tree('t1'), fault('critical', { filler }, 3), tree('t2')]);
    for (let at = 0; at < 20; at += 1) await log.append([fault(`info${at}`, { filler }, 0)]);
    await log.tidy();
    const lines = await allLines(log);
    const left = await codes(log);
    assert.ok(left.includes('critical') && left.includes('t2') && left.includes('info19'));
    assert.ok(!left.includes('t1') && !left.includes('info0'));
    // Every number is a record or in a hole, and the gap records count what the holes contain.
    let last = 0;
    let inHoles = 0;
    for (const { kind, seq, from = seq, to = seq } of lines) {
      assert.equal(from, last + 1);
      last = to;
      if (kind === 'hole') inHoles += to - from + 1;
    }
    const gaps = lines.filter(({ kind }) => kind === 'gap');
    assert.equal(
      gaps.reduce((sum, { body }) => sum + Number(body['records']), 0),
      inHoles,
    );
    assert.ok(inHoles > 5);
  });

  it('accounts for the bytes in use after every removal', async () => {
    const { log, store } = await setUp({ maxBytes: 30_000 });
    for (let at = 0; at < 40; at += 1) await log.append([fault(`F${at}`, { filler }, 1)]);
    await log.tidy();
    const [row] = await store.read(
      'SELECT bytes, (SELECT sum(octet_length(body) + 128) FROM uplink_log) AS counted FROM uplink_head',
    );
    assert.equal(row?.bytes, row?.counted);
    assert.ok(Number(row?.bytes) <= 30_000);
  });
});

it('a full disk refuses a change together with its record', async () => {
  const { log, store } = await setUp({ storeBytes: 256 * 1024 });
  const write = (store: Store, at: number) =>
    store.write(log.statements([fault(`F${at}`, { filler: 'x'.repeat(8000) })], 1), {
      events: [{ timeNs: 0n, type: 'fault_confirmed', payload: `{"at":${at}}` }],
    });
  let stored = 0;
  await assert.rejects(async () => {
    for (; stored < 1000; stored += 1) await write(store, stored);
  }, StoreFull);
  const { events } = await store.eventsAfter(0, 1000);
  assert.equal(events.length, stored);
  assert.equal((await codes(log)).length, stored);
  assertChain(await allLines(log));
});

describe('the position of a hub', () => {
  it('continues in a log that contains the record', async () => {
    const { log } = await setUp();
    await log.append([fault('A')]);
    const { log: id, newest, hash } = await log.head();
    assert.equal(await log.continueFrom('h', undefined), true);
    assert.equal(await log.continueFrom('h', { log: id, seq: newest, hash }), true);
    assert.equal(await log.continueFrom('h', { log: id, seq: 0, hash: '0'.repeat(32) }), true);
    assert.equal((await log.head()).log, id);
  });

  it('begins a new history if the disk is an older copy, and retains the records', async () => {
    for (const [ahead, hash] of [
      [1, 'f'.repeat(32)],
      [0, 'f'.repeat(32)],
    ] as const) {
      const { log } = await setUp();
      await log.append([fault('A')]);
      const { log: id, newest } = await log.head();
      await log.setCursor(id, { hub: 'h', seq: newest });
      assert.equal(await log.continueFrom('h', { log: id, seq: newest + ahead, hash }), false);
      const head = await log.head('h');
      assert.notEqual(head.log, id);
      assert.equal(head.newest, newest);
      assert.deepEqual(await log.cursors(), [{ hub: 'h', seq: 0 }]);
      assert.equal(await log.setCursor(id, { hub: 'h', seq: 1 }), 'other-log');
      assert.equal(await log.setCursor(head.log, { hub: 'h', seq: 1 }), 'stored');
      assert.equal((await log.head('h')).log, head.log);
      assert.equal((await allLines(log)).length, newest);
    }
  });

  it('begins a new history for this hub alone: another one continues, whatever the first one claims', async () => {
    const { log } = await setUp();
    await log.append([fault('A')]);
    const { log: id, newest, hash } = await log.head();
    await log.setCursor(id, { hub: 'other', seq: newest });
    for (const seq of [newest + 5, newest + 9]) {
      const { log: known } = await log.head('h');
      assert.equal(await log.continueFrom('h', { log: known, seq, hash }), false);
      assert.notEqual((await log.head('h')).log, known);
    }
    assert.equal(await log.continueFrom('other', { log: id, seq: newest, hash }), true);
    assert.equal((await log.head('other')).log, id);
    assert.deepEqual(
      (await log.cursors()).find(({ hub }) => hub === 'other'),
      { hub: 'other', seq: newest },
    );
  });

  it('begins a new history if the record was removed unread, because it cannot be compared', async () => {
    const { log } = await setUp({ maxBytes: 20_000 });
    const tree: NewRecord = { kind: 'tree', class: RECORD_CLASSES.tree, body: JSON.stringify('x'.repeat(500)) };
    const [read, last] = [30, 60];
    for (let count = 0; count < last; count += 1) await log.append([tree]);
    const { text } = (await allLines(log))[read - 1]!;
    await log.tidy();
    const { log: id } = await log.head();
    assert.ok(
      (await allLines(log)).every(({ seq }) => seq !== read),
      'the record was removed',
    );
    assert.equal(await log.continueFrom('h', { log: id, seq: read, hash: JSON.parse(text).hash }), false);
    assert.notEqual((await log.head('h')).log, id);
  });

  it('of another log begins nothing: the log is new already', async () => {
    const { log } = await setUp();
    const { log: id } = await log.head();
    assert.equal(await log.continueFrom('h', { log: 'other', seq: 1, hash: 'f'.repeat(32) }), false);
    assert.equal((await log.head()).log, id);
  });
});

describe('the log of another key', () => {
  it('is removed, because the disk was copied from another machine; a first key and a new key of the same robot keep it', async () => {
    const { store, clock, log, open } = await setUp();
    await log.append([fault('A')]);
    const { log: id } = await log.head();
    const options = { store, clock, random: seededRandom(9), maxBytes: MAX_BYTES, log: () => undefined };
    const opened = (present?: string, ...previous: readonly string[]) =>
      openUplinkLog({ ...options, owners: { present: present?.split(' ') ?? [], previous } });
    const withKey = async (...keys: Parameters<typeof opened>) => (await opened(...keys)).head();
    assert.equal((await withKey()).log, id);
    assert.equal((await withKey('KEY-1')).log, id);
    assert.equal((await (await open()).head()).log, id);
    const rotated = await opened('KEY-2', 'KEY-1');
    assert.equal((await rotated.head()).log, id);
    await rotated.setOwners(['KEY-3']);
    assert.equal((await withKey('KEY-4', 'KEY-3')).log, id);
    // A second hub, of which each may be removed.
    assert.equal((await withKey('KEY-4 HUB-2')).log, id);
    assert.equal((await withKey('HUB-2')).log, id);
    const other = await withKey('KEY-5');
    assert.notEqual(other.log, id);
    assert.equal(other.newest, 1);
    const sealed = await withKey();
    assert.notEqual(sealed.log, other.log);
  });
});
