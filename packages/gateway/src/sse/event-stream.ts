import type { ServerResponse } from 'node:http';
import type { Clock, Timer } from '@medkit/edges';
import type { Admission, AdmissionEnd } from '../security/admission.ts';
import { EventConnection } from './event-connection.ts';
import { commentFrame, type EventFrame, eventFrame } from './event-frame.ts';
import type { WriteBatcher } from './write-batcher.ts';

/** Maximum unsent bytes; above this, a client is too slow. */
export const MAX_BEHIND_BYTES = 1_048_576;
/** Maximum frames before the reply begins, which is in the turn in which the stream is opened. */
const MAX_EARLY_FRAMES = 1000;
/** How long a disconnected client may read the reason. */
const REASON_MS = 5000;
/** The same for a client whose access was revoked. */
const REVOKED_REASON_MS = 500;
/** Interval of the access checks without an event that causes one. */
const JUDGED_EVERY_MS = 60_000;
/** Sent immediately, since the headers leave with the first bytes and a client waits for them. */
const CONNECTED = commentFrame('connected');
const KEEP_ALIVE = commentFrame('keepalive');

/** A frame, or a function that creates it when it can be sent; nothing is sent if the function returns `undefined`. */
export type OfferedFrame = EventFrame | (() => EventFrame | undefined);

/** The event stream of one client. */
export class EventStream {
  readonly #clock: Clock;
  readonly #writeBatcher: WriteBatcher;
  readonly #gone = new AbortController();
  /** Frames sent before there is a connection. */
  #early: EventFrame[] = [CONNECTED];
  #connection: EventConnection | undefined;
  #leaving = false;
  #isCutOff = false;
  #isRevoked = false;
  #admission: Admission | undefined;
  readonly #endOf: (admission: Admission) => AdmissionEnd | undefined;
  #isQuiet = false;
  #drained: PromiseWithResolvers<void> | undefined;
  /** The newest offered frame, while it waits for the previous one. */
  #offered: OfferedFrame | undefined;
  #offerUnderWay = false;
  #closing: Timer | undefined;
  /** Timer for the expiry of the client's credential. */
  #expiry: Timer | undefined;

  readonly #tally: { frames: number } | undefined;
  readonly #claim: (owner: string | undefined) => void;

  /**
   * @param endOf returns why the client of the stream is no longer authorised
   * @param claim counts the stream against the share of an owner; throws if that has too many
   * @param tally counts the sent frames, without comments that keep the connection open
   */
  constructor(
    clock: Clock,
    writeBatcher: WriteBatcher,
    endOf: (admission: Admission) => AdmissionEnd | undefined = () => undefined,
    claim: (owner: string | undefined) => void = () => undefined,
    tally?: { frames: number },
  ) {
    this.#tally = tally;
    this.#claim = claim;
    this.#clock = clock;
    this.#writeBatcher = writeBatcher;
    this.#endOf = endOf;
  }

  /** Aborted when the stream ends for any reason. */
  get signal(): AbortSignal {
    return this.#gone.signal;
  }

  /** Counts the stream against the share of its client. If that has too many, ends the stream and throws. */
  claim(owner: string | undefined): void {
    try {
      this.#claim(owner);
    } catch (error) {
      this.#close();
      throw error;
    }
  }

  /** True once no more frames are sent; the client may still be reading. */
  get isOver(): boolean {
    return this.#leaving;
  }

  /** True if the stream was cut off, not ended by either side. */
  get isCutOff(): boolean {
    return this.#isCutOff;
  }

  /** True if it ended because the client lost its access. */
  get isRevoked(): boolean {
    return this.#isRevoked;
  }

