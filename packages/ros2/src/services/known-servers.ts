import { type Guid, prefixOf, type Reader, type RemoteEndpoint, type Writer } from '@medkit/rtps';
import { pairIdOf } from './pair-id.ts';

/**
 * The servers that a client is matched with, told apart by the readers of their requests, in the order in which they came.
 * A server is ready when both sides know both of its endpoints: a request that comes sooner is lost, or its response.
 */
export class KnownServers {
  readonly #requestReaders = new Map<Guid, RemoteEndpoint>();
  readonly #replyWriters = new Map<Guid, RemoteEndpoint>();

  add(endpoint: RemoteEndpoint): void {
    this.#tableOf(endpoint).set(endpoint.guid, endpoint);
  }

  remove(endpoint: RemoteEndpoint): void {
    this.#tableOf(endpoint).delete(endpoint.guid);
  }

  /** The servers that are ready for a client with these endpoints. */
  *ready(requests: Writer, replies: Reader): Generator<RemoteEndpoint, void> {
    for (const server of this.#requestReaders.values()) {
      const isKnown = requests.hasAnswered(server.guid) && replies.isKnownTo(prefixOf(server.guid));
      if (isKnown && this.canReply(server.guid)) yield server;
    }
  }

  /** Whether a server is there with both of its endpoints. */
  canReply(server: Guid): boolean {
    const requestReader = this.#requestReaders.get(server);
    if (!requestReader) return false;
    const pair = pairIdOf(requestReader);
    for (const writer of this.#replyWriters.values()) {
      if (prefixOf(writer.guid) !== prefixOf(server)) continue;
      if (pair === undefined || pairIdOf(writer) === pair) return true;
    }
    return false;
  }

  #tableOf({ kind }: RemoteEndpoint): Map<Guid, RemoteEndpoint> {
    return kind === 'reader' ? this.#requestReaders : this.#replyWriters;
  }
}
