import type { Correlation } from '../correlation/correlation.ts';
import { type FaultList, type FaultQuery, selectFaults } from './fault-query.ts';
import type { FaultTable } from './fault-table.ts';

/** Maximum cached queries; clients use a handful. Beyond it, the cache is emptied. */
const MAX_CACHED_LISTS = 16;

/**
 * Lists of the faults on disk. Until a fault changes, the same query returns the same object, so that callers can cache
 * what they derive from it.
 */
export class FaultLists {
  readonly #table: Pick<FaultTable, 'allStored' | 'generation'>;
  readonly #correlation: Correlation;
  readonly #cached = new Map<string, FaultList>();
  #generation = -1;

  /** `correlation` must be updated together with the faults of `table`. */
  constructor(table: Pick<FaultTable, 'allStored' | 'generation'>, correlation: Correlation) {
    this.#table = table;
    this.#correlation = correlation;
  }

  select(query: FaultQuery): FaultList {
    const key = JSON.stringify([query.statuses, query.severity, query.entity, query.includeMuted]);
    const { generation } = this.#table;
    if (generation !== this.#generation || this.#cached.size >= MAX_CACHED_LISTS) this.#cached.clear();
    this.#generation = generation;
    const known = this.#cached.get(key);
    if (known) return known;
    const list = selectFaults(this.#table.allStored(), query, this.#correlation);
    this.#cached.set(key, list);
    return list;
  }
}
