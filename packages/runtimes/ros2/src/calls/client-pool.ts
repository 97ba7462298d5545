import { SovdError } from '@medkit/contract';
import { type Log, reasonOf } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import { AlreadyClosed, ServerLost } from '@medkit/ros2';

/** What the pool keeps: a client of a service, of an action, of a node's parameters. */
interface Closable {
  close(): Promise<void>;
}

export interface ClientPoolOptions<Client extends Closable> {
  /** Opens the client that goes by `key`. */
  readonly open: (key: string) => Promise<Client>;
  readonly clock: Clock;
  readonly log: Log;
  /** Clients that are kept at most, each of them endpoints that the whole graph sees. The longest unused makes room. */
  readonly maxClients: number;
  /** A client that nobody used for so long is closed. */
  readonly idleMs: number;
}

interface Kept<Client> {
  readonly client: Promise<Client>;
  /** Calls that are using it. */
  users: number;
  lastUsedMs: number;
}

/**
 * Clients that are kept for the next call: to open one takes a round of discovery, a call on an open one a round trip.
 * Calls with one key share a client.
 */
export class ClientPool<Client extends Closable> {
  readonly #options: ClientPoolOptions<Client>;
  /** In the order of their last use, the longest unused first. */
  readonly #kept = new Map<string, Kept<Client>>();
  readonly #sweep: { cancel(): void };
  #closed = false;

  constructor(options: ClientPoolOptions<Client>) {
    this.#options = options;
    this.#sweep = options.clock.every(Math.max(1, options.idleMs / 4), () => this.#closeIdle());
  }

  get size(): number {
    return this.#kept.size;
  }

  /** Whether the client of `key` is open. */
  has(key: string): boolean {
    return this.#kept.has(key);
  }

  /**
   * Does `work` with the client of `key`. Throws `service-unavailable` where all clients are in use, and `ServerLost` where
   * the client was dropped meanwhile.
   */
  async use<Result>(key: string, work: (client: Client) => Promise<Result>): Promise<Result> {
    const kept = this.#take(key);
    kept.users++;
    try {
      return await work(await kept.client);
    } catch (error) {
      throw error instanceof AlreadyClosed ? this.#reasonClosed(key) : error;
    } finally {
      kept.users--;
      kept.lastUsedMs = this.#options.clock.monotonicMs();
    }
  }

  /** Closes the client of `key`: what it was for has gone. */
  drop(key: string): void {
    const kept = this.#kept.get(key);
    if (kept) void this.#close(key, kept);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#sweep.cancel();
    await Promise.all([...this.#kept].map(([key, kept]) => this.#close(key, kept)));
  }

  /** Clients that are in use are closed for two reasons only. */
  #reasonClosed(key: string): Error {
    return this.#closed ? shuttingDown() : new ServerLost(`${key} has left the graph`);
  }

  #take(key: string): Kept<Client> {
    if (this.#closed) throw shuttingDown();
    const found = this.#kept.get(key);
    if (found) {
      this.#kept.delete(key);
      this.#kept.set(key, found);
      return found;
    }
    if (this.#kept.size >= this.#options.maxClients) this.#makeRoom();
    const kept = { client: this.#options.open(key), users: 0, lastUsedMs: this.#options.clock.monotonicMs() };
    this.#kept.set(key, kept);
    kept.client.catch(() => {
      if (this.#kept.get(key) === kept) this.#kept.delete(key);
    });
    return kept;
  }

  #makeRoom(): void {
    for (const [key, kept] of this.#kept) {
      if (kept.users === 0) return void this.#close(key, kept);
    }
    const message = `${this.#kept.size} clients are in use at this moment; try again`;
    throw new SovdError({ code: 'service-unavailable', message });
  }

  #closeIdle(): void {
    const untilMs = this.#options.clock.monotonicMs() - this.#options.idleMs;
    for (const [key, kept] of this.#kept) {
      if (kept.users === 0 && kept.lastUsedMs <= untilMs) void this.#close(key, kept);
    }
  }

  async #close(key: string, kept: Kept<Client>): Promise<void> {
    if (this.#kept.get(key) === kept) this.#kept.delete(key);
    try {
      await (await kept.client).close();
    } catch (error) {
      this.#options.log('warn', `Could not close the client of ${key}: ${reasonOf(error)}`);
    }
  }
}

function shuttingDown(): SovdError {
  return new SovdError({ code: 'x-medkit-gateway-shutdown' });
}
