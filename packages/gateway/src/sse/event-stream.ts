import type { ServerResponse } from 'node:http';
import type { Clock, Timer } from '@medkit/edges';
import type { Admission, AdmissionEnd } from '../security/admission.ts';
import type { Corks } from './corks.ts';
import { EventConnection } from './event-connection.ts';
import { commentFrame, type EventFrame, eventFrame } from './event-frame.ts';

/** Octets that wait for a client before it counts as too slow. */
export const MAX_BEHIND_BYTES = 1_048_576;
/** Frames that are sent before the reply begins, which is in the same turn as its stream is opened. */
const MAX_EARLY_FRAMES = 1000;
/** How long a client that is cut off has to read why. */
const LAST_WORDS_MS = 5000;
/** The same where it is not to have anything any more. */
const REVOKED_WORDS_MS = 500;
/** How often streams are judged without a reason. */
const JUDGED_EVERY_MS = 60_000;
/** The headers leave with the first octets, and a client waits for them. */
const CONNECTED = commentFrame('connected');
const KEEP_ALIVE = commentFrame('keepalive');

/** A frame, or what makes it when it can be sent; nothing is sent where that gives none. */
export type OfferedFrame = EventFrame | (() => EventFrame | undefined);

/** The events of one client, on their way. */
export class EventStream {
  readonly #clock: Clock;
  readonly #corks: Corks;
  readonly #gone = new AbortController();
  /** What is sent before there is a connection. */
  #early: EventFrame[] = [CONNECTED];
  #connection: EventConnection | undefined;
  #leaving = false;
  #isCutOff = false;
  #isRevoked = false;
  #admission: Admission | undefined;
  readonly #endOf: (admission: Admission) => AdmissionEnd | undefined;
  #isQuiet = false;
  #drained: PromiseWithResolvers<void> | undefined;
  /** The newest frame that was offered, where it waits for the one before. */
  #offered: OfferedFrame | undefined;
  #offerUnderWay = false;
  #lastWords: Timer | undefined;
  /** When what its client was let in by is over. */
  #expiry: Timer | undefined;

  readonly #claim: (owner: string | undefined) => void;

  /**
   * @param endOf why the client of the stream is no longer authorised
   * @param claim counts the stream against the share of an owner; throws if that has too many
   */
  constructor(
    clock: Clock,
    corks: Corks,
    endOf: (admission: Admission) => AdmissionEnd | undefined = () => undefined,
    claim: (owner: string | undefined) => void = () => undefined,
  ) {
    this.#claim = claim;
    this.#clock = clock;
    this.#corks = corks;
    this.#endOf = endOf;
  }

  /** Aborted when the stream is over, whoever ended it. */
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

  /** True once nothing is sent any more, though the client may still be reading. */
  get isOver(): boolean {
    return this.#leaving;
  }

  /** True where it ended for a fault of this side or of the client's, not because either was done. */
  get isCutOff(): boolean {
    return this.#isCutOff;
  }

  /** True where it ended because its client is not let in any more. */
  get isRevoked(): boolean {
    return this.#isRevoked;
  }

  /**
   * Sends all there is, and will be, as the body of `response`, whose status and headers are set, for as long as `admission` is
   * given. Called once.
   */
  begin(response: ServerResponse, admission?: Admission): void {
    if (response.destroyed) {
      this.#close();
      return;
    }
    this.#connection = new EventConnection({
      response,
      corks: this.#corks,
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

  /** Ends the stream where its client would not be let in any more; what the client has not taken half a second later is lost. */
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

  /** Sends a frame, which may be shared with other streams. A client that is too far behind is cut off instead. */
  send(frame: EventFrame): void {
    if (this.#leaving) return;
    if (this.#isTooFarBehind()) this.cutOff(`more than ${MAX_BEHIND_BYTES} octets behind`);
    else this.#write(frame);
  }

  /**
   * Sends a frame of which only the newest matters: while the client has not taken the one before, it waits, and a newer one
   * takes its place. No client is cut off for these.
   */
  offer(frame: OfferedFrame): void {
    if (this.#leaving) return;
    this.#offered = frame;
    this.#sendOffered();
  }

  /** Resolves when there is room for more, or the stream is over. */
  drained(): Promise<void> {
    if (this.#leaving || this.#connection?.isFull === false) return Promise.resolve();
    this.#drained ??= Promise.withResolvers();
    return this.#drained.promise;
  }

  /** Sends a comment where nothing was sent since it was called last and nothing waits. */
  keepAlive(): void {
    if (this.#isQuiet && this.#connection?.waiting === 0) this.send(KEEP_ALIVE);
    this.#isQuiet = true;
  }

  /** Ends the stream as if the connection had broken, which makes clients come again; `reason` is the last they read. */
  cutOff(reason: string): void {
    if (this.#leaving) return;
    this.#isCutOff = true;
    this.#write(commentFrame(`cut off: ${reason}; come again with Last-Event-ID`));
    this.#leave();
  }

  /** Ends the stream in good order, behind all that was sent or offered. */
  end(): void {
    if (this.#leaving) return;
    const frame = this.#taken();
    if (frame) this.#write(frame);
    this.#leave();
  }

  #judgeAtExpiry(expiresMs: number | undefined): void {
    if (expiresMs === undefined || this.#expiry || this.#leaving) return;
    const leftMs = expiresMs - this.#clock.wallMs();
    // Clocks of machines are set while they run: the look of each minute finds what a timer of days would miss.
    if (leftMs > JUDGED_EVERY_MS) return;
    this.#expiry = this.#clock.after(Math.max(0, leftMs), () => {
      this.#expiry = undefined;
      this.judge();
    });
  }

  #isTooFarBehind(): boolean {
    if (!this.#connection) return this.#early.length > MAX_EARLY_FRAMES;
    if (this.#connection.waiting <= MAX_BEHIND_BYTES) return false;
    // What is only held back until the turn ends is no fault of the client.
    this.#connection.flush();
    return this.#connection.waiting > MAX_BEHIND_BYTES;
  }

  #write(frame: EventFrame): void {
    this.#isQuiet = false;
    if (this.#connection) this.#connection.write(frame);
    else this.#early.push(frame);
  }

  #sendOffered(): void {
    if (!this.#offered || !this.#connection || this.#offerUnderWay || this.#leaving) return;
    const frame = this.#taken();
    if (!frame) return;
    this.#offerUnderWay = true;
    this.#isQuiet = false;
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
    this.#lastWords?.cancel();
    const patienceMs = this.#isRevoked ? REVOKED_WORDS_MS : LAST_WORDS_MS;
    this.#lastWords = this.#clock.after(patienceMs, () => connection.destroy());
  }

  #wake(): void {
    this.#drained?.resolve();
    this.#drained = undefined;
  }

  #close(): void {
    this.#leaving = true;
    this.#offered = undefined;
    this.#lastWords?.cancel();
    this.#expiry?.cancel();
    this.#wake();
    this.#gone.abort();
  }
}
