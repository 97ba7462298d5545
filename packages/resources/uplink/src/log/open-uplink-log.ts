import { errorMessage, type Log } from '@medkit/core';
import type { Clock, Random } from '@medkit/edges';
import type { Statement, Store } from '@medkit/store';
import { dateEvidence, evidenceRecords } from './evidence-records.ts';
import {
  type CursorOutcome,
  continueFrom,
  type EnrolledHub,
  forgetHubs,
  type HubCursor,
  type HubPosition,
  readCursors,
  readHead,
  storeCursor,
  type UplinkHead,
  uuidOf,
} from './hub-position.ts';
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
/** Interval of the marks that show how long the gateway ran, and of the removal of old records. */
const MARK_MS = 60 * 60 * 1000;
/** Part of the room after whose use the log checks again whether it is full. */
const CHECKED_PART = 1 / 64;

/** The uplink log. Calls that read or write reject with the `StoreError` of the store. */
export interface UplinkLog {
  /** Number of this start of the gateway, 1 for the first. */
  readonly boot: number;
  /** Returns the time that a record has now. */
  now(): RecordTime;
  /**
   * Returns the end of the log.
   * @param hub the hub for which its id is returned; another one may have another id
   */
  head(hub?: string): Promise<UplinkHead>;
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
   * older copy, and the log gets a new id for this hub: a new history, which the hub reads from its beginning.
   */
  continueFrom(hub: string, position: HubPosition | undefined): Promise<boolean>;
  /** Notes the present keys of the robot after a rotation, so that the log stays with them. */
  setOwners(fingerprints: readonly string[]): Promise<void>;
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
  /** The keys of the robot; absent if unknown. A log of other keys is from another machine, and is removed. */
  readonly owners?: LogOwners | undefined;
  /** The hubs at which this robot is enrolled; absent if one cannot be read. */
  readonly hubs?: readonly EnrolledHub[] | undefined;
  readonly log: Log;
}

/** Fingerprints of the robot's keys, one of each hub. Both lists are empty if it has none. */
export interface LogOwners {
  readonly present: readonly string[];
  /** Those before the last rotation. */
  readonly previous: readonly string[];
}

/** Opens the log: continues the stored one or starts a new one, and records this start of the gateway. */
export async function openUplinkLog(options: UplinkLogOptions): Promise<UplinkLog> {
  const { store, clock, random, owners, hubs } = options;
  const startedMs = clock.monotonicMs();
  const [stored] = await store.read('SELECT owner FROM uplink_head');
  const keys = owners && [...owners.present, ...owners.previous];
  const isOfOther = keys && stored?.owner != null && !ownersIn(stored.owner).some((key) => keys.includes(key));
  await store.write([
    ...(isOfOther ? ['head', 'log', 'pending', 'hubs'].map((name) => ({ sql: `DELETE FROM uplink_${name}` })) : []),
    {
      sql: `INSERT OR IGNORE INTO uplink_head (id, log, seq, hash, bytes, event, removed, boot, running)
            VALUES (1, ?, 0, zeroblob(16), 0, (SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'events'), 0, 0, 0)`,
      parameters: [uuidOf(random)],
    },
    ...(owners && owners.present.length > 0 ? [ownerStatement(owners.present)] : []),
    ...(hubs ? forgetHubs(hubs) : []),
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

const ownerStatement = (fingerprints: readonly string[]): Statement => ({
  sql: 'UPDATE uplink_head SET owner = ?',
  parameters: [fingerprints.join(' ')],
});
const ownersIn = (owner: unknown): readonly string[] => String(owner).split(' ');

/** Serves an open log whose start is recorded. */
function runningLog(options: UplinkLogOptions, boot: number, upMs: () => number): UplinkLog {
  const { store, clock, random, maxBytes, hubs = [], log } = options;
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
    await removeAcknowledged(store, clock.wallMs(), hubs);
    const record = (removed: object) => appendStatements(gapRecord({ reason: 'room', ...removed }), now());
    while (await makeRoom(store, maxBytes, hubs, record));
  };
  const tidy = (): Promise<void> => {
    tidying ??= tidyNow().finally(() => {
      tidying = undefined;
    });
    return tidying;
  };
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
    head: (hub) => readHead(store, hub),
    cursors: () => readCursors(store),
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
    setCursor: (logId, cursor) => storeCursor(store, clock.wallMs(), logId, cursor, hubs),
    continueFrom: (hub, position) => continueFrom(store, random, clock.wallMs(), hub, position),
    setOwners: async (fingerprints) => void (await store.write([ownerStatement(fingerprints)])),
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
