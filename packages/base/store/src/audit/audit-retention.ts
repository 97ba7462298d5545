import type { AuditLimits } from '../engine/engine-options.ts';
import type { PreparedStatements } from '../sql/prepared-statements.ts';
import { readRows } from '../sql/read-rows.ts';
import type { AuditRecord } from './audit-record.ts';
import { removeRecords } from './remove-records.ts';

/** Records that go at a time, where there are thousands too many. */
const MAX_REMOVED = 1000;
/**
 * Records that a transition with a limit of its own may have beyond it: they go together, since to remove one record for each
 * that comes would take as long as to append it.
 */
export const RETENTION_SLACK = 256;

/** Records that are kept by one limit. */
interface Share {
  /** Their transitions; or all but these. */
  readonly where: string;
  readonly transitions: readonly string[];
  readonly holds: (transition: string) => boolean;
  /** 0: all of them. */
  readonly limit: number;
  readonly slack: number;
}

/** What went of a share. */
interface Removed {
  readonly count: number;
  /** The newest of them. */
  readonly lastSeq: number;
}

/** Keeps the audit log at its limits, each for itself: a flood of one kind of records takes no other with it. */
export class AuditRetention {
  readonly #statements: PreparedStatements;
  readonly #shares: readonly Share[];
  /** Of each share, how many records there are; `undefined` until they were counted. */
  #counts: number[] | undefined;
  /** Of each share, below which number nothing is left: what others keep there need not be looked through again. */
  readonly #begins: number[];

  constructor(statements: PreparedStatements, { maxRecords, maxOf = {} }: AuditLimits) {
    this.#statements = statements;
    const own = Object.keys(maxOf);
    const listed = own.map(() => '?').join(', ');
    this.#shares = [
      {
        where: `transition NOT IN (${listed})`,
        transitions: own,
        holds: (transition) => !own.includes(transition),
        limit: maxRecords,
        slack: 0,
      },
      ...Object.entries(maxOf).map(([own, limit]) => ({
        where: 'transition = ?',
        transitions: [own],
        holds: (transition: string) => transition === own,
        limit,
        slack: RETENTION_SLACK,
      })),
    ];
    this.#begins = this.#shares.map(() => 0);
  }

  /** Whether a write has to count the records first, which takes time. */
  get isCounted(): boolean {
    return this.#counts !== undefined || this.#shares.every(({ limit }) => limit === 0);
  }

  /** To be told of records that were committed. True where the oldest ones are to go. */
  isDue(appended: readonly AuditRecord[]): boolean {
    if (this.#shares.every(({ limit }) => limit === 0)) return false;
    if (this.#counts === undefined) this.#counts = this.#count();
    else for (const { transition } of appended) this.#counts[this.#shareOf(transition)] += 1;
    return this.#shares.some((_, index) => this.#excess(index) > 0);
  }

  /** Removes the oldest records that are too many, within the transaction that is open. Gives what went of each share. */
  prune(nowNs: bigint): readonly Removed[] {
    return this.#shares.map(({ where, transitions }, index) => {
      const excess = Math.min(this.#excess(index), MAX_REMOVED);
      if (excess === 0) return { count: 0, lastSeq: 0 };
      const oldest = this.#statements.get(
        `SELECT seq, prev_hash, record_hash FROM audit_log WHERE ${where} AND seq > ? ORDER BY seq LIMIT ?`,
      );
      const records = readRows(oldest, [...transitions, this.#begins[index], excess]);
      removeRecords(this.#statements, records, nowNs);
      return { count: records.length, lastSeq: Number(records.at(-1)?.seq ?? 0) };
    });
  }

  /** To be told of what was pruned once that is committed. */
  settle(removed: readonly Removed[]): void {
    for (const [index, { count, lastSeq }] of removed.entries()) {
      if (this.#counts) this.#counts[index] -= count;
      this.#begins[index] = Math.max(this.#begins[index], lastSeq);
    }
  }

  /** How many records of a share are beyond its limit, 0 while it bears that. */
  #excess(index: number): number {
    const { limit, slack } = this.#shares[index];
    const count = this.#counts?.[index] ?? 0;
    return limit > 0 && count > limit + slack ? count - limit : 0;
  }

  #shareOf(transition: string): number {
    return this.#shares.findIndex(({ holds }) => holds(transition));
  }

  /** Counts the records of all shares with one walk through the log: of 100,000 records it takes a tenth of a second. */
  #count(): number[] {
    const rows = readRows(this.#statements.get('SELECT transition, count(*) AS n FROM audit_log GROUP BY transition'));
    return this.#shares.map(({ holds }) =>
      rows.reduce((sum, { transition, n }) => (holds(String(transition)) ? sum + Number(n) : sum), 0),
    );
  }
}
