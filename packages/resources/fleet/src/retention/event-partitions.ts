import type { Statement } from '@medkit/store';
import { type FleetContext, nowMs, textOf } from '../fleet-context.ts';
import { archiveEvents, archiveTable, type EventArchive } from './archive-events.ts';

/** Partitions that exist in advance: a hub whose sweeper fails for a month still has one for its events. */
const MONTHS_AHEAD = 2;
/** Partitions of events, for more than five years. A clock that jumps creates further ones; the default partition has the rest. */
const MAX_PARTITIONS = 80;
const DEFAULT = 'fleet_events_default';

/** A month in UTC, whose events are one partition. */
interface Month {
  readonly name: string;
  readonly fromMs: number;
  readonly toMs: number;
}

/** The partitions of events on PostgreSQL. */
export interface EventPartitions {
  /**
   * Creates the partitions of this month and the next two, and those of earlier months since `sinceMs` whose events are in
   * the default partition, which moves these events. If that fails, `problem` has the reason, and the default partition has
   * the events.
   */
  prepare(sinceMs: number): Promise<void>;
  /** Archives the partitions whose events are all older, and drops them; removes such events from the default partition. */
  removeBefore(beforeMs: number, archive: EventArchive | undefined): Promise<void>;
  /** Returns why events are in the default partition, after the last call of `prepare`. */
  problem(): string | undefined;
}

/** Returns the partitions of events in the schema of a store on PostgreSQL. Creates none until `prepare` is called. */
export function eventPartitions(context: Pick<FleetContext, 'store' | 'clock'>): EventPartitions {
  const { store } = context;
  let problem: string | undefined;

  const hasRows = async (condition: string, parameters: readonly number[] = []): Promise<boolean> =>
    (await store.read(`SELECT 1 AS found FROM ${DEFAULT} ${condition} LIMIT 1`, parameters)).length > 0;
  const run = async (...statements: readonly string[]): Promise<void> =>
    void (await store.write(statements.map((sql): Statement => ({ sql }))));

  /** Lists the tables of months. A detached table is about to be removed. */
  const tables = async (): Promise<readonly (Month & { readonly isAttached: boolean })[]> => {
    const rows = await store.read(
      `SELECT relname AS name, relispartition AS attached FROM pg_class
       WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r' AND relname ~ '^fleet_events_y[0-9]+m[0-9]+$'
       ORDER BY length(relname), relname`,
    );
    return rows.flatMap(({ name, attached }) => {
      const [, year, month] = /^fleet_events_y(\d+)m(\d+)$/.exec(textOf(name!)) ?? [];
      return year === undefined ? [] : [{ ...monthAt(Number(year), Number(month) - 1), isAttached: attached === 1 }];
    });
  };
  /** Creates a partition with the events that the default partition has of this month. */
  const create = ({ name, fromMs, toMs }: Month): Promise<void> =>
    run(
      `CREATE TABLE IF NOT EXISTS ${name} (LIKE fleet_events INCLUDING DEFAULTS INCLUDING INDEXES)`,
      `WITH moved AS (DELETE FROM ${DEFAULT} WHERE got_ms >= ${fromMs} AND got_ms < ${toMs} RETURNING *)
       INSERT INTO ${name} SELECT * FROM moved`,
      `ALTER TABLE fleet_events ATTACH PARTITION ${name} FOR VALUES FROM (${fromMs}) TO (${toMs})`,
    );
  const createAll = async (sinceMs: number): Promise<string | undefined> => {
    const existing = new Map((await tables()).map((each) => [each.name, each]));
    const now = nowMs(context);
    for (const month of months(Math.min(sinceMs, now), now)) {
      const table = existing.get(month.name);
      if (table?.isAttached) continue;
      const isPast = month.toMs <= now;
      if (isPast && !table && !(await hasRows('WHERE got_ms >= ? AND got_ms < ?', [month.fromMs, month.toMs])))
        continue;
      if (existing.size >= MAX_PARTITIONS)
        return `there are ${existing.size} partitions, and at most ${MAX_PARTITIONS}`;
      await create(month);
      existing.set(month.name, { ...month, isAttached: true });
    }
    return (await hasRows('')) ? 'the clock of this hub was wrong when it received them' : undefined;
  };
  return {
    async prepare(sinceMs) {
      try {
        problem = await createAll(sinceMs);
      } catch (error) {
        problem = `their partition cannot be created: ${(error as Error).message}`;
      }
    },
    async removeBefore(beforeMs, archive) {
      for (const { name, toMs, isAttached } of await tables()) {
        if (toMs > beforeMs) continue;
        // Events that arrive during the archiving, because a clock went back, are in the default partition.
        if (isAttached) await run(`ALTER TABLE fleet_events DETACH PARTITION ${name}`);
        if (archive) await archiveTable({ store, archive }, name);
        await run(`DROP TABLE ${name}`);
      }
      if (archive) await archiveEvents({ store, archive }, beforeMs, DEFAULT);
      else await store.write([{ sql: `DELETE FROM ${DEFAULT} WHERE got_ms < ?`, parameters: [beforeMs] }]);
    },
    problem: () => problem,
  };
}

/** Returns the months from that of one time until two months after that of another time, of which the last ones count. */
function months(fromMs: number, nowMs: number): readonly Month[] {
  const [from, now] = [new Date(fromMs), new Date(nowMs)];
  const ahead = MONTHS_AHEAD + 1;
  const first = (now.getUTCFullYear() - from.getUTCFullYear()) * 12 + now.getUTCMonth() - from.getUTCMonth();
  const count = Math.min(first + ahead, MAX_PARTITIONS);
  return Array.from({ length: count }, (_, index) =>
    monthAt(now.getUTCFullYear(), now.getUTCMonth() + ahead - count + index),
  );
}

/** @param month counted from 0, also beyond the months of the year */
function monthAt(year: number, month: number): Month {
  const [from, to] = [utc(year, month), utc(year, month + 1)];
  const digits = `${from.getUTCMonth() + 1}`.padStart(2, '0');
  return { name: `fleet_events_y${from.getUTCFullYear()}m${digits}`, fromMs: from.getTime(), toMs: to.getTime() };
}

/** Unlike `Date.UTC`, does not move the years 0 to 99 into another century. */
function utc(year: number, month: number): Date {
  const date = new Date(0);
  date.setUTCFullYear(year, month, 1);
  return date;
}
