/** A request to another program. */
export interface HttpRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE';
  /** `http:` or `https:`, without user and password: what identifies the sender belongs into a header. */
  readonly url: string;
  /**
   * IP address to connect to, where the name in `url` was looked up already: nobody looks it up again. Host, TLS name and
   * certificate are still those of `url`.
   */
  readonly address?: string;
  /** `unchecked` for a server of this very process, whose certificate may be for other names: nobody stands between. */
  readonly certificate?: 'unchecked';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array<ArrayBuffer>;
  /** After which it is given up, the reply included. */
  readonly timeoutMs: number;
  /** Octets of the reply that are read (default 1 MiB); the rest is left. */
  readonly maxReplyBytes?: number;
  readonly signal?: AbortSignal;
}

export interface HttpReply {
  readonly status: number;
  /** By name in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Sends requests to other programs. Redirects are not followed, so that no header goes where it was not meant to. */
export interface HttpClient {
  /** Rejects where there is no reply: nobody is there, the time is over, `signal` was aborted. */
  send(request: HttpRequest): Promise<HttpReply>;
}

/** A request whose body may come in parts, and whose reply is read as it comes. */
export interface HttpStreamRequest extends Omit<HttpRequest, 'body' | 'maxReplyBytes' | 'timeoutMs'> {
  readonly body?: string | Uint8Array | AsyncIterable<Uint8Array>;
  /** After which it is given up, unless the reply has begun by then. */
  readonly timeoutMs: number;
  /** A reply that says that it has no more octets than this has come as a whole before it is given (default 0). */
  readonly wholeBytes?: number;
}

/** A reply that has begun. */
export interface HttpStreamReply extends Omit<HttpReply, 'body'> {
  /** Its octets, to be read once; ending early costs the connection. Throws where it breaks off. */
  readonly body: AsyncIterable<Uint8Array>;
  /** All of them, of a reply that has come as a whole. */
  readonly octets?: Uint8Array;
  /** Lets go of a reply of which nothing more is read. */
  close(): void;
}

/** A request was sent and no whole reply arrived: the server may have acted on it. */
export class ReplyMissing extends Error {
  override readonly name = 'ReplyMissing';
}

/** Sends requests of any length to other programs. Redirects are not followed. */
export interface HttpStreams {
  /** Rejects where no reply begins, or a short one that was wanted as a whole does not end in time: with `ReplyMissing` if the request was sent. `signal` also ends a reply that has begun. */
  open(request: HttpStreamRequest): Promise<HttpStreamReply>;
}