  /**
   * Sends all frames as the body of `response`, whose status and headers are set, while `admission` holds. Called once.
   */
  begin(response: ServerResponse, admission?: Admission): void {
    if (response.destroyed) {
      this.#close();
      return;
    }
    this.#connection = new EventConnection({
      response,
      writeBatcher: this.#writeBatcher,
      clock: this.#clock,
      onDrain: () => this.#wake(),
      onClose: () => this.#close(),
    });
    this.#admission = admission;
    for (const frame of this.#early) this.#connection.write(frame);
    this.#early = [];
    this.#wake();
    this.#sendOffered();
    if (this.#leaving) this.#finish(this.#connection);
    this.judge();
  }

  /** True if the entities decide about the access of its client. */
  get isLimited(): boolean {
    return this.#admission?.isInScope !== undefined;
  }

  /** Ends the stream if its client has lost access; discards what the client has not read half a second later. */
  judge(): void {
    if (this.#isRevoked || !this.#admission) return;
    const reason = this.#endOf(this.#admission);
    if (reason === undefined) {
      this.#judgeAtExpiry(this.#admission.credential.expiresMs);
      return;
    }
    this.#isRevoked = true;
    if (!this.#leaving) {
      this.#write(
        eventFrame({ event: 'x-medkit-auth', data: JSON.stringify({ reason, retry: reason === 'expired' }) }),
      );
      this.#leave();
    } else if (this.#connection) this.#finish(this.#connection);
  }

  /** Sends a frame, which other streams may share. Disconnects a client that is too far behind instead. */
  send(frame: EventFrame): void {
    if (this.#leaving) return;
    if (this.#isTooFarBehind()) this.cutOff(`more than ${MAX_BEHIND_BYTES} bytes behind`);
    else this.#write(frame);
  }

  /**
   * Sends a frame of which only the newest matters: it waits until the client has taken the previous one, and a newer
   * frame replaces it. These frames never disconnect a client.
   */
  offer(frame: OfferedFrame): void {
    if (this.#leaving) return;
    this.#offered = frame;
    this.#sendOffered();
  }

  /** Resolves when there is space for more, or the stream is over. */
  drained(): Promise<void> {
    if (this.#leaving || this.#connection?.isFull === false) return Promise.resolve();
    this.#drained ??= Promise.withResolvers();
    return this.#drained.promise;
  }

  /** Sends a comment if nothing was sent since the last call and nothing waits. */
  keepAlive(): void {
    if (this.#isQuiet && this.#connection?.waiting === 0) this.send(KEEP_ALIVE);
    this.#isQuiet = true;
  }

  /** Ends the stream like a broken connection, so that clients reconnect; `reason` is the last comment. */
  cutOff(reason: string): void {
    if (this.#leaving) return;
    this.#isCutOff = true;
    this.#write(commentFrame(`disconnected: ${reason}; reconnect with Last-Event-ID`));
    this.#leave();
  }

  /** Ends the stream normally, after all sent and offered frames. */
  end(): void {
    if (this.#leaving) return;
    const frame = this.#taken();
    if (frame) this.#write(frame);
    this.#leave();
  }

  #judgeAtExpiry(expiresMs: number | undefined): void {
    if (expiresMs === undefined || this.#expiry || this.#leaving) return;
    const leftMs = expiresMs - this.#clock.wallMs();
    // Machine clocks may be set at run time: the check each minute finds what a timer of days would miss.
    if (leftMs > JUDGED_EVERY_MS) return;
    this.#expiry = this.#clock.after(Math.max(0, leftMs), () => {
      this.#expiry = undefined;
      this.judge();
    });
  }

  #isTooFarBehind(): boolean {
    if (!this.#connection) return this.#early.length > MAX_EARLY_FRAMES;
    if (this.#connection.waiting <= MAX_BEHIND_BYTES) return false;
    // Frames buffered until the end of the turn do not count against the client.
    this.#connection.flush();
    return this.#connection.waiting > MAX_BEHIND_BYTES;
  }

  #write(frame: EventFrame): void {
    this.#isQuiet = false;
    if (this.#tally && frame !== KEEP_ALIVE) this.#tally.frames += 1;
    if (this.#connection) this.#connection.write(frame);
    else this.#early.push(frame);
  }

  #sendOffered(): void {
    if (!this.#offered || !this.#connection || this.#offerUnderWay || this.#leaving) return;
    const frame = this.#taken();
    if (!frame) return;
    this.#offerUnderWay = true;
    this.#isQuiet = false;
    if (this.#tally) this.#tally.frames += 1;
    this.#connection.write(frame, () => {
      this.#offerUnderWay = false;
      this.#sendOffered();
    });
  }

  #taken(): EventFrame | undefined {
    const offered = this.#offered;
    this.#offered = undefined;
    return typeof offered === 'function' ? offered() : offered;
  }

  #leave(): void {
    this.#leaving = true;
    this.#offered = undefined;
    this.#wake();
    if (this.#connection) this.#finish(this.#connection);
    else this.#close();
  }

  #finish(connection: EventConnection): void {
    if (!this.#isCutOff) connection.end();
    if (!this.#isCutOff && !this.#isRevoked) return;
    this.#closing?.cancel();
    const patienceMs = this.#isRevoked ? REVOKED_REASON_MS : REASON_MS;
    this.#closing = this.#clock.after(patienceMs, () => connection.destroy());
  }

  #wake(): void {
    this.#drained?.resolve();
    this.#drained = undefined;
  }

  #close(): void {
    this.#leaving = true;
    this.#offered = undefined;
    this.#closing?.cancel();
    this.#expiry?.cancel();
    this.#wake();
    this.#gone.abort();
  }
}
