import { Readable } from 'node:stream';
import type { Clock, Timer } from '@medkit/edges';
import { commentFrame } from './event-frame.ts';

/** Octets that wait for a client before it counts as too slow. */
export const MAX_BEHIND_BYTES = 1_048_576;
/** Octets that wait before past events are read no further. */
const HIGH_WATER_BYTES = 65_536;
/** How long a client that is cut off has to read why. */
const LAST_WORDS_MS = 5000;

/** The events of one client, on their way. */
export class EventStream {
  /** What the client gets. Whoever destroys it ends the stream. */
  readonly body: Readable;
  readonly #clock: Clock;
  readonly #gone = new AbortController();
  #leaving = false;
  #isCutOff = false;
  #drained: PromiseWithResolvers<void> | undefined;
  #cutOff: Timer | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.body = new Readable({ highWaterMark: HIGH_WATER_BYTES, read: () => this.#wake() });
    this.body.once('close', () => this.#close());
    // The headers leave with the first octets, and a client waits for them.
    this.body.push(commentFrame('connected'));
  }

  /** Aborted when the stream is over, whoever ended it. */
  get signal(): AbortSignal {
    return this.#gone.signal;
  }

  /** True once nothing is sent any more, though the client may still be reading. */
  get isOver(): boolean {
    return this.#leaving;
  }

  /** True where it ended for a fault of this side or of the client's, not because either was done. */
  get isCutOff(): boolean {
    return this.#isCutOff;
  }

  /** Sends a frame, which may be shared with other streams. A client that is too far behind is cut off instead. */
  send(frame: Uint8Array): void {
    if (this.#leaving) return;
    this.body.push(frame);
    if (this.body.readableLength > MAX_BEHIND_BYTES) this.cutOff(`more than ${MAX_BEHIND_BYTES} octets behind`);
  }

  /** Resolves when there is room for more, or the stream is over. */
  drained(): Promise<void> {
    if (this.body.readableLength < HIGH_WATER_BYTES || this.#leaving) return Promise.resolve();
    this.#drained ??= Promise.withResolvers();
    return this.#drained.promise;
  }

  /** Ends the stream as if the connection had broken, which makes clients come again; `reason` is the last they read. */
  cutOff(reason: string): void {
    if (this.#leaving) return;
    this.#isCutOff = true;
    this.#leave(commentFrame(`cut off: ${reason}; come again with Last-Event-ID`));
    this.#cutOff = this.#clock.after(LAST_WORDS_MS, () => this.body.destroy());
  }

  /** Ends the stream in good order. */
  end(): void {
    if (!this.#leaving) this.#leave(null);
  }

  #leave(last: Uint8Array | null): void {
    this.#leaving = true;
    this.body.push(last);
    this.#wake();
  }

  #wake(): void {
    this.#drained?.resolve();
    this.#drained = undefined;
  }

  #close(): void {
    this.#leaving = true;
    this.#cutOff?.cancel();
    this.#wake();
    this.#gone.abort();
  }
}
