import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';

/** A client connection in memory that reads or pauses as the test demands. */
class MemorySocket extends Socket {
  text = '';
  /** While this is set, the client reads nothing and data waits. */
  #paused: (() => void)[] | undefined;

  override _write(part: Uint8Array | string, _encoding: BufferEncoding, done: () => void): void {
    this.#take([part], done);
  }

  override _writev(parts: readonly { readonly chunk: Uint8Array | string }[], done: () => void): void {
    this.#take(
      parts.map(({ chunk }) => chunk),
      done,
    );
  }

  override _final(done: () => void): void {
    done();
  }

  #take(parts: readonly (Uint8Array | string)[], done: () => void): void {
    const take = (): void => {
      this.text += parts.map((part) => Buffer.from(part).toString()).join('');
      done();
    };
    if (this.#paused) this.#paused.push(take);
    else take();
  }

  stopReading(): void {
    this.#paused ??= [];
  }

  readNext(): void {
    const waiting = this.#paused ?? [];
    this.#paused = undefined;
    for (const take of waiting) take();
  }
}

/** An HTTP/1.0 client, which receives the body without chunks. */
export class MemoryClient {
  readonly #socket = new MemorySocket();
  readonly response: ServerResponse;

  constructor() {
    const request = new IncomingMessage(this.#socket);
    Object.assign(request, { method: 'GET', httpVersionMajor: 1, httpVersionMinor: 0 });
    this.response = new ServerResponse(request);
    this.response.assignSocket(this.#socket);
    this.response.once('finish', () => this.#socket.destroy());
  }

  /** The received part of the body. */
  get text(): string {
    return this.#socket.text.split('\r\n\r\n').slice(1).join('\r\n\r\n');
  }

  /** Bytes that wait for the client. */
  get waiting(): number {
    return this.#socket.writableLength;
  }

  get isConnected(): boolean {
    return !this.#socket.destroyed;
  }

  /** Number of listeners on its connection and reply, which must be the same before and after a stream. */
  get listeners(): number {
    return [this.#socket, this.response].reduce(
      (sum, emitter) => sum + emitter.eventNames().reduce((count, name) => count + emitter.listenerCount(name), 0),
      0,
    );
  }

  stopReading(): void {
    this.#socket.stopReading();
  }

  readNext(): void {
    this.#socket.readNext();
  }

  leave(): void {
    this.#socket.destroy();
  }
}
