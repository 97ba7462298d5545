import { Quota, type Timer } from '@medkit/edges';
import type { Guid, Reader, RemoteEndpoint, Sample, Writer } from '@medkit/rtps';
import type { AdapterContext } from '../adapter/context.ts';
import { requireEncapsulation } from '../adapter/serialiser.ts';
import type { ServiceServer } from '../adapter/service.ts';
import { MalformedMessage } from '../errors.ts';
import { ReplyReaders } from './reply-readers.ts';
import { ReplyWindow, type RequestTimes } from './reply-window.ts';
import { depthOf } from './request-window.ts';
import { type ServiceOfNode, type ServiceTopics, servicePolicies, serviceTopics } from './service-topics.ts';
import type { RequestIdentity, ServiceStyle } from './style.ts';
import type { SerialisedHandler } from './typed-call.ts';
import { styleOf } from './vendor-styles.ts';

/**
 * Maximum concurrent requests of one client if no other client has any. Further requests are dropped, because ROS
 * cannot reject them.
 */
export const MAX_PENDING_REQUESTS = 256;
/** Maximum concurrent requests of a server. One client may use half of them. */
export const REQUEST_CAPACITY = 2 * MAX_PENDING_REQUESTS;

/** A client may send a request before its reply reader is discovered here. rmw waits equally long. */
const REPLY_READER_WAIT_MS = 100;

/** Opens a server. `onClose` is called once when it is closed. */
export async function openServiceServer(
  context: AdapterContext,
  of: ServiceOfNode,
  handler: SerialisedHandler,
  onClose: (server: ServiceServer) => void,
): Promise<ServiceServer> {
  const server = new WireServer({ context, of, topics: await serviceTopics(context, 'service', of), handler, onClose });
  server.open();
  return server;
}

interface Dependencies {
  readonly context: AdapterContext;
  readonly of: ServiceOfNode;
  readonly topics: ServiceTopics;
  readonly handler: SerialisedHandler;
  readonly onClose: (server: ServiceServer) => void;
}

/** The two endpoints of an open server. */
interface Endpoints {
  readonly requests: Reader;
  readonly replies: Writer;
}

/** A request from its arrival until its response is written. */
interface Request {
  readonly style: ServiceStyle;
  readonly identity: RequestIdentity;
  readonly writer: RemoteEndpoint;
  /** The response waiting for the reply reader, with its timeout. */
  response?: { readonly cdr: Uint8Array; readonly timer: Timer };
}

