import type { Correlation } from '../correlation/correlation.ts';
import type { FaultBook } from './fault-book.ts';
import { type FaultList, type FaultQuery, selectFaults } from './fault-query.ts';

/** Questions whose answers are kept; clients ask a handful. With one more it begins anew. */
const MAX_KEPT_LISTS = 16;

/**
 * Lists of the faults that are on disk. Until one of them changes, the same question has the very same object for its
 * answer, so that what is made of a list need not be made again.
 */
export class FaultLists {
  readonly #book: Pick<FaultBook, 'allStored' | 'generation'>;
  readonly #correlation: Correlation;
  readonly #kept = new Map<string, FaultList>();
  #generation = -1;

  /** What `correlation` hears of changes together with the faults of `book`. */
  constructor(book: Pick<FaultBook, 'allStored' | 'generation'>, correlation: Correlation) {
    this.#book = book;
    this.#correlation = correlation;
  }

  select(query: FaultQuery): FaultList {
    const key = JSON.stringify([query.statuses, query.severity, query.entity, query.includeMuted]);
    const { generation } = this.#book;
    if (generation !== this.#generation || this.#kept.size >= MAX_KEPT_LISTS) this.#kept.clear();
    this.#generation = generation;
    const known = this.#kept.get(key);
    if (known) return known;
    const list = selectFaults(this.#book.allStored(), query, this.#correlation);
    this.#kept.set(key, list);
    return list;
  }
}
