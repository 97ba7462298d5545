import type { AuditLimits, AuditOwner } from '../engine-options.ts';
import type { Script } from '../sql/script.ts';
import type { AuditRecord } from './audit-record.ts';
import { removeRecords } from './remove-records.ts';

/** Maximum records removed at a time, if thousands are over the limit. */
const MAX_REMOVED = 1000;
/**
 * Records by which a transition with a separate limit may exceed it. The excess is removed in one step, because
 * removing one record for each new one would take as long as appending it.
 */
export const RETENTION_SLACK = 256;

/** The records that share one limit. */
interface Share {
  /** SQL condition on the transitions: one of them, or all except those listed. */
  readonly where: string;
  readonly transitions: readonly string[];
  readonly holds: (transition: string) => boolean;
  readonly owner: AuditOwner | undefined;
  /** Maximum records; 0 means unlimited. */
  readonly limit: number;
  readonly slack: number;
}

/** Records of one owner in a share. */
interface Held {
  count: number;
  /** The owner has no record up to this number, so a search of the log can start here. */
  begin: number;
}

/** Records of one owner that were removed from a share. */
interface Removed {
  readonly share: number;
  readonly owner: string;
  readonly count: number;
  /** Number of the newest removed record. */
  readonly lastSeq: number;
}

/** The owner of a record in SQL. Records without an owner, or with a manipulated one, form one group. */
const OWNER_SQL: Readonly<Record<AuditOwner, string>> = {
  principal:
    "CASE WHEN json_valid(description) THEN coalesce(json_extract(description, '$.principal'), '') ELSE '' END",
  source: 'source_id',
};

/**
 * Enforces the limits of the audit log. Each kind of record has a separate limit. Within it, the owner with the most
 * records loses its oldest. So a flood of one kind or one principal does not remove records of others.
 */
export class AuditRetention {
  readonly #shares: readonly Share[];
  /** The records of each share by owner; `undefined` until they are counted. */
  #held: Map<string, Held>[] | undefined;
  /** Number of records of each share. */
  #totals: number[] = [];

