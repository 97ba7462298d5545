import { debug, type Timer } from '@medkit/edges';
import { type Guid, prefixOf, type Reader, type RemoteEndpoint, type Sample, type Writer } from '@medkit/rtps';
import type { AdapterContext } from '../adapter/context.ts';
import { requireEncapsulation } from '../adapter/serialiser.ts';
import type { CallOptions, ServiceClient } from '../adapter/service.ts';
import { AlreadyClosed, ServerLost, ServiceUnavailable } from '../errors.ts';
import { CallTable, MAX_CALLS_PER_CLIENT, type OpenCall } from './call-table.ts';
import { ACKNOWLEDGEMENT_TIMEOUT_MS, DELIVERY_TIMEOUT_MS, KnownServers } from './known-servers.ts';
import { windowWaitMs } from './request-window.ts';
import { type ServiceOfNode, type ServiceTopics, servicePolicies, serviceTopics } from './service-topics.ts';
import type { ServiceStyle } from './style.ts';
import { callTyped } from './typed-call.ts';
import { unavailableReason } from './unavailable-reason.ts';
import { styleOf } from './vendor-styles.ts';

/** Opens a client. `onClose` is called once when it is closed. */
export async function openServiceClient(
  context: AdapterContext,
  of: ServiceOfNode,
  onClose: (client: ServiceClient) => void,
): Promise<ServiceClient> {
  const client = new WireClient({ context, of, topics: await serviceTopics(context, 'client', of), onClose });
  client.open();
  return client;
}

interface Dependencies {
  readonly context: AdapterContext;
  readonly of: ServiceOfNode;
  readonly topics: ServiceTopics;
  readonly onClose: (client: ServiceClient) => void;
}

/** The two endpoints of an open client. */
interface Endpoints {
  readonly requests: Writer;
  readonly replies: Reader;
}

class WireClient implements ServiceClient {
  readonly #deps: Dependencies;
  readonly #servers = new KnownServers();
  readonly #calls: CallTable;
  #endpoints: Endpoints | undefined;
  #lastNumber = 0;
  /** Set while requests wait because the server's queue is full. */
  #resumption: Timer | undefined;
  /** Fires when the acknowledgement of the oldest open request is due. */
  #acknowledgementDue: Timer | undefined;

