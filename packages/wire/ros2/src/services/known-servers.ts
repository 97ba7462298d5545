import { type Guid, prefixOf, type Reader, type RemoteEndpoint, type Writer } from '@medkit/rtps';
import { pairIdOf } from './pair-id.ts';

/**
 * A request without an RTPS acknowledgement for so long has not arrived: middleware acknowledges by itself, within some
 * milliseconds, however busy its node is. Its server was killed or stands still.
 */
export const UNACKNOWLEDGED_MS = 100;

/**
 * A request that no server has acknowledged for so long fails. The middleware of a node that stands still for longer, as in a
 * debugger, may still carry it out; a network that changes is followed within that time.
 */
export const UNREACHED_MS = 3000;

/** Of one server that are remembered: who acknowledges none of so many is silent with the first. */
const MAX_PENDING = 256;

interface RequestReader {
  readonly endpoint: RemoteEndpoint;
  /** The requests that it had not acknowledged when that was looked at last, the oldest first. */
  readonly pending: { readonly number: number; readonly sentMs: number }[];
}

/**
 * The servers that a client is matched with, told apart by the readers of their requests, in the order in which they came.
 * A server is ready when both sides know both of its endpoints: a request that comes sooner is lost, or its response.
 */
export class KnownServers {
  readonly #requestReaders = new Map<Guid, RequestReader>();
  readonly #replyWriters = new Map<Guid, RemoteEndpoint>();

  add(endpoint: RemoteEndpoint): void {
    if (endpoint.kind === 'reader') this.#requestReaders.set(endpoint.guid, { endpoint, pending: [] });
    else this.#replyWriters.set(endpoint.guid, endpoint);
  }

  remove({ kind, guid }: RemoteEndpoint): void {
    if (kind === 'reader') this.#requestReaders.delete(guid);
    else this.#replyWriters.delete(guid);
  }

  /** Whether nothing of any server is there, not even one that is not ready yet. */
  get isEmpty(): boolean {
    return this.#requestReaders.size === 0 && this.#replyWriters.size === 0;
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
   * twice until its first lease ends; one that does not acknowledge only where there is no other. `among` names those that may
   * be asked, all of them unless given.
   */
  preferred(
    requests: Writer,
    replies: Reader,
    nowMs: number,
    among: readonly string[] | undefined,
  ): RemoteEndpoint | undefined {
    const ready = [...this.ready(requests, replies)].filter(({ guid }) => among?.includes(guid) ?? true);
    const newestFirst = ready.reverse();
    return newestFirst.find(({ guid }) => !this.isSilent(guid, requests, nowMs)) ?? newestFirst[0];
  }

  /** A request was sent to a server. */
  sent(server: Guid, number: number, sentMs: number, requests: Writer): void {
    this.#oldestPending(server, requests);
    const pending = this.#requestReaders.get(server)?.pending;
    if (pending && pending.length < MAX_PENDING) pending.push({ number, sentMs });
  }

  /** Whether a request to this server should have been acknowledged by now and is not. */
  isSilent(server: Guid, requests: Writer, nowMs: number): boolean {
    const oldest = this.#oldestPending(server, requests);
    return oldest !== undefined && nowMs - oldest.sentMs >= UNACKNOWLEDGED_MS;
  }

  /** Forgets what is acknowledged by now. A server stands still with the last of its requests as well as with the first. */
  #oldestPending(server: Guid, requests: Writer): RequestReader['pending'][number] | undefined {
    const pending = this.#requestReaders.get(server)?.pending ?? [];
    while (pending[0] !== undefined && requests.hasAcknowledged(server, pending[0].number)) pending.shift();
    return pending[0];
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
