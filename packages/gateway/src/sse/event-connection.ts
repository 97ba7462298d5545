import type { ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { Writable } from 'node:stream';
import type { Clock } from '@medkit/edges';
import type { EventFrame } from './event-frame.ts';
import type { WriteBatcher } from './write-batcher.ts';

export interface EventConnectionOptions {
  /** With status and headers set, and a socket assigned. */
  readonly response: ServerResponse;
  readonly writeBatcher: WriteBatcher;
  readonly clock: Clock;
  /** Called when there is space for more. */
  readonly onDrain: () => void;
  /** Called once when the reply ends for any reason, never during the constructor. */
  readonly onClose: () => void;
}

/** A connection is idle after this time without a write, milliseconds. */
const REST_MS = 20;

/**
 * The connection to the client of a stream. Writes frames directly to the socket, which avoids the overhead of a reply
 * for each body part. A reply without a socket, as from `inject`, uses the normal path.
 */
export class EventConnection {
  readonly #response: ServerResponse;
  readonly #writeBatcher: WriteBatcher;
  readonly #clock: Clock;
  readonly #way: Writable;
  readonly #form: keyof EventFrame;
  #wroteMs: number;

  constructor({ response, writeBatcher, clock, onDrain, onClose }: EventConnectionOptions) {
    const { socket } = response;
    this.#response = response;
    this.#writeBatcher = writeBatcher;
    this.#clock = clock;
    this.#wroteMs = clock.monotonicMs();
    this.#way = socket instanceof Socket ? socket : response;
    this.#way.on('drain', onDrain);
    response.once('close', () => {
      this.#way.off('drain', onDrain);
      onClose();
    });
    writeBatcher.cork(this.#way);
    response.flushHeaders();
    this.#form = this.#way === socket && response.chunkedEncoding ? 'chunk' : 'plain';
  }

  /** Bytes that wait for the client. */
  get waiting(): number {
    return this.#way.writableLength;
  }

  /** True while the buffer is full: a writer should wait for `onDrain`. */
  get isFull(): boolean {
    return this.#way.writableNeedDrain;
  }

  /**
   * Writes a frame. After an idle period it is sent immediately, so that an alarm does not wait for other work of this
   * turn; otherwise at the end of the turn. `onWritten` is called when the frame has left the buffer, or never will.
   */
  write(frame: EventFrame, onWritten?: () => void): void {
    const nowMs = this.#clock.monotonicMs();
    if (nowMs - this.#wroteMs < REST_MS) this.#writeBatcher.cork(this.#way);
    this.#wroteMs = nowMs;
    this.#way.write(frame[this.#form], 'utf8', onWritten);
  }

  /** Writes everything buffered now. */
  flush(): void {
    this.#way.uncork();
  }

  /** Ends the reply normally. */
  end(): void {
    this.#response.end();
  }

  /** Breaks the connection. */
  destroy(): void {
    this.#response.destroy();
  }
}
