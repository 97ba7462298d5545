import type { ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { Writable } from 'node:stream';
import type { Clock } from '@medkit/edges';
import type { Corks } from './corks.ts';
import type { EventFrame } from './event-frame.ts';

export interface EventConnectionOptions {
  /** Its status and headers are set, and it has its socket. */
  readonly response: ServerResponse;
  readonly corks: Corks;
  readonly clock: Clock;
  /** There is room for more. */
  readonly onDrain: () => void;
  /** The reply is over, whoever ended it. Called later than the constructor, and once. */
  readonly onClose: () => void;
}

/** A connection is at rest when nothing was written to it for so long, milliseconds. */
const REST_MS = 20;

/**
 * The connection to the client of a stream. Frames go straight into its socket, past all that a reply does for every part of
 * its body; a reply without a socket, as `inject` makes them, gets them in the usual way.
 */
export class EventConnection {
  readonly #response: ServerResponse;
  readonly #corks: Corks;
  readonly #clock: Clock;
  readonly #way: Writable;
  readonly #form: keyof EventFrame;
  #wroteMs: number;

  constructor({ response, corks, clock, onDrain, onClose }: EventConnectionOptions) {
    const { socket } = response;
    this.#response = response;
    this.#corks = corks;
    this.#clock = clock;
    this.#wroteMs = clock.monotonicMs();
    this.#way = socket instanceof Socket ? socket : response;
    this.#way.on('drain', onDrain);
    response.once('close', () => {
      this.#way.off('drain', onDrain);
      onClose();
    });
    corks.cork(this.#way);
    response.flushHeaders();
    this.#form = this.#way === socket && response.chunkedEncoding ? 'chunk' : 'plain';
  }

  /** Octets that wait for the client. */
  get waiting(): number {
    return this.#way.writableLength;
  }

  /** True from when so much waits that a writer should stop until `onDrain`. */
  get isFull(): boolean {
    return this.#way.writableNeedDrain;
  }

  /**
   * Writes a frame: after a rest at once, so that the news of an alarm does not wait for what else is done about it; else when this
   * turn ends. `onWritten` is called when it waits here no longer, or never will be sent.
   */
  write(frame: EventFrame, onWritten?: () => void): void {
    const nowMs = this.#clock.monotonicMs();
    if (nowMs - this.#wroteMs < REST_MS) this.#corks.cork(this.#way);
    this.#wroteMs = nowMs;
    this.#way.write(frame[this.#form], 'utf8', onWritten);
  }

  /** Writes all that is held back, now. */
  flush(): void {
    this.#way.uncork();
  }

  /** Ends the reply in good order. */
  end(): void {
    this.#response.end();
  }

  /** Breaks the connection. */
  destroy(): void {
    this.#response.destroy();
  }
}
