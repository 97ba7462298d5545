import { type Guid, prefixOf, type Reader, type RemoteEndpoint, type Writer } from '@medkit/rtps';
import { pairIdOf } from './pair-id.ts';

/**
 * A request without an RTPS acknowledgement for this time counts as not delivered. Middleware acknowledges within
 * milliseconds, however busy its node is. The server was killed or is suspended.
 */
export const ACKNOWLEDGEMENT_TIMEOUT_MS = 100;

/**
 * A request that no server has acknowledged for this time fails. If a node is suspended for longer, as in a debugger,
 * it may still execute the request. A network change is detected within this time.
 */
export const DELIVERY_TIMEOUT_MS = 3000;

/** Maximum pending requests tracked per server. If it acknowledges none of them, the oldest ones show that. */
const MAX_PENDING = 256;

interface RequestReader {
  readonly endpoint: RemoteEndpoint;
  /** The requests not acknowledged at the last check, oldest first. */
  readonly pending: { readonly number: number; readonly sentMs: number }[];
}

/**
 * The matched servers of a client, identified by their request readers, in the order of discovery. A server is ready
 * when both sides know both of its endpoints. If a request were sent earlier, it or its response would be lost.
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

  /** Whether no endpoint of any server is known, including servers that are not ready. */
  get isEmpty(): boolean {
    return this.#requestReaders.size === 0 && this.#replyWriters.size === 0;
  }

  /** Yields the servers that are ready for a client with these endpoints. */
  *ready(requests: Writer, replies: Reader): Generator<RemoteEndpoint, void> {
    for (const { endpoint } of this.#requestReaders.values()) {
      const isKnown = requests.hasAnswered(endpoint.guid) && replies.isKnownTo(prefixOf(endpoint.guid));
      if (isKnown && this.canReply(endpoint.guid)) yield endpoint;
    }
  }

  /**
   * Returns the server to use: the ready server that was discovered last. If a node was killed and restarted, it is
   * known twice until its first lease ends. Servers that do not acknowledge are used only if there is no other. `among`
   * restricts the choice.
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

  /** Records a request sent to a server. */
  sent(server: Guid, number: number, sentMs: number, requests: Writer): void {
    this.#oldestPending(server, requests);
    const pending = this.#requestReaders.get(server)?.pending;
    if (pending && pending.length < MAX_PENDING) pending.push({ number, sentMs });
  }

  /** Returns whether an acknowledgement of this server is overdue. */
  isSilent(server: Guid, requests: Writer, nowMs: number): boolean {
    const oldest = this.#oldestPending(server, requests);
    return oldest !== undefined && nowMs - oldest.sentMs >= ACKNOWLEDGEMENT_TIMEOUT_MS;
  }

  /**
   * Drops acknowledged requests and returns the oldest pending one. A suspended server acknowledges neither its first
   * nor its last request.
   */
  #oldestPending(server: Guid, requests: Writer): RequestReader['pending'][number] | undefined {
    const pending = this.#requestReaders.get(server)?.pending ?? [];
    while (pending[0] !== undefined && requests.hasAcknowledged(server, pending[0].number)) pending.shift();
    return pending[0];
  }

  /** Returns whether both endpoints of a server are known. */
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