  constructor({ maxRecords, maxOf = {}, ownerOf = {} }: AuditLimits) {
    const limited = Object.keys(maxOf);
    const listed = limited.map(() => '?').join(', ');
    this.#shares = [
      {
        // An empty list is not portable.
        where: limited.length === 0 ? '1 = 1' : `transition NOT IN (${listed})`,
        transitions: limited,
        holds: (transition) => !limited.includes(transition),
        owner: undefined,
        limit: maxRecords,
        slack: 0,
      },
      ...Object.entries(maxOf).map(([single, limit]) => ({
        where: 'transition = ?',
        transitions: [single],
        holds: (transition: string) => transition === single,
        owner: ownerOf[single],
        limit,
        slack: RETENTION_SLACK,
      })),
    ];
  }

  /** Whether the records are counted. If not, the next write counts them, which takes time. */
  get isCounted(): boolean {
    return this.#held !== undefined || this.#shares.every(({ limit }) => limit === 0);
  }

  /** Counts committed records. Returns whether the oldest ones must be removed. */
  *isDue(appended: readonly AuditRecord[]): Script<boolean> {
    if (this.#shares.every(({ limit }) => limit === 0)) return false;
    if (this.#held === undefined) this.#held = yield* this.#count();
    else {
      for (const record of appended) {
        const index = this.#shares.findIndex(({ holds }) => holds(record.transition));
        this.#add(this.#held, index, ownerOf(record, this.#shares[index].owner), 1);
      }
    }
    return this.#shares.some((_, index) => this.#excess(index) > 0);
  }

  /** Removes the oldest excess records within the open transaction. Returns the removed records. */
  *prune(nowNs: bigint): Script<readonly Removed[]> {
    const removed: Removed[] = [];
    for (const index of this.#shares.keys()) removed.push(...(yield* this.#pruneShare(index, nowNs)));
    return removed;
  }

  /** Updates the counts after the pruning transaction is committed. */
  settle(removed: readonly Removed[]): void {
    for (const { share, owner, count, lastSeq } of removed) {
      const held = this.#held?.[share].get(owner);
      if (!held) continue;
      held.count -= count;
      held.begin = Math.max(held.begin, lastSeq);
      this.#totals[share] -= count;
      if (held.count <= 0 && owner !== '') this.#held?.[share].delete(owner);
    }
  }

  *#pruneShare(index: number, nowNs: bigint): Script<readonly Removed[]> {
    const { where, transitions, owner: kind, limit } = this.#shares[index];
    const removed: Removed[] = [];
    let excess = Math.min(this.#excess(index), MAX_REMOVED);
    const left = new Map([...(this.#held?.[index] ?? [])].map(([owner, held]) => [owner, { ...held }]));
    const share = Math.floor(limit / Math.max(1, left.size));
    while (excess > 0) {
      const [owner, held] = largest(left);
      const most = Math.max(1, Math.min(excess, held.count - share));
      const isOwner = kind === undefined ? '' : ` AND ${OWNER_SQL[kind]} = ?`;
      const values = kind === undefined ? [] : [owner];
      const records = yield {
        sql: `SELECT seq, prev_hash, record_hash FROM audit_log WHERE ${where} AND seq > ?${isOwner} ORDER BY seq LIMIT ?`,
        parameters: [...transitions, held.begin, ...values, most],
      };
      yield* removeRecords(records, nowNs);
      const lastSeq = Number(records.at(-1)?.seq ?? held.begin);
      // Fewer records than counted: another program removed some. Corrects the count.
      const count = records.length < most ? held.count : records.length;
      removed.push({ share: index, owner, count, lastSeq });
      left.set(owner, { count: held.count - count, begin: lastSeq });
      excess -= Math.max(1, count);
    }
    return removed;
  }

  /** Returns by how many records a share exceeds its limit; 0 while it is within its slack. */
  #excess(index: number): number {
    const { limit, slack } = this.#shares[index];
    const count = this.#totals[index] ?? 0;
    return limit > 0 && count > limit + slack ? count - limit : 0;
  }

  #add(held: Map<string, Held>[], share: number, owner: string, count: number): void {
    const known = held[share].get(owner);
    if (known) known.count += count;
    else held[share].set(owner, { count, begin: 0 });
    this.#totals[share] += count;
  }

  /** Counts the records of all shares: for 100,000 records it takes 0.2 s. */
  *#count(): Script<Map<string, Held>[]> {
    const held = this.#shares.map(() => new Map<string, Held>());
    this.#totals = this.#shares.map(() => 0);
    for (const [index, { where, transitions, owner }] of this.#shares.entries()) {
      const sql = `SELECT ${owner ? OWNER_SQL[owner] : "''"} AS owner, count(*) AS n FROM audit_log WHERE ${where} GROUP BY 1`;
      for (const row of yield { sql, parameters: [...transitions] }) {
        this.#add(held, index, String(row.owner), Number(row.n));
      }
    }
    return held;
  }
}

function largest(held: ReadonlyMap<string, Held>): readonly [owner: string, held: Held] {
  let found: readonly [string, Held] = ['', { count: 0, begin: 0 }];
  for (const [owner, each] of held) if (each.count > found[1].count) found = [owner, each];
  return found;
}

/** Returns the owner of a record, with the same result as `OWNER_SQL`. */
function ownerOf({ description, sourceId }: AuditRecord, owner: AuditOwner | undefined): string {
  if (owner === undefined) return '';
  if (owner === 'source') return sourceId;
  try {
    const { principal } = Object(JSON.parse(description)) as { readonly principal?: unknown };
    return typeof principal === 'string' ? principal : '';
  } catch {
    // Not a record of a request: it belongs to no principal.
    return '';
  }
}
