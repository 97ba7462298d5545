/** A request to another program. */
export interface HttpRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE';
  /** `http:` or `https:`, without user and password: send credentials in a header. */
  readonly url: string;
  /**
   * IP address to connect to if the name in `url` is already resolved; it is not resolved again. Host, TLS name and
   * certificate are still those of `url`.
   */
  readonly address?: string;
  /**
   * `unchecked` for a server in this process, whose certificate may be for other names: no third party is on the path.
   */
  readonly certificate?: 'unchecked';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array<ArrayBuffer>;
  /** Time limit of the whole exchange, including the reply. */
  readonly timeoutMs: number;
  /** Maximum bytes of the reply that are read (default 1 MiB); the rest is discarded. */
  readonly maxReplyBytes?: number;
  readonly signal?: AbortSignal;
}

export interface HttpReply {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Sends requests to other programs. Does not follow redirects, so that no header reaches an unintended server. */
export interface HttpClient {
  /** Rejects if no reply arrives: no server, timeout, or `signal` aborted. */
  send(request: HttpRequest): Promise<HttpReply>;
}

/** A request whose body may be streamed and whose reply is read while it arrives. */
export interface HttpStreamRequest extends Omit<HttpRequest, 'body' | 'maxReplyBytes' | 'timeoutMs'> {
  readonly body?: string | Uint8Array | AsyncIterable<Uint8Array>;
  /** Time limit for the start of the reply. */
  readonly timeoutMs: number;
  /** A reply whose declared length is at most this many bytes is returned only once it is complete (default 0). */
  readonly wholeBytes?: number;
}

/** A reply that has started. */
export interface HttpStreamReply extends Omit<HttpReply, 'body'> {
  /** The body, to be read once. Ending early closes the connection. Throws if the reply breaks off. */
  readonly body: AsyncIterable<Uint8Array>;
  /** The complete body of a reply that was read whole. */
  readonly octets?: Uint8Array;
  /** Discards the rest of the reply. */
  close(): void;
}

/** The request was sent but no complete reply arrived: the server may have acted on it. */
export class ReplyMissing extends Error {
  override readonly name = 'ReplyMissing';
}

/** Sends requests of any length to other programs. Does not follow redirects. */
export interface HttpStreams {
  /**
   * Rejects if no reply starts, or if a short reply is not complete in time; with `ReplyMissing` if the request was
   * sent. `signal` also ends a reply that has started.
   */
  open(request: HttpStreamRequest): Promise<HttpStreamReply>;
}
