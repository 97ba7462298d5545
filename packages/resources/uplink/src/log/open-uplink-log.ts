import { errorMessage, type Log } from '@medkit/core';
import type { Clock, Random } from '@medkit/edges';
import type { Statement, Store } from '@medkit/store';
import { dateEvidence, evidenceRecords } from './evidence-records.ts';
import { PendingUpdates } from './pending-updates.ts';
import { logLines, type RecordLine } from './record-lines.ts';
import { makeRoom, removeAcknowledged } from './retention.ts';
import {
  appendStatements,
  countEvents,
  holdStatement,
  type NewRecord,
  RECORD_CLASSES,
  type RecordTime,
  releaseStatements,
} from './uplink-record.ts';
import { RECORD_BYTES } from './uplink-tables.ts';

/** Records per read: with bodies of 256 KiB they stay below the 32 MiB that the store returns. */
const PAGE = 100;
/** Maximum hubs of one robot: each additional one retains records that it has not read. */
const MAX_HUBS = 4;
/** Interval of the marks that show how long the gateway ran, and of the removal of old records. */
const MARK_MS = 60 * 60 * 1000;
/** Part of the room after whose use the log checks again whether it is full. */
const CHECKED_PART = 1 / 64;

/** The end of the log. */
export interface UplinkHead {
  /** Id of the log, a UUID; another id is another history. */
  readonly log: string;
  /** Number of the newest record, 0 if there is none. */
  readonly newest: number;
  /** Hash of the newest record, 32 hexadecimal digits. */
  readonly hash: string;
  /** Last number that was removed after every hub had read it. */
  readonly removed: number;
}

/** How far a hub has committed. */
export interface HubCursor {
  readonly hub: string;
  readonly seq: number;
}

/** The last record that a hub has stored. */
export interface HubPosition {
  readonly log: string;
  readonly seq: number;
  /** Hash of that record, 32 hexadecimal digits. */
  readonly hash: string;
}

/** The outcome of a changed cursor. */
export type CursorOutcome = 'stored' | 'other-log' | 'ahead' | 'too-many-hubs';

/** The uplink log. Calls that read or write reject with the `StoreError` of the store. */
export interface UplinkLog {
  /** Number of this start of the gateway, 1 for the first. */
  readonly boot: number;
  /** Returns the time that a record has now. */
  now(): RecordTime;
  head(): Promise<UplinkHead>;
  cursors(): Promise<readonly HubCursor[]>;
  /**
   * Returns the statements that record these changes, for the transaction that makes them true. Call `written` when it
   * is committed.
   * @param events number of fault events in that transaction
   */
  statements(records: readonly NewRecord[], events?: number): readonly Statement[];
  written(): void;
  /**
   * Records what has no transaction in this store.
   * @param audit number of the last audit record that `records` contains
   */
  append(records: readonly NewRecord[], audit?: number): Promise<void>;
  /** Records evidence that was completed or removed; it is also looked for every 10 s. Resolves also if that fails. */
  recordEvidence(): Promise<void>;
  /** Returns the number of the last recorded audit record; `undefined` if there is none. */
  auditPosition(): Promise<number | undefined>;
  /** Returns up to 100 records after number `after`, as lines; empty if there are none yet. */
  read(after: number, limit: number): Promise<readonly RecordLine[]>;
  /** Stores the cursor of a hub. A hub that was restored from a backup may move it back. */
  setCursor(log: string, cursor: HubCursor): Promise<CursorOutcome>;
  /**
   * Returns whether the log continues from what a hub has stored. If it has another or no such record, the disk is an
   * older copy, and the log gets a new id: a new history, which every hub reads from its beginning.
   */
  continueFrom(position: HubPosition | undefined): Promise<boolean>;
  /** Notes the key of the robot after a rotation, so that the log stays with it. */
  setOwner(fingerprint: string): Promise<void>;
  /** Calls `listener` after records were written. Returns a function that stops it. */
  onWritten(listener: () => void): () => void;
  /** Removes old records and makes room. Runs automatically every hour and after a part of the room was filled. */
  tidy(): Promise<void>;
  /** Notes that the gateway ended regularly. The store stays open. */
  close(): Promise<void>;
}

export interface UplinkLogOptions {
  /** Opened with `UPLINK_TABLES`. */
  readonly store: Pick<Store, 'read' | 'write'>;
  readonly clock: Clock;
  readonly random: Random;
  /** Room for records, bytes. */
  readonly maxBytes: number;
  /**
   * Fingerprints of the robot's keys, the present one first; empty if it has none, absent if unknown. The log of another
   * key is removed: it is from the machine on which the image of this disk was made.
   */
  readonly owners?: readonly string[] | undefined;
  readonly log: Log;
}

