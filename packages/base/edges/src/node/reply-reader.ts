import type { IncomingHttpHeaders } from 'node:http';
import { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import { type HttpStreamReply, type HttpStreamRequest, ReplyMissing } from '../http-client.ts';
import type { KeptConnection } from './kept-connections.ts';

/** Of a header that is there more than once and can only be there once, the first counts; others are lists. */
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

/** How undici says what went wrong, where that says little. */
const REASONS: Readonly<Record<string, string>> = {
  'bad upgrade': 'the other side goes over to another protocol',
  'other side closed': 'the other side closed the connection',
};

/** Reads the reply to one request on a connection, and gives that back when it has ended. */
export class ReplyReader implements Dispatcher.DispatchHandler {
  readonly #connection: KeptConnection;
  readonly #wholeBytes: number;
  readonly #signal: AbortSignal | undefined;
  readonly #give: (reply: HttpStreamReply) => void;
  readonly #refuse: (reason: Error) => void;
  #controller: Dispatcher.DispatchController | undefined;
  #status = 0;
  #headers: HttpStreamReply['headers'] = {};
  readonly #parts: Buffer[] = [];
  /** Of a reply that was given before it has ended. */
  #stream: Readable | undefined;

  constructor(
    connection: KeptConnection,
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
    // The reply itself comes after those that only inform.
    if (status < 200) return;
    this.#status = status;
    this.#headers = asTexts(headers);
    if (Number(this.#headers['content-length'] ?? Number.POSITIVE_INFINITY) <= this.#wholeBytes) return;
    const stream = new Readable({
      read: () => controller.resume(),
      destroy: (error, done) => {
        this.#end(error ?? new Error('nobody reads the rest of the reply'));
        done(error);
      },
    });
    // Whoever reads it is told. Without one that is nobody's matter.
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
    // Once it has begun to go out, the server may have all of it.
    const reason = this.#controller ? new ReplyMissing(reasonOf(error)) : new Error(reasonOf(error));
    if (this.#stream) this.#stream.destroy(reason);
    else this.#refuse(reason);
  }

  readonly #aborted = (): void => this.#end(new Error('the request was aborted'));

  /** Ends what has not ended, the connection with it: a reply that nobody reads would stand before the next one. */
  #end(reason: Error): void {
    if (this.#controller) this.#controller.abort(reason);
    else this.#connection.end(reason);
  }
}

async function* inOnePart(octets: Uint8Array): AsyncGenerator<Uint8Array> {
  yield octets;
}

/** The headers themselves, which nobody else has, each as one text. */
function asTexts(headers: IncomingHttpHeaders): Record<string, string> {
  for (const name in headers) {
    const value: unknown = headers[name];
    if (Array.isArray(value)) headers[name] = ONCE.has(name) ? value[0] : value.join(', ');
  }
  return headers as Record<string, string>;
}

/** Where several addresses were tried in vain, the error has a code and no words. */
function reasonOf(error: NodeJS.ErrnoException): string {
  return REASONS[error.message] ?? (error.message || String(error.code));
}