  constructor(deps: Dependencies) {
    this.#deps = deps;
    const { context, of, topics } = deps;
    this.#calls = new CallTable({
      clock: context.clock,
      service: of.service,
      unavailableReason: () => unavailableReason(context, of.service, topics),
    });
  }

  get service(): string {
    return this.#deps.of.service;
  }

  get type(): string {
    return this.#deps.of.type;
  }

  open(): void {
    const { context, of, topics } = this.#deps;
    const matching = {
      accept: ({ vendorId }: RemoteEndpoint) => styleOf(vendorId) !== undefined,
      onMatched: (endpoint: RemoteEndpoint) => this.#found(endpoint),
      onUnmatched: (endpoint: RemoteEndpoint) => this.#lost(endpoint),
    };
    const replies = context.participant.createReader({
      ...topics.replies,
      ...matching,
      qos: servicePolicies(MAX_CALLS_PER_CLIENT),
      onKnownTo: () => this.#resume(),
      onSample: (sample) => this.#take(sample),
    });
    const requests = context.participant.createWriter({
      ...topics.requests,
      ...matching,
      qos: servicePolicies(MAX_CALLS_PER_CLIENT),
      onAnswered: () => this.#resume(),
    });
    this.#endpoints = { requests, replies };
    context.endpoints.add({ node: of.node, kind: 'reader', endpoint: replies, announced: topics.replies });
    context.endpoints.add({ node: of.node, kind: 'writer', endpoint: requests, announced: topics.requests });
  }

  async ready(): Promise<number> {
    const { requests, replies } = this.#requireOpen();
    return [...this.#servers.ready(requests, replies)].length;
  }

  call(request: Parameters<ServiceClient['call']>[0], options: CallOptions): ReturnType<ServiceClient['call']> {
    return callTyped(this.#deps.context, this, request, options);
  }

  async callSerialised(request: Uint8Array, options: CallOptions): Promise<Uint8Array> {
    this.#requireOpen();
    const response = this.#calls.add(requireEncapsulation(request), options);
    this.#sendWaiting();
    if (debug.ros2) this.#logOutcome(response);
    return response;
  }

  async close(): Promise<void> {
    if (!this.#endpoints) return;
    const { requests, replies } = this.#endpoints;
    this.#endpoints = undefined;
    this.#resumption?.cancel();
    this.#acknowledgementDue?.cancel();
    this.#calls.fail(new AlreadyClosed(`the client of ${this.service} is closed`));
    for (const endpoint of [requests, replies]) {
      this.#deps.context.endpoints.remove(endpoint.guid);
      endpoint.close();
    }
    this.#deps.onClose(this);
  }

  /** Writes the outcome of a call to the debug log. */
  #logOutcome(response: Promise<Uint8Array>): void {
    const { clock } = this.#deps.context;
    const begunMs = clock.monotonicMs();
    const write = (outcome: string): void => {
      debug.ros2?.(`call of ${this.service}: ${outcome} after ${Math.round(clock.monotonicMs() - begunMs)} ms`);
    };
    response.then(
      ({ byteLength }) => write(`${byteLength} bytes`),
      (error: unknown) => write(error instanceof Error ? error.message : String(error)),
    );
  }

  #requireOpen(): Endpoints {
    if (!this.#endpoints) throw new AlreadyClosed(`the client of ${this.service} is closed`);
    return this.#endpoints;
  }

  #found(endpoint: RemoteEndpoint): void {
    this.#servers.add(endpoint);
    this.#resume();
  }

  #lost(endpoint: RemoteEndpoint): void {
    this.#servers.remove(endpoint);
    this.#calls.fail(
      new ServerLost(`the server of ${this.service} left the graph before it answered the request`),
      ({ sent }) => sent.length > 0 && sent.every(({ server }) => !this.#servers.canReply(server)),
    );
    if (!this.#servers.isEmpty) {
      this.#calls.fail(
        new ServiceUnavailable(`the server of ${this.service} left the graph before the request could be sent`),
        ({ sent, servers }) => sent.length === 0 && servers?.includes(endpoint.guid) === true,
      );
      return;
    }
    // A waiting call would otherwise wait for a node that may never return.
    this.#calls.fail(
      new ServiceUnavailable(`the server of ${this.service} left the graph before the request could be sent`),
      ({ sent }) => sent.length === 0,
    );
  }

  /** Called when a server may have become ready or may have room again. */
  #resume(): void {
    this.#resendUnacknowledged();
    this.#sendWaiting();
  }

  #sendWaiting(): void {
    this.#resumption?.cancel();
    this.#resumption = undefined;
    // A call restricted to certain servers must not block the others.
    for (const call of this.#calls.waiting) if (!this.#send(call) && call.servers === undefined) return;
  }

  /** Sends a request to the preferred server. Returns false if it must wait. */
  #send(call: OpenCall): boolean {
    if (!this.#endpoints) return false;
    const { requests, replies } = this.#endpoints;
    const { clock } = this.#deps.context;
    const sentMs = clock.monotonicMs();
    const server = this.#servers.preferred(requests, replies, sentMs, call.servers);
    const style = server && styleOf(server.vendorId);
    if (!style) return false;
    const waitMs = windowWaitMs(server, this.#calls.unanswered(), sentMs);
    if (waitMs > 0) {
      this.#resumption ??= clock.after(waitMs, () => this.#resume());
      return false;
    }
    // The writer numbers its samples consecutively, and only this function writes.
    const number = this.#lastNumber + 1;
    const identity = { client: style.clientName(replies.guid), sequenceNumber: number };
    const { payload, ...related } = style.request(call.request, identity);
    this.#lastNumber = requests.write(payload, { to: server.guid, ...related });
    this.#calls.sent(call, { server: server.guid, number, sentMs });
    this.#servers.sent(server.guid, number, sentMs, requests);
    this.#acknowledgementDue ??= clock.after(ACKNOWLEDGEMENT_TIMEOUT_MS, () => this.#resendUnacknowledged());
    return true;
  }

  /**
   * Sends requests that a silent server has not acknowledged to another ready server. The first server was killed, with
   * its lease still running, or is suspended. The first answer wins. A call that no server acknowledges fails
   * eventually, however long its timeout is, because its node will not answer.
   */
  #resendUnacknowledged(): void {
    this.#acknowledgementDue?.cancel();
    this.#acknowledgementDue = undefined;
    if (!this.#endpoints) return;
    const { requests, replies } = this.#endpoints;
    const { clock } = this.#deps.context;
    const nowMs = clock.monotonicMs();
    let dueMs = Number.POSITIVE_INFINITY;
    const unreached = new Set<OpenCall>();
    for (const call of this.#calls.underWay()) {
      const latest = call.sent.at(-1);
      if (!latest || requests.hasAcknowledged(latest.server, latest.number)) continue;
      const hasArrived = call.sent.some(
        ({ server, number }) => this.#servers.canReply(server) && requests.hasAcknowledged(server, number),
      );
      const giveUpInMs = latest.sentMs + DELIVERY_TIMEOUT_MS - nowMs;
      if (!hasArrived && giveUpInMs <= 0) {
        unreached.add(call);
        continue;
      }
      if (!hasArrived) dueMs = Math.min(dueMs, giveUpInMs);
      const inMs = latest.sentMs + ACKNOWLEDGEMENT_TIMEOUT_MS - nowMs;
      if (inMs > 0) dueMs = Math.min(dueMs, inMs);
      else {
        const other = this.#servers.preferred(requests, replies, nowMs, call.servers);
        const isOther = other && call.sent.every(({ server }) => server !== other.guid);
        if (isOther) this.#send(call);
      }
    }
    if (unreached.size > 0) {
      const message =
        `no server of ${this.service} has acknowledged the request within ${DELIVERY_TIMEOUT_MS} ms: its node was killed, is blocked ` +
        'or cannot be reached. It may still carry out the request when it continues';
      this.#calls.fail(new ServerLost(message), (call) => unreached.has(call));
    }
    if (dueMs < Number.POSITIVE_INFINITY) {
      this.#acknowledgementDue ??= clock.after(dueMs, () => this.#resendUnacknowledged());
    }
  }

  #take(sample: Sample): void {
    const style = styleOf(sample.writer.vendorId);
    if (sample.change !== 'alive' || !style || !this.#endpoints) return;
    const { drops } = this.#deps.context;
    const response = style.readResponse(sample);
    if (!response) {
      drops.count('malformed-response');
      return;
    }
    const { client, sequenceNumber } = response.identity;
    if (!this.#isName(client, style)) return;
    const isServer = (server: Guid) => prefixOf(server) === prefixOf(sample.writer.guid);
    if (!this.#calls.answer(sequenceNumber, isServer, response.cdr)) drops.count('late-response');
    else if (this.#calls.waiting.size > 0) this.#sendWaiting();
  }

  /** rmw servers send every response to all clients. They may also identify this client by its request writer. */
  #isName(client: string, style: ServiceStyle): boolean {
    const { requests, replies } = this.#requireOpen();
    return client === style.clientName(replies.guid) || client === requests.guid;
  }
}
