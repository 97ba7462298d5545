import {
  type AccessRefusal,
  type AuditedAccess,
  type DeniedAccess,
  MAX_SUMMARY_SOURCES,
  type RefusalReason,
} from '@medkit/contract';
import { addressPrefix } from '../limits/address-prefix.ts';
import { BoundedTable } from '../limits/bounded-table.ts';

/** Sources that are told apart; of those beyond them only how many refusals there were is known. */
const MAX_SOURCES = 1024;

/** Somebody was not let in. */
export interface Refusal {
  readonly reason: RefusalReason;
  /** Where the connection came from. */
  readonly address: string;
  /** Who, where that is known; of a login the account, only where there is such a one: people type passwords in its place. */
  readonly principal?: string | undefined;
  /** The route that was asked for; none where there is no such. */
  readonly operationId?: string | undefined;
}

/** What came from one source, for one reason. */
interface Source extends Refusal {
  operationId: string | undefined;
  count: number;
  readonly firstMs: number;
  lastMs: number;
  /** Of these what no summary has told yet, and since when. */
  untold: number;
  untoldSinceMs: number;
}

type Reasons = Partial<Record<RefusalReason, number>>;

/**
 * Who was not let in, by source. Whoever comes from many sources has earlier ones forgotten, and is counted all the same: the
 * table can be neither filled nor emptied by those who stand in it.
 */
export class RefusalTable {
  readonly #sources: BoundedTable<Source>;
  readonly #sinceMs: number;
  readonly #reasons: Reasons = {};
  #untold: { readonly sinceMs: number; readonly reasons: Reasons } | undefined;

  constructor(nowMs: number, maxSources = MAX_SOURCES) {
    this.#sinceMs = nowMs;
    this.#sources = new BoundedTable(maxSources);
  }

  count(refusal: Refusal, nowMs: number): void {
    this.#untold ??= { sinceMs: nowMs, reasons: {} };
    for (const reasons of [this.#reasons, this.#untold.reasons]) add(reasons, refusal.reason, 1);
    const address = addressPrefix(refusal.address);
    const key = `${refusal.reason} ${address} ${refusal.principal ?? ''}`;
    const source = this.#sources.get(key);
    if (!source) {
      const seen = { count: 1, firstMs: nowMs, lastMs: nowMs, untold: 1, untoldSinceMs: nowMs };
      this.#sources.set(key, { ...refusal, address, operationId: refusal.operationId, ...seen });
      return;
    }
    if (source.untold === 0) source.untoldSinceMs = nowMs;
    source.untold += 1;
    source.count += 1;
    source.lastMs = nowMs;
    source.operationId = refusal.operationId;
  }

  /** How many there were. */
  totals() {
    const [sources, forgotten_sources] = [this.#sources.size, this.#sources.evicted];
    return { refused_total: sum(this.#reasons), reasons: { ...this.#reasons }, sources, forgotten_sources };
  }

  /** All since the beginning. */
  denied(): DeniedAccess {
    const sources = [...this.#sources.entries()].map(([, source]) => source);
    return {
      refused: sum(this.#reasons),
      reasons: { ...this.#reasons },
      since: iso(this.#sinceMs),
      items: sources.toReversed().map((source) => told(source, source.count, source.firstMs)),
      forgotten_sources: this.#sources.evicted,
    };
  }

  /** What came since this was last asked for; nothing where nothing did. */
  takeSummary(nowMs: number): AuditedAccess | undefined {
    const untold = this.#untold;
    if (!untold) return undefined;
    this.#untold = undefined;
    const sources = [...this.#sources.entries()].flatMap(([, source]) => (source.untold > 0 ? source : []));
    const most = sources.toSorted((a, b) => b.untold - a.untold).slice(0, MAX_SUMMARY_SOURCES);
    const summary = {
      refused: sum(untold.reasons),
      reasons: untold.reasons,
      from: iso(untold.sinceMs),
      to: iso(nowMs),
      sources: sources.length,
      most: most.map((source) => told(source, source.untold, source.untoldSinceMs)),
    };
    for (const source of sources) source.untold = 0;
    return summary;
  }
}

function told(
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