/** Opens the log: continues the stored one or starts a new one, and records this start of the gateway. */
export async function openUplinkLog(options: UplinkLogOptions): Promise<UplinkLog> {
  const { store, clock, random, owners } = options;
  const startedMs = clock.monotonicMs();
  const [stored] = await store.read('SELECT owner FROM uplink_head');
  const isOfOther = owners !== undefined && stored?.owner != null && !owners.includes(String(stored.owner));
  await store.write([
    ...(isOfOther ? ['head', 'log', 'pending', 'hubs'].map((name) => ({ sql: `DELETE FROM uplink_${name}` })) : []),
    {
      sql: `INSERT OR IGNORE INTO uplink_head (id, log, seq, hash, bytes, event, removed, boot, running)
            VALUES (1, ?, 0, zeroblob(16), 0, (SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'events'), 0, 0, 0)`,
      parameters: [uuidOf(random)],
    },
    ...(owners?.[0] === undefined ? [] : [ownerStatement(owners[0])]),
  ]);
  const [head] = await store.read(
    `SELECT boot, running, event, (SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'events') AS events
     FROM uplink_head`,
  );
  const pending = await store.read('SELECT key FROM uplink_pending');
  const boot = Number(head?.boot) + 1;
  const time = { atMs: clock.wallMs(), boot, monoMs: 0 };
  const previousEnd = boot === 1 ? 'none' : Number(head?.running) === 1 ? 'killed' : 'clean';
  const missed = Number(head?.events) - Number(head?.event);
  await store.write([
    { sql: 'UPDATE uplink_head SET boot = ?, running = 1', parameters: [boot] },
    dateEvidence(time),
    ...pending.flatMap(({ key }) => releaseStatements(String(key))),
    ...appendStatements(markRecord({ boot, previous_end: previousEnd }), time),
    // The log was off for a while: events of that time are in the event log of the faults only.
    ...(missed > 0
      ? [...appendStatements(gapRecord({ reason: 'off', fault_events: missed }), time), countEvents(0)]
      : []),
  ]);
  return runningLog(options, boot, () => clock.monotonicMs() - startedMs);
}

const ownerStatement = (fingerprint: string): Statement => ({
  sql: 'UPDATE uplink_head SET owner = ?',
  parameters: [fingerprint],
});