class WireServer implements ServiceServer {
  readonly #deps: Dependencies;
  readonly #readers = new ReplyReaders();
  /** By reply reader. */
  readonly #windows = new Map<Guid, ReplyWindow>();
  readonly #underWay = new Set<Request>();
  /** Limits the concurrent requests per client. */
  readonly #quota = new Quota(REQUEST_CAPACITY);
  #endpoints: Endpoints | undefined;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  get service(): string {
    return this.#deps.of.service;
  }

  get type(): string {
    return this.#deps.of.type;
  }

  open(): void {
    const { context, of, topics } = this.#deps;
    const accept = ({ vendorId }: RemoteEndpoint) => styleOf(vendorId) !== undefined;
    const qos = servicePolicies(MAX_PENDING_REQUESTS);
    const replies = context.participant.createWriter({
      ...topics.replies,
      accept,
      qos,
      onMatched: (reader) => this.#readerFound(reader),
      onUnmatched: (reader) => this.#readerLost(reader),
    });
    const requests = context.participant.createReader({
      ...topics.requests,
      accept,
      qos,
      onUnmatched: (writer) => this.#clientLost(writer),
      onSample: (sample) => this.#take(sample),
    });
    this.#endpoints = { requests, replies };
    context.requestQuotas.add(this.#quota);
    context.endpoints.add({ node: of.node, kind: 'writer', endpoint: replies, announced: topics.replies });
    context.endpoints.add({ node: of.node, kind: 'reader', endpoint: requests, announced: topics.requests });
  }

  async close(): Promise<void> {
    if (!this.#endpoints) return;
    const { requests, replies } = this.#endpoints;
    this.#endpoints = undefined;
    this.#deps.context.requestQuotas.delete(this.#quota);
    for (const request of this.#underWay) this.#forget(request);
    for (const window of this.#windows.values()) window.close();
    this.#windows.clear();
    for (const endpoint of [requests, replies]) {
      this.#deps.context.endpoints.remove(endpoint.guid);
      endpoint.close();
    }
    this.#deps.onClose(this);
  }

  #take(sample: Sample): void {
    const { writer } = sample;
    const { drops } = this.#deps.context;
    const style = styleOf(writer.vendorId);
    if (sample.change !== 'alive' || !style) return;
    const incoming = style.readRequest(sample);
    if (!incoming) {
      drops.count('malformed-request');
      return;
    }
    const [reader] = this.#readers.of(incoming.identity.client, writer);
    if (reader !== undefined) this.#windows.get(reader)?.requested(timesOf(sample));
    if (!this.#quota.take(writer.guid)) drops.count('too-many-requests');
    else void this.#handle({ style, identity: incoming.identity, writer }, incoming.cdr);
  }

  async #handle(request: Request, cdr: Uint8Array): Promise<void> {
    this.#underWay.add(request);
    try {
      this.#respond(request, requireEncapsulation(await this.#deps.handler(cdr)));
    } catch (error) {
      this.#forget(request);
      this.#deps.context.drops.count(error instanceof MalformedMessage ? 'malformed-request' : 'failed-request');
    }
  }

  #respond(request: Request, cdr: Uint8Array): void {
    const { context } = this.#deps;
    if (!this.#underWay.has(request)) context.drops.count('undeliverable-response');
    else if (!this.#write(request, cdr)) {
      const timer = context.clock.after(REPLY_READER_WAIT_MS, () => {
        this.#forget(request);
        context.drops.count('undeliverable-response');
      });
      request.response = { cdr, timer };
    }
  }

  /**
   * Writes a response to its client as soon as the client has room. Returns false if its reply reader is not known yet.
   */
  #write(request: Request, cdr: Uint8Array): boolean {
    const { style, identity, writer } = request;
    const readers = this.#readers.of(identity.client, writer);
    const [reader] = readers;
    if (reader === undefined) return false;
    this.#forget(request);
    const isTaken = this.#windows.get(reader)?.send(() => {
      const { payload, ...related } = style.response(cdr, identity);
      let number = 0;
      for (const to of readers) number = this.#endpoints?.replies.write(payload, { to, ...related }) ?? number;
      return number;
    });
    if (!isTaken) this.#deps.context.drops.count('undeliverable-response');
    return true;
  }

  #readerFound(reader: RemoteEndpoint): void {
    this.#readers.add(reader);
    const isAcknowledged = (number: number): boolean =>
      this.#endpoints?.replies.hasAcknowledged(reader.guid, number) ?? true;
    const { clock } = this.#deps.context;
    this.#windows.set(reader.guid, new ReplyWindow({ clock, depth: depthOf(reader), isAcknowledged }));
    for (const request of this.#underWay) if (request.response) this.#write(request, request.response.cdr);
  }

  #readerLost(reader: RemoteEndpoint): void {
    this.#readers.remove(reader);
    this.#windows.get(reader.guid)?.close();
    this.#windows.delete(reader.guid);
  }

  #clientLost({ guid }: RemoteEndpoint): void {
    for (const request of this.#underWay) if (request.writer.guid === guid) this.#forget(request);
  }

  #forget(request: Request): void {
    if (this.#underWay.delete(request)) this.#quota.release(request.writer.guid);
    request.response?.timer.cancel();
  }
}

/** Returns the times of a request for its client's reply window. */
function timesOf({ sourceSeconds, sourceNanoseconds, receivedMs }: Sample): RequestTimes {
  return { sourceMs: sourceSeconds < 0 ? undefined : sourceSeconds * 1000 + sourceNanoseconds / 1e6, receivedMs };
}
