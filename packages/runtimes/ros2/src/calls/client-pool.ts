import { SovdError } from '@medkit/contract';
import { errorMessage, type Log } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import { AlreadyClosed, ServerLost } from '@medkit/ros2';

/** A pooled client: of a service, an action or a node's parameters. */
interface Closable {
  close(): Promise<void>;
}

export interface ClientPoolOptions<Client extends Closable> {
  /** Opens the client for `key`. */
  readonly open: (key: string) => Promise<Client>;
  readonly clock: Clock;
  readonly log: Log;
  /**
   * Maximum open clients; each adds endpoints that the whole graph sees. The least recently used client is closed
   * first.
   */
  readonly maxClients: number;
  /** Idle time after which a client is closed. */
  readonly idleMs: number;
}

interface PooledClient<Client> {
  readonly client: Promise<Client>;
  /** Number of running calls. */
  users: number;
  lastUsedMs: number;
}

/**
 * Pool of open clients. Opening a client takes a round of discovery, a call on an open client one round trip. Calls
 * with the same key share a client.
 */
export class ClientPool<Client extends Closable> {
  readonly #options: ClientPoolOptions<Client>;
  /** In order of last use, least recently used first. */
  readonly #clients = new Map<string, PooledClient<Client>>();
  readonly #sweep: { cancel(): void };
  #closed = false;

  constructor(options: ClientPoolOptions<Client>) {
    this.#options = options;
    this.#sweep = options.clock.every(Math.max(1, options.idleMs / 4), () => this.#closeIdle());
  }

  get size(): number {
    return this.#clients.size;
  }

  /** Returns whether the client of `key` is open. */
  has(key: string): boolean {
    return this.#clients.has(key);
  }

  /**
   * Runs `work` with the client of `key`. Throws `service-unavailable` if all clients are in use, and `ServerLost` if
   * the client was dropped during the call.
   */
  async use<Result>(key: string, work: (client: Client) => Promise<Result>): Promise<Result> {
    const pooled = this.#take(key);
    pooled.users++;
    try {
      return await work(await pooled.client);
    } catch (error) {
      throw error instanceof AlreadyClosed ? this.#reasonClosed(key) : error;
    } finally {
      pooled.users--;
      pooled.lastUsedMs = this.#options.clock.monotonicMs();
    }
  }

  /** Closes the client of `key` because its server has left the graph. */
  drop(key: string): void {
    const pooled = this.#clients.get(key);
    if (pooled) void this.#close(key, pooled);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#sweep.cancel();
    await Promise.all([...this.#clients].map(([key, pooled]) => this.#close(key, pooled)));
  }

  /** Clients in use are closed only for these two reasons. */
  #reasonClosed(key: string): Error {
    return this.#closed ? shuttingDown() : new ServerLost(`${key} has left the graph`);
  }

  #take(key: string): PooledClient<Client> {
    if (this.#closed) throw shuttingDown();
    const found = this.#clients.get(key);
    if (found) {
      this.#clients.delete(key);
      this.#clients.set(key, found);
      return found;
    }
    if (this.#clients.size >= this.#options.maxClients) this.#makeRoom();
    const pooled = { client: this.#options.open(key), users: 0, lastUsedMs: this.#options.clock.monotonicMs() };
    this.#clients.set(key, pooled);
    pooled.client.catch(() => {
      if (this.#clients.get(key) === pooled) this.#clients.delete(key);
    });
    return pooled;
  }

  #makeRoom(): void {
    for (const [key, pooled] of this.#clients) {
      if (pooled.users === 0) return void this.#close(key, pooled);
    }
    const message = `All ${this.#clients.size} ROS clients of the gateway are in use; try again`;
    throw new SovdError({ code: 'service-unavailable', message });
  }

  #closeIdle(): void {
    const untilMs = this.#options.clock.monotonicMs() - this.#options.idleMs;
    for (const [key, pooled] of this.#clients) {
      if (pooled.users === 0 && pooled.lastUsedMs <= untilMs) void this.#close(key, pooled);
    }
  }

  async #close(key: string, pooled: PooledClient<Client>): Promise<void> {
    if (this.#clients.get(key) === pooled) this.#clients.delete(key);
    try {
      await (await pooled.client).close();
    } catch (error) {
      this.#options.log('warn', `Cannot close the client of ${key}: ${errorMessage(error)}`);
    }
  }
}

function shuttingDown(): SovdError {
  return new SovdError({ code: 'x-medkit-gateway-shutdown' });
}
