import {
  type AccessRefusal,
  type AuditedAccess,
  type DeniedAccess,
  MAX_SUMMARY_SOURCES,
  type RefusalReason,
} from '@medkit/contract';
import { addressPrefix } from '../limits/address-prefix.ts';
import { BoundedTable } from '../limits/bounded-table.ts';

/** Maximum distinct sources; for further ones only the number of refusals is known. */
const MAX_SOURCES = 1024;

/** A rejected request. */
export interface Refusal {
  readonly reason: RefusalReason;
  /** Address of the client. */
  readonly address: string;
  /**
   * The principal, if known. For a login, the account, but only if it exists: users sometimes type a password as the
   * name.
   */
  readonly principal?: string | undefined;
  /** The requested route; absent for an unknown path. */
  readonly operationId?: string | undefined;
}

/** Refusals from one source for one reason. */
interface Source extends Refusal {
  operationId: string | undefined;
  count: number;
  readonly firstMs: number;
  lastMs: number;
  /** Number not yet in a summary, and since when. */
  unreported: number;
  unreportedSinceMs: number;
}

type Reasons = Partial<Record<RefusalReason, number>>;

/**
 * Refusals by source. A client with many addresses evicts earlier sources, but the totals still count them: no client
 * can overflow or clear the table.
 */
export class RefusalTable {
  readonly #sources: BoundedTable<Source>;
  readonly #sinceMs: number;
  readonly #reasons: Reasons = {};
  #unreported: { readonly sinceMs: number; readonly reasons: Reasons } | undefined;

  constructor(nowMs: number, maxSources = MAX_SOURCES) {
    this.#sinceMs = nowMs;
    this.#sources = new BoundedTable(maxSources);
  }

  count(refusal: Refusal, nowMs: number): void {
    this.#unreported ??= { sinceMs: nowMs, reasons: {} };
    for (const reasons of [this.#reasons, this.#unreported.reasons]) add(reasons, refusal.reason, 1);
    const address = addressPrefix(refusal.address);
    const key = `${refusal.reason} ${address} ${refusal.principal ?? ''}`;
    const source = this.#sources.get(key);
    if (!source) {
      const seen = { count: 1, firstMs: nowMs, lastMs: nowMs, unreported: 1, unreportedSinceMs: nowMs };
      this.#sources.set(key, { ...refusal, address, operationId: refusal.operationId, ...seen });
      return;
    }
    if (source.unreported === 0) source.unreportedSinceMs = nowMs;
    source.unreported += 1;
    source.count += 1;
    source.lastMs = nowMs;
    source.operationId = refusal.operationId;
  }

  /** Returns the totals. */
  totals() {
    const [sources, forgotten_sources] = [this.#sources.size, this.#sources.evicted];
    return { refused_total: sum(this.#reasons), reasons: { ...this.#reasons }, sources, forgotten_sources };
  }

  /** Returns all refusals since the start. */
  denied(): DeniedAccess {
    const sources = [...this.#sources.entries()].map(([, source]) => source);
    return {
      refused: sum(this.#reasons),
      reasons: { ...this.#reasons },
      since: iso(this.#sinceMs),
      items: sources.toReversed().map((source) => toItem(source, source.count, source.firstMs)),
      forgotten_sources: this.#sources.evicted,
    };
  }

  /** Returns the refusals since the last call; `undefined` if there were none. */
  takeSummary(nowMs: number): AuditedAccess | undefined {
    const unreported = this.#unreported;
    if (!unreported) return undefined;
    this.#unreported = undefined;
    const sources = [...this.#sources.entries()].flatMap(([, source]) => (source.unreported > 0 ? source : []));
    const most = sources.toSorted((a, b) => b.unreported - a.unreported).slice(0, MAX_SUMMARY_SOURCES);
    const summary = {
      refused: sum(unreported.reasons),
      reasons: unreported.reasons,
      from: iso(unreported.sinceMs),
      to: iso(nowMs),
      sources: sources.length,
      most: most.map((source) => toItem(source, source.unreported, source.unreportedSinceMs)),
    };
    for (const source of sources) source.unreported = 0;
    return summary;
  }
}

function toItem(
  { reason, address, principal, operationId, lastMs }: Source,
  count: number,
  firstMs: number,
): AccessRefusal {
  return {
    reason,
    address,
    ...(principal !== undefined && { principal }),
    ...(operationId !== undefined && { operation_id: operationId }),
    count,
    first: iso(firstMs),
    last: iso(lastMs),
  };
}

function add(reasons: Reasons, reason: RefusalReason, count: number): void {
  reasons[reason] = (reasons[reason] ?? 0) + count;
}

const sum = (reasons: Reasons): number => Object.values(reasons).reduce((total, count) => total + count, 0);

const iso = (ms: number): string => new Date(ms).toISOString();
