import type { Writable } from 'node:stream';

/**
 * Holds back what is written to connections until the turn of the event loop ends, so that all that a turn has for a client
 * costs one call of the system: the busier the gateway, the more goes at once.
 */
export class Corks {
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
