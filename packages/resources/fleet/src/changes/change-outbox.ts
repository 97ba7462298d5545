import type { FleetChangeMessage } from '@medkit/contract';
import type { Random } from '@medkit/edges';
import { DAY_MS, type FleetContext, type FleetStore, nowMs, optionalNumber, textOf } from '../fleet-context.ts';
import { changeMessage } from './change-message.ts';

/** Changes of one read: each may have the 256 KiB of a record, and a read has at most 32 MiB. */
const MAX_CHANGES_PER_PAGE = 100;
/** Changes that wait, about 1 KB each. The oldest ones are skipped. */
const MAX_WAITING_CHANGES = 1_000_000;
/** Time for which changes wait: as long as the stream has them. */
const MAX_WAIT_MS = DAY_MS;
/** Rows that one transaction skips: the writer is free for new records between two of them. */
const SKIPPED_PER_TURN = 5000;
/** Waiting changes that are counted: a health report must not read a million rows. */
const COUNTED = 10_000;

/** A change that waits for publication. */
export interface WaitingChange {
  readonly row: number;
  /** Changes with the same lane are published one after the other: the faults and presence of a robot, or another topic. */
  readonly lane: string;
  readonly message: FleetChangeMessage;
}

export interface OutboxState {
  /** Up to 10,001. */
  readonly waiting: number;
  /** When the hub stored the oldest waiting change, milliseconds since 1970. */
  readonly oldestMs?: number;
  /** Changes that were never published, since the hub began to publish, and when that happened last. */
  readonly skipped: number;
  readonly skippedMs?: number;
}

/** The committed changes of a fleet that wait for publication, in the order of their commit. */
export interface ChangeOutbox {
  /**
   * Begins to record changes. Returns the name of the hub in subjects: `hubName`, or the name of the first start if
   * `hubName` is empty.
   * @param machineName name of the hub if none is stored
   */
  start(hubName: string, machineName: string): Promise<string>;
  /** Ends the recording, and removes what waits. */
  stop(): Promise<void>;
  /** Skips changes that waited for too long or are too many. Returns how many. */
  skipOld(maxWaiting?: number): Promise<number>;
  /** Reads the oldest waiting changes, up to the last `skipOld`, which states their time. */
  waiting(): Promise<{ readonly changes: readonly WaitingChange[]; readonly hasMore: boolean }>;
  /** Removes changes that were published, or `isSkipped`, which are counted. */
  remove(rows: readonly number[], isSkipped?: boolean): Promise<void>;
  state(): Promise<OutboxState>;
}

type OutboxContext = Pick<FleetContext, 'clock' | 'store'> & { readonly random: Pick<Random, 'bytes'> };