/** Serves an open log whose start is recorded. */
function runningLog(options: UplinkLogOptions, boot: number, upMs: () => number): UplinkLog {
  const { store, clock, random, maxBytes, log } = options;
  const listeners = new Set<() => void>();
  const now = (): RecordTime => ({ atMs: clock.wallMs(), boot, monoMs: upMs() });
  const complain = (what: string) => (error: unknown) => log('error', `${what}: ${errorMessage(error)}`);
  /** Bytes of the records since room was last checked. */
  let unchecked = 0;
  let tidying: Promise<void> | undefined;
  const written = (): void => {
    for (const listener of listeners) listener();
    if (unchecked > maxBytes * CHECKED_PART) void tidy().catch(complain('the uplink log cannot remove old records'));
  };
  const pending = new PendingUpdates(clock, (keys) => {
    store.write(keys.flatMap(releaseStatements)).then(written, (error: unknown) => {
      pending.postpone(keys);
      complain('updates of faults are recorded in the uplink log later')(error);
    });
  });
  const statements = (records: readonly NewRecord[], events = 0): readonly Statement[] => {
    const time = now();
    /** Fault events that no statement has noted yet. */
    let uncounted = events;
    const rows = records.flatMap((record) => {
      unchecked += record.body.length + RECORD_BYTES;
      const { key, coalesceMs = 0 } = record;
      if (key !== undefined && coalesceMs > 0 && pending.holds(key, coalesceMs)) return [holdStatement(record, time)];
      const isPending = key !== undefined && pending.recorded(key);
      const append = appendStatements(record, time, { isPending, events: uncounted });
      uncounted = 0;
      return append;
    });
    return uncounted > 0 ? [...rows, countEvents(uncounted)] : rows;
  };
  const append = async (records: readonly NewRecord[], audit?: number): Promise<void> => {
    const position = { sql: 'UPDATE uplink_head SET audit = ?', parameters: [audit ?? null] };
    await store.write([...statements(records), ...(audit === undefined ? [] : [position])]);
    written();
  };
  const tidyNow = async (): Promise<void> => {
    unchecked = 0;
    await removeAcknowledged(store, clock.wallMs());
    const record = (removed: object) => appendStatements(gapRecord({ reason: 'room', ...removed }), now());
    while (await makeRoom(store, maxBytes, record));
  };
  const tidy = (): Promise<void> => {
    tidying ??= tidyNow().finally(() => {
      tidying = undefined;
    });
    return tidying;
  };
  const head = (): Promise<UplinkHead> => readHead(store);
  const cursors = (): Promise<readonly HubCursor[]> => storedCursors(store);
  const evidence = evidenceRecords({
    store,
    clock,
    now,
    onRecorded: written,
    onFailed: complain('evidence is recorded in the uplink log later'),
  });
  const marks = clock.every(MARK_MS, () => {
    append([markRecord({ boot, up_ms: Math.floor(upMs()) })])
      .then(tidy)
      .catch(complain('the hourly mark of the uplink log cannot be written'));
  });
  return {
    boot,
    now,
    head,
    cursors,
    statements,
    written,
    append,
    recordEvidence: evidence.record,
    auditPosition: async () => {
      const [row] = await store.read('SELECT audit FROM uplink_head');
      return row?.audit == null ? undefined : Number(row.audit);
    },
    tidy,
    read: async (after, limit) =>
      logLines(
        after,
        await store.read('SELECT * FROM uplink_log WHERE seq > ? ORDER BY seq LIMIT ?', [after, Math.min(limit, PAGE)]),
      ),
    setCursor: async (logId, { hub, seq }) => {
      const { log: id, newest } = await head();
      if (logId !== id) return 'other-log';
      if (seq > newest) return 'ahead';
      const known = await cursors();
      if (known.length >= MAX_HUBS && !known.some((cursor) => cursor.hub === hub)) return 'too-many-hubs';
      const sql = 'INSERT OR REPLACE INTO uplink_hubs (hub, acked_seq, at_ms) VALUES (?, ?, ?)';
      await store.write([{ sql, parameters: [hub, seq, Math.floor(clock.wallMs())] }]);
      return 'stored';
    },
    continueFrom: async (position) => {
      if (!position) return true;
      const { log: id, removed } = await head();
      if (position.log !== id) return false;
      const [row] = await store.read('SELECT hash FROM uplink_log WHERE seq = ?', [position.seq]);
      const isSame = row && Buffer.from(row.hash as Uint8Array).toString('hex') === position.hash;
      // A record that was removed cannot be compared. If no hub had read it according to this disk, the disk may be an
      // older copy whose log has filled up since then: another history repeats records, which the hub recognizes.
      if (isSame || (!row && position.seq <= removed)) return true;
      await store.write([
        { sql: 'UPDATE uplink_head SET log = ?', parameters: [uuidOf(random)] },
        { sql: 'DELETE FROM uplink_hubs' },
      ]);
      return false;
    },
    setOwner: async (fingerprint) => void (await store.write([ownerStatement(fingerprint)])),
    onWritten: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    close: async () => {
      marks.cancel();
      await evidence.close();
      pending.close();
      await tidying?.catch(() => undefined);
      await store.write([{ sql: 'UPDATE uplink_head SET running = 0' }]);
    },
  };
}

async function readHead(store: Pick<Store, 'read'>): Promise<UplinkHead> {
  const [row] = await store.read('SELECT log, seq, hash, removed FROM uplink_head');
  return {
    log: String(row?.log),
    newest: Number(row?.seq),
    hash: Buffer.from(row?.hash as Uint8Array).toString('hex'),
    removed: Number(row?.removed),
  };
}

async function storedCursors(store: Pick<Store, 'read'>): Promise<readonly HubCursor[]> {
  const rows = await store.read('SELECT hub, acked_seq FROM uplink_hubs ORDER BY hub');
  return rows.map((row) => ({ hub: String(row.hub), seq: Number(row.acked_seq) }));
}

const markRecord = (body: object): NewRecord => ({
  kind: 'boot',
  class: RECORD_CLASSES.mark,
  body: JSON.stringify(body),
});
const gapRecord = (body: object): NewRecord => ({
  kind: 'gap',
  class: RECORD_CLASSES.mark,
  body: JSON.stringify(body),
});

/** Returns a random UUID (RFC 9562, version 4). */
function uuidOf(random: Random): string {
  const bytes = Buffer.from(random.bytes(16));
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
