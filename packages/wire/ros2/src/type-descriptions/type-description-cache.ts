import type { Clock } from '@medkit/edges';
import type { KnownType } from '../types/type-store.ts';

/** Maximum concurrent requests. Each one briefly opens a client that is visible in the graph. */
const MAX_ASKING = 4;
/** Maximum queued requests. Further ones get no answer now and may be repeated. */
const MAX_WAITING = 64;
/** Time before an unanswered request is repeated. */
const UNANSWERED_MS = 60_000;
/** Maximum entries of each table, because names and hashes come from the network. */
const MAX_REMEMBERED = 1_000;

export interface TypeQuery {
  readonly type: string;
  readonly hash: string;
  /** Aborted when the answer is no longer needed. */
  readonly signal: AbortSignal;
}

interface Dependencies {
  readonly clock: Clock;
  /** Asks the graph. Returns `nobody` if there is no node to ask yet. Must not throw. */
  readonly ask: (question: TypeQuery) => Promise<KnownType | 'unknown' | 'nobody'>;
}

/** Iterated more than once, so an iterator is not sufficient. */
type Hashes = ReadonlySet<string> | readonly string[];

/** The types described by nodes of the graph. Each is requested once and then cached. */
export class TypeDescriptionCache {
  readonly #deps: Dependencies;
  readonly #known = new Map<string, KnownType>();
  readonly #asking = new Map<string, Promise<KnownType | undefined>>();
  /** When an unanswered request may be repeated, monotonic. */
  readonly #unanswered = new Map<string, number>();
  readonly #waiting: (() => void)[] = [];
  readonly #stopped = new AbortController();
  #active = 0;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /** Returns a cached type with one of these hashes. */
  known(type: string, hashes: Hashes): KnownType | undefined {
    for (const hash of hashes) {
      const found = this.#known.get(keyOf(type, hash));
      if (found) return found;
    }
    return undefined;
  }

  /** Like `known`, but requests types that are not cached. */
  async find(type: string, hashes: Hashes): Promise<KnownType | undefined> {
    const known = this.known(type, hashes);
    if (known) return known;
    for (const hash of hashes) {
      const found = await this.#askOnce(type, hash);
      if (found) return found;
    }
    return undefined;
  }

  /** Aborts open requests and makes no more. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    await Promise.all(this.#asking.values());
  }

  #askOnce(type: string, hash: string): Promise<KnownType | undefined> {
    const key = keyOf(type, hash);
    const asking = this.#asking.get(key);
    if (asking) return asking;
    const isFull = this.#active >= MAX_ASKING && this.#waiting.length >= MAX_WAITING;
    const isTooSoon = (this.#unanswered.get(key) ?? 0) > this.#deps.clock.monotonicMs();
    if (isFull || isTooSoon || this.#stopped.signal.aborted) return Promise.resolve(undefined);
    const question = this.#askInTurn(type, hash).finally(() => this.#asking.delete(key));
    this.#asking.set(key, question);
    return question;
  }

  async #askInTurn(type: string, hash: string): Promise<KnownType | undefined> {
    if (this.#active >= MAX_ASKING) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#active += 1;
    try {
      const { signal } = this.#stopped;
      if (signal.aborted) return undefined;
      const answer = await this.#deps.ask({ type, hash, signal });
      if (answer === 'nobody') return undefined;
      const key = keyOf(type, hash);
      if (answer === 'unknown') {
        remember(this.#unanswered, key, this.#deps.clock.monotonicMs() + UNANSWERED_MS);
        return undefined;
      }
      remember(this.#known, key, answer);
      return answer;
    } finally {
      // The slot passes to the next waiting request, or becomes free.
      const next = this.#waiting.shift();
      if (next) next();
      else this.#active -= 1;
    }
  }
}

const keyOf = (type: string, hash: string): string => `${type} ${hash}`;

/** Adds a row and evicts the oldest beyond the limit. */
function remember<Row>(rows: Map<string, Row>, key: string, row: Row): void {
  rows.delete(key);
  rows.set(key, row);
  if (rows.size > MAX_REMEMBERED) rows.delete(rows.keys().next().value!);
}