/** Opens the outbox over a store with `CHANGE_TABLES`. */
export function changeOutbox(context: OutboxContext): ChangeOutbox {
  const { store, random } = context;
  let token = '';
  const skip = async (condition: string, parameters: readonly number[]): Promise<number> => {
    const { results } = await store.write([
      { sql: `DELETE FROM fleet_changes WHERE ${condition}`, parameters },
      {
        sql: 'UPDATE fleet_publisher SET skipped = skipped + changes(), skipped_ms = ? WHERE changes() > 0',
        parameters: [nowMs(context)],
      },
    ]);
    return results[0]!.changes;
  };
  return {
    start: async (hubName, machineName) => {
      const fresh = Buffer.from(random.bytes(6)).toString('hex');
      await store.write([
        {
          sql: 'INSERT INTO fleet_publisher (id, token, hub) VALUES (1, ?, ?) ON CONFLICT (id) DO NOTHING',
          parameters: [fresh, hubName || machineName],
        },
        ...(hubName === ''
          ? []
          : [{ sql: 'UPDATE fleet_publisher SET hub = ? WHERE hub <> ?', parameters: [hubName, hubName] }]),
      ]);
      const [row] = await store.read('SELECT token, hub FROM fleet_publisher');
      token = textOf(row!.token!);
      return textOf(row!.hub!);
    },
    stop: () => stopRecording(store),
    skipOld: async (maxWaiting = MAX_WAITING_CHANGES) => {
      const now = nowMs(context);
      const head = `SELECT h.id, h.got_ms FROM fleet_changes h ORDER BY h.id LIMIT ${SKIPPED_PER_TURN}`;
      const [found] = await store.read(
        `SELECT (SELECT count(*) FROM (SELECT 1 FROM fleet_changes WHERE got_ms IS NULL LIMIT 1) AS u) AS untimed,
           (SELECT count(*) FROM (${head}) AS old WHERE old.got_ms < ?) AS old,
           (SELECT coalesce(max(id) - min(id) + 1, 0) FROM fleet_changes) AS span`,
        [now - MAX_WAIT_MS],
      );
      if (Number(found?.untimed) > 0) {
        await store.write([{ sql: 'UPDATE fleet_changes SET got_ms = ? WHERE got_ms IS NULL', parameters: [now] }]);
      }
      let skipped = 0;
      if (Number(found?.span) > maxWaiting) {
        skipped += await skip('id <= (SELECT max(m.id) FROM fleet_changes m) - ?', [maxWaiting]);
      }
      if (Number(found?.old) === 0) return skipped;
      const old = `id IN (SELECT old.id FROM (${head}) AS old WHERE old.got_ms < ?)`;
      return skipped + (await skip(old, [now - MAX_WAIT_MS]));
    },
    waiting: async () => {
      const rows = await store.read(
        `SELECT c.id, c.topic, c.change, c.at_ms, c.got_ms, c.body, r.name AS robot
         FROM fleet_changes c LEFT JOIN fleet_robots r ON r.id = c.robot
         WHERE c.got_ms IS NOT NULL ORDER BY c.id LIMIT ?`,
        [MAX_CHANGES_PER_PAGE],
      );
      const changes = rows.map((row) => {
        const message = changeMessage(row, token);
        const isOfRobot = message.topic === 'fault' || message.topic === 'presence';
        const lane = isOfRobot ? `robot ${message.robot}` : `topic ${message.topic}`;
        return { row: Number(row.id), lane, message };
      });
      return { changes, hasMore: rows.length === MAX_CHANGES_PER_PAGE };
    },
    remove: async (rows, isSkipped = false) => {
      if (rows.length === 0) return;
      const condition = 'id IN (SELECT CAST(j.value AS INTEGER) FROM json_each(?) j)';
      const parameters = [JSON.stringify(rows)];
      await store.write([
        { sql: `DELETE FROM fleet_changes WHERE ${condition}`, parameters },
        ...(isSkipped
          ? [
              {
                sql: 'UPDATE fleet_publisher SET skipped = skipped + changes(), skipped_ms = ?',
                parameters: [nowMs(context)],
              },
            ]
          : []),
      ]);
    },
    state: async () => {
      const [row] = await store.read(
        `SELECT (SELECT count(*) FROM (SELECT 1 FROM fleet_changes LIMIT ${COUNTED + 1}) AS w) AS waiting,
           (SELECT c.got_ms FROM fleet_changes c ORDER BY c.id LIMIT 1) AS oldest_ms,
           (SELECT p.skipped FROM fleet_publisher p) AS skipped, (SELECT p.skipped_ms FROM fleet_publisher p) AS skipped_ms`,
      );
      const [oldestMs, skippedMs] = [row?.oldest_ms, row?.skipped_ms].map(optionalNumber);
      return {
        waiting: Number(row?.waiting ?? 0),
        ...(oldestMs !== undefined && { oldestMs }),
        skipped: Number(row?.skipped ?? 0),
        ...(skippedMs !== undefined && { skippedMs }),
      };
    },
  };
}

/** Ends the recording of changes that a hub with other settings began. Writes nothing if none did. */
async function stopRecording(store: FleetStore): Promise<void> {
  const [row] = await store.read('SELECT 1 AS found FROM fleet_publisher');
  if (!row) return;
  await store.write([{ sql: 'DELETE FROM fleet_publisher' }, { sql: 'DELETE FROM fleet_changes' }]);
}
