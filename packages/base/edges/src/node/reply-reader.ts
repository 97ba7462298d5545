import type { IncomingHttpHeaders } from 'node:http';
import { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import { type HttpStreamReply, type HttpStreamRequest, ReplyMissing } from '../http-client.ts';
import type { PooledConnection } from './connection-pool.ts';

/** Headers that may occur only once: the first value counts. Repeated values of other headers are joined as a list. */
const ONCE: ReadonlySet<string> = new Set([
  'age',
  'content-length',
  'content-type',
  'etag',
  'expires',
  'last-modified',
  'location',
  'retry-after',
  'server',
]);

/** Clearer texts for terse errors of undici. */
const REASONS: Readonly<Record<string, string>> = {
  'bad upgrade': 'the server switched to another protocol',
  'other side closed': 'the server closed the connection',
};

/** Reads the reply to one request and returns the connection to the pool when the reply has ended. */
export class ReplyReader implements Dispatcher.DispatchHandler {
  readonly #connection: PooledConnection;
  readonly #wholeBytes: number;
  readonly #signal: AbortSignal | undefined;
  readonly #give: (reply: HttpStreamReply) => void;
  readonly #refuse: (reason: Error) => void;
  #controller: Dispatcher.DispatchController | undefined;
  #status = 0;
  #headers: HttpStreamReply['headers'] = {};
  readonly #parts: Buffer[] = [];
  /** The body of a reply that was returned before it was complete. */
  #stream: Readable | undefined;

  constructor(
    connection: PooledConnection,
    { timeoutMs, wholeBytes = 0, signal }: HttpStreamRequest,
    give: (reply: HttpStreamReply) => void,
    refuse: (reason: Error) => void,
  ) {
    this.#connection = connection;
    this.#wholeBytes = wholeBytes;
    this.#signal = signal;
    this.#give = give;
    this.#refuse = refuse;
    connection.deadline.begin(timeoutMs, () => this.#end(new Error(`no reply in ${timeoutMs} ms`)));
    signal?.addEventListener('abort', this.#aborted, { once: true });
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    // Skips informational responses (1xx).
    if (status < 200) return;
    this.#status = status;
    this.#headers = asTexts(headers);
    if (Number(this.#headers['content-length'] ?? Number.POSITIVE_INFINITY) <= this.#wholeBytes) return;
    const stream = new Readable({
      read: () => controller.resume(),
      destroy: (error, done) => {
        this.#end(error ?? new Error('the rest of the reply is not read'));
        done(error);
      },
    });
    // A reader receives the error through the stream. Without a reader, the error is ignored.
    stream.on('error', () => undefined);
    this.#stream = stream;
    this.#connection.deadline.end();
    this.#give({ status, headers: this.#headers, body: stream, close: () => void stream.destroy() });
  }

  onResponseData(controller: Dispatcher.DispatchController, part: Buffer): void {
    if (!this.#stream) this.#parts.push(part);
    else if (!this.#stream.push(part)) controller.pause();
  }

  onResponseEnd(): void {
    this.#connection.deadline.end();
    this.#signal?.removeEventListener('abort', this.#aborted);
    this.#connection.keep();
    if (this.#stream) {
      this.#stream.push(null);
      return;
    }
    const octets = this.#parts.length === 1 ? (this.#parts[0] as Buffer) : Buffer.concat(this.#parts);
    this.#give({
      status: this.#status,
      headers: this.#headers,
      octets,
      body: inOnePart(octets),
      close: () => undefined,
    });
  }

  onResponseError(_controller: unknown, error: Error): void {
    this.#connection.deadline.close();
    this.#signal?.removeEventListener('abort', this.#aborted);
    // Once the request is being sent, the server may have received all of it.
    const reason = this.#controller ? new ReplyMissing(errorMessage(error)) : new Error(errorMessage(error));
    if (this.#stream) this.#stream.destroy(reason);
    else this.#refuse(reason);
  }

  readonly #aborted = (): void => this.#end(new Error('the request was aborted'));

  /** Aborts an unfinished exchange and its connection: an unread reply would block the next one. */
  #end(reason: Error): void {
    if (this.#controller) this.#controller.abort(reason);
    else this.#connection.end(reason);
  }
}

async function* inOnePart(octets: Uint8Array): AsyncGenerator<Uint8Array> {
  yield octets;
}

/** Joins repeated headers into one text each. Changes `headers` in place, since no other code uses it. */
function asTexts(headers: IncomingHttpHeaders): Record<string, string> {
  for (const name in headers) {
    const value: unknown = headers[name];
    if (Array.isArray(value)) headers[name] = ONCE.has(name) ? value[0] : value.join(', ');
  }
  return headers as Record<string, string>;
}

/** If every address of a host fails, the error has a code and no message. */
function errorMessage(error: NodeJS.ErrnoException): string {
  return REASONS[error.message] ?? (error.message || String(error.code));
}
