import type { X509Certificate } from 'node:crypto';
import type { Clock, Timer } from '@medkit/edges';
import { MIN_TOKEN_LIFETIME_MS, TOKEN_LIFETIME_MS } from '../bounds.ts';
import { PlcError } from '../plc-error.ts';

/** The keys of a channel from the server, with their lifetime (OPC 10000-4, 5.6.2). */
interface Token {
  createdAt: Date | null;
  revisedLifetime: number;
}

/** A time in the past and a time that is never reached: the library discards keys by this time. */
const [OVER, NEVER] = [0, 8.64e15].map((ms) => new Date(ms)) as [Date, Date];

/** Checks of a secured channel that the library lacks. */
export class ChannelGuard {
  readonly #server: X509Certificate | undefined;
  readonly #clock: Clock;
  readonly #onProblem: (error: PlcError) => void;
  #token: Token | undefined;
  #former: Token | undefined;
  #expiry: Timer | undefined;
  #isStopped = false;

  /**
   * `server` is the certificate of a secured channel; `onProblem` is called with the reason why the channel must not be
   * used any more.
   */
  constructor(server: X509Certificate | undefined, clock: Clock, onProblem: (error: PlcError) => void) {
    this.#server = server;
    this.#clock = clock;
    this.#onProblem = onProblem;
  }

  /** Checks a received chunk. The library accepts an abort chunk from any sender, signed or not. */
  lookAt(chunk: Buffer): void {
    if (this.#server === undefined || chunk.toString('latin1', 0, 4) !== 'MSGA') return;
    this.#onProblem(new PlcError('an answer was aborted without a signature: the sender may not be the server'));
  }

  /** Checks the sender of an OpenSecureChannel response: the library accepts any certificate for any response. */
  checkSender(presented: Buffer | null | undefined): void {
    if (this.#server === undefined) return;
    const { raw } = this.#server;
    if (presented?.subarray(0, raw.length).equals(raw)) return;
    this.#onProblem(new PlcError('an answer was not sent by the server: it is signed with another certificate'));
  }

  /**
   * Limits the lifetime of new keys. A lifetime beyond the range of a timer would cause continuous renewal. When the
   * library finds keys expired by the time of day, it sends in clear text; therefore their age is measured by this
   * clock, and the channel ends with them. The previous keys are stored for messages in transit.
   */
  checkToken(token: Token): void {
    if (token.revisedLifetime < MIN_TOKEN_LIFETIME_MS) {
      this.#onProblem(new PlcError(`it requires its keys renewed every ${token.revisedLifetime} ms`));
    }
    token.revisedLifetime = Math.min(Math.max(token.revisedLifetime, MIN_TOKEN_LIFETIME_MS), TOKEN_LIFETIME_MS);
    if (this.#server === undefined || this.#isStopped) return;
    if (this.#former) this.#former.createdAt = OVER;
    this.#former = this.#token;
    this.#token = token;
    token.createdAt = NEVER;
    this.#expiry?.cancel();
    this.#expiry = this.#clock.after(token.revisedLifetime, () =>
      this.#onProblem(
        new PlcError(
          `its keys were not renewed within ${token.revisedLifetime / 1000} s, the lifetime of the previous keys`,
        ),
      ),
    );
  }

  stop(): void {
    this.#isStopped = true;
    this.#expiry?.cancel();
  }
}
