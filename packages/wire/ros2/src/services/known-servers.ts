import { type Guid, prefixOf, type Reader, type RemoteEndpoint, type Writer } from '@medkit/rtps';
import { pairIdOf } from './pair-id.ts';

/**
 * A request without an RTPS acknowledgement for so long has not arrived: middleware acknowledges by itself, within some
 * milliseconds, however busy its node is. Its server was killed or stands still.
 */
export const UNACKNOWLEDGED_MS = 100;

interface RequestReader {
  readonly endpoint: RemoteEndpoint;
  /** The oldest request that it has not acknowledged, as far as was looked. */
  pending?: { readonly number: number; readonly sentMs: number };
}

/**
 * The servers that a client is matched with, told apart by the readers of their requests, in the order in which they came.
 * A server is ready when both sides know both of its endpoints: a request that comes sooner is lost, or its response.
 */
export class KnownServers {
  readonly #requestReaders = new Map<Guid, RequestReader>();
  readonly #replyWriters = new Map<Guid, RemoteEndpoint>();

  add(endpoint: RemoteEndpoint): void {
    if (endpoint.kind === 'reader') this.#requestReaders.set(endpoint.guid, { endpoint });
    else this.#replyWriters.set(endpoint.guid, endpoint);
  }

  remove({ kind, guid }: RemoteEndpoint): void {
    if (kind === 'reader') this.#requestReaders.delete(guid);
    else this.#replyWriters.delete(guid);
  }

  /** The servers that are ready for a client with these endpoints. */
  *ready(requests: Writer, replies: Reader): Generator<RemoteEndpoint, void> {
    for (const { endpoint } of this.#requestReaders.values()) {
      const isKnown = requests.hasAnswered(endpoint.guid) && replies.isKnownTo(prefixOf(endpoint.guid));
      if (isKnown && this.canReply(endpoint.guid)) yield endpoint;
    }
  }

  /**
   * The server to ask: of those that are ready the one that came last, as a node that was killed and started again is known
   * twice until its first lease ends; one that does not acknowledge only where there is no other.
   */
  preferred(requests: Writer, replies: Reader, nowMs: number): RemoteEndpoint | undefined {
    const newestFirst = [...this.ready(requests, replies)].reverse();
    return newestFirst.find(({ guid }) => !this.isSilent(guid, requests, nowMs)) ?? newestFirst[0];
  }

  /** A request was sent to a server. */
  sent(server: Guid, number: number, sentMs: number, requests: Writer): void {
    const reader = this.#requestReaders.get(server);
    if (!reader || (reader.pending && !requests.hasAcknowledged(server, reader.pending.number))) return;
    reader.pending = { number, sentMs };
  }

  /** Whether a request to this server should have been acknowledged by now and is not. */
  isSilent(server: Guid, requests: Writer, nowMs: number): boolean {
    const pending = this.#requestReaders.get(server)?.pending;
    if (!pending || nowMs - pending.sentMs < UNACKNOWLEDGED_MS) return false;
    return !requests.hasAcknowledged(server, pending.number);
  }

  /** Whether a server is there with both of its endpoints. */
  canReply(server: Guid): boolean {
    const requestReader = this.#requestReaders.get(server)?.endpoint;
    if (!requestReader) return false;
    const pair = pairIdOf(requestReader);
    for (const writer of this.#replyWriters.values()) {
      if (prefixOf(writer.guid) !== prefixOf(server)) continue;
      if (pair === undefined || pairIdOf(writer) === pair) return true;
    }
    return false;
  }
}
