import { API_BASE, SovdError } from '@medkit/contract';
import { errorMessage } from '@medkit/core';
import {
  type Clock,
  debug,
  type HttpStreamReply,
  type HttpStreamRequest,
  type HttpStreams,
  type Names,
  ReplyMissing,
} from '@medkit/edges';

/** Address and credentials of another gateway. */
export interface PeerAddress {
  /** Its local name. */
  readonly name: string;
  /** `http://10.0.0.7:8080`, without a path. */
  readonly url: string;
  /** Sent as `Authorization: Bearer`; nothing where absent. */
  readonly token?: string;
  /** Set if the connection itself proves this gateway to the other one, so that it accepts whom this gateway names. */
  readonly isProven?: true;
}

export interface PeerLinkOptions {
  readonly clock: Clock;
  readonly http: HttpStreams;
  readonly names: Names;
}

/** A request to a gateway: a path below its API base, and everything except the host. */
export type PeerRequest = Omit<HttpStreamRequest, 'url' | 'address'> & { readonly path: string };

export interface PeerDocument {
  readonly status: number;
  readonly etag: string | undefined;
  readonly text: string;
}

/** Maximum bytes of a document, which bounds the size of a tree. */
const MAX_DOCUMENT_BYTES = 10_485_760;

/**
 * The connection to one gateway. Its name is resolved once and the address stored, so that the checked address is the
 * one used; it is resolved again after a failed connection. Redirects are not followed.
 */
export class PeerLink {
  readonly peer: PeerAddress;
  readonly #clock: Clock;
  readonly #http: HttpStreams;
  readonly #names: Names;
  readonly #base: string;
  readonly #hostname: string;
  #found: Promise<string> | undefined;
  #presence = new AbortController();

  constructor(peer: PeerAddress, { clock, http, names }: PeerLinkOptions) {
    this.peer = peer;
    this.#clock = clock;
    this.#http = http;
    this.#names = names;
    const { origin, hostname } = new URL(peer.url);
    this.#base = `${origin}${API_BASE}`;
    this.#hostname = hostname.replace(/^\[(.*)\]$/, '$1');
  }

  /** Signal for the streams of an online gateway; aborted by `hangUp`. */
  get presence(): AbortSignal {
    return this.#presence.signal;
  }

  /** Ends the streams of an online gateway: a gateway without power or network does not close connections. */
  hangUp(): void {
    this.#presence.abort();
    this.#presence = new AbortController();
  }

  /**
   * Throws `x-medkit-peer-unavailable` if no reply arrives, `x-medkit-outcome-unknown` if a change was sent, and
   * `invalid-request` for a path outside the API.
   */
  open(request: PeerRequest): Promise<HttpStreamReply> {
    const reply = this.#open(request);
    if (debug.peer) this.#logOutcome(request, reply);
    return reply;
  }

  async #open({ path, headers, ...request }: PeerRequest): Promise<HttpStreamReply> {
    const { token } = this.peer;
    if (leadsUp(path)) {
      throw new SovdError({ code: 'invalid-request', message: 'The path is outside the API of the other gateway' });
    }
    let reply: HttpStreamReply;
    try {
      const address = await this.#address();
      reply = await this.#http.open({
        ...request,
        url: `${this.#base}${path}`,
        address,
        headers: { ...headers, ...(token !== undefined && { authorization: `Bearer ${token}` }) },
      });
    } catch (error) {
      this.#found = undefined;
      const isRead = request.method === 'GET' || request.method === 'HEAD';
      if (error instanceof ReplyMissing && !isRead) throw this.#outcomeUnknown(error.message);
      throw this.unavailable(errorMessage(error));
    }
    const problem = problemOf(reply.status, token, headers);
    if (problem === undefined) return reply;
    reply.close();
    throw this.unavailable(problem);
  }

  /** Requests a document, which must arrive completely within the timeout. Throws as `open` does. */
  async document(request: PeerRequest): Promise<PeerDocument> {
    const late = new AbortController();
    const signal = request.signal ? AbortSignal.any([request.signal, late.signal]) : late.signal;
    const timer = this.#clock.after(request.timeoutMs, () => late.abort());
    try {
      const { status, headers, body } = await this.open({ ...request, signal });
      return { status, etag: headers['etag'], text: await textOf(body) };
    } catch (error) {
      if (error instanceof SovdError) throw error;
      throw this.unavailable(
        late.signal.aborted ? `no complete reply in ${request.timeoutMs} ms` : errorMessage(error),
      );
    } finally {
      timer.cancel();
    }
  }

  /** Writes the outcome of a request to the debug log, without its query, which may contain a secret. */
  #logOutcome({ method, path }: PeerRequest, reply: Promise<HttpStreamReply>): void {
    const begunMs = this.#clock.monotonicMs();
    const write = (outcome: number | string): void => {
      const tookMs = Math.round(this.#clock.monotonicMs() - begunMs);
      debug.peer?.(`${this.peer.name}: ${method} ${path.split('?', 1)[0]}: ${outcome} after ${tookMs} ms`);
    };
    reply.then(
      ({ status }) => write(status),
      (error: unknown) => write(errorMessage(error)),
    );
  }

  /** Returns the error for a change that was sent but not answered. */
  #outcomeUnknown(reason: string): SovdError {
    const { name, url } = this.peer;
    const message = `The change was sent to the gateway ${name} at ${url}, and its outcome is unknown: ${reason}`;
    return new SovdError({ code: 'x-medkit-outcome-unknown', message, parameters: { peer: name, details: reason } });
  }

  /** Returns the error for clients. */
  unavailable(reason: string): SovdError {
    const { name, url } = this.peer;
    const message = `The gateway ${name} at ${url} does not answer: ${reason}`;
    return new SovdError({ code: 'x-medkit-peer-unavailable', message, parameters: { peer: name, details: reason } });
  }

  #address(): Promise<string> {
    const hostname = this.#hostname;
    this.#found ??= this.#names.addressesOf(hostname).then((addresses) => addresses[0] ?? hostname);
    return this.#found;
  }
}

/** Throws if the text is too long, which closes the connection. */
async function textOf(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > MAX_DOCUMENT_BYTES) throw new Error(`a document of more than ${MAX_DOCUMENT_BYTES} bytes`);
  }
  return Buffer.concat(chunks, length).toString();
}

/** Returns whether a path has a segment that URLs resolve, such as `..` in any encoding. */
function leadsUp(path: string): boolean {
  if (!/\.|%2e/i.test(path)) return false;
  const [pathname = ''] = path.split(/[?#]/);
  return pathname.split(/[/\\]/).some((segment) => /^(?:\.|%2e){1,2}$/i.test(segment));
}

/** Returns why a reply does not count as an answer of an available gateway. */
function problemOf(
  status: number,
  token: string | undefined,
  { authorization }: PeerRequest['headers'],
): string | undefined {
  // Rejected credentials of a client are reported to the client.
  const isOfClient = token === undefined && authorization !== undefined;
  if (status === 401 && !isOfClient) {
    const remedy = token === undefined ? 'set it in aggregation.peer_token_files' : 'check its token file';
    return `it requires another token: ${remedy}`;
  }
  const isRedirect = status >= 300 && status < 400 && status !== 304;
  return isRedirect || status < 200 || status > 599 ? `it answers with status ${status}` : undefined;
}
