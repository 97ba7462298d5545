import type { Clock } from '@medkit/edges';
import type { KnownType } from '../types/type-store.ts';

/** Questions under way at a time, each of them a client that the graph sees for a moment. */
const MAX_ASKING = 4;
/** Questions that wait for their turn. What comes beyond has no answer now and may be asked again. */
const MAX_WAITING = 64;
/** How long a question is not asked again that nobody could answer. */
const UNANSWERED_MS = 60_000;
/** Of each: names and hashes come from the network. */
const MAX_REMEMBERED = 1_000;

export interface TypeQuestion {
  readonly type: string;
  readonly hash: string;
  /** Nobody wants to know any more. */
  readonly signal: AbortSignal;
}

interface Dependencies {
  readonly clock: Clock;
  /** Asks the graph; `nobody` where there is none who could be asked yet. Must not throw. */
  readonly ask: (question: TypeQuestion) => Promise<KnownType | 'unknown' | 'nobody'>;
}

/** Looked through more than once, so no iterator will do. */
type Hashes = ReadonlySet<string> | readonly string[];

/** The types that nodes of the graph described, each asked for once while it is known. */
export class DescribedTypes {
  readonly #deps: Dependencies;
  readonly #known = new Map<string, KnownType>();
  readonly #asking = new Map<string, Promise<KnownType | undefined>>();
  /** When a question without an answer may be asked again, monotonic. */
  readonly #unanswered = new Map<string, number>();
  readonly #waiting: (() => void)[] = [];
  readonly #stopped = new AbortController();
  #active = 0;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /** A type with one of these hashes, as far as it is known now. */
  known(type: string, hashes: Hashes): KnownType | undefined {
    for (const hash of hashes) {
      const found = this.#known.get(keyOf(type, hash));
      if (found) return found;
    }
    return undefined;
  }

  /** The same; what is not known is asked for. */
  async find(type: string, hashes: Hashes): Promise<KnownType | undefined> {
    const known = this.known(type, hashes);
    if (known) return known;
    for (const hash of hashes) {
      const found = await this.#askOnce(type, hash);
      if (found) return found;
    }
    return undefined;
  }

  /** Asks nothing more, and gives up what was asked. */
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
      // A turn is handed on, or given back where nobody waits for it.
      const next = this.#waiting.shift();
      if (next) next();
      else this.#active -= 1;
    }
  }
}

const keyOf = (type: string, hash: string): string => `${type} ${hash}`;

/** Adds a row; the oldest makes room. */
function remember<Row>(rows: Map<string, Row>, key: string, row: Row): void {
  rows.delete(key);
  rows.set(key, row);
  if (rows.size > MAX_REMEMBERED) rows.delete(rows.keys().next().value!);
}
