import type { Writable } from 'node:stream';

/**
 * Buffers writes to connections until the event loop turn ends: all writes of a turn to a client cost one system call.
 * Batches grow with the load.
 */
export class WriteBatcher {
  #corked: Writable[] = [];

  cork(connection: Writable): void {
    if (connection.writableCorked > 0) return;
    connection.cork();
    if (this.#corked.push(connection) === 1) setImmediate(() => this.#draw());
  }

  #draw(): void {
    const corked = this.#corked;
    this.#corked = [];
    for (const connection of corked) connection.uncork();
  }
}
