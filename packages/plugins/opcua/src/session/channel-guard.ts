import type { X509Certificate } from 'node:crypto';
import type { Clock, Timer } from '@medkit/edges';
import { MIN_TOKEN_LIFETIME_MS, TOKEN_LIFETIME_MS } from './bounds.ts';
import { PlcError } from './plc-error.ts';

/** The keys that a server gave, with the time that they may be used for (OPC 10000-4, 5.6.2). */
interface Token {
  createdAt: Date | null;
  revisedLifetime: number;
}

/** A time that has always been over, and one that never is: the library throws keys away by it. */
const [OVER, NEVER] = [0, 8.64e15].map((ms) => new Date(ms)) as [Date, Date];

/** What of a secured channel the library does not look at itself. */
export class ChannelGuard {
  readonly #server: X509Certificate | undefined;
  readonly #clock: Clock;
  readonly #onProblem: (error: PlcError) => void;
  #token: Token | undefined;
  #former: Token | undefined;
  #expiry: Timer | undefined;
  #isStopped = false;

  /** `server` is the certificate of a secured channel; `onProblem` is told why that may not be used any more. */
  constructor(server: X509Certificate | undefined, clock: Clock, onProblem: (error: PlcError) => void) {
    this.#server = server;
    this.#clock = clock;
    this.#onProblem = onProblem;
  }

  /** A chunk that arrived. One that gives a message up is taken by the library from whoever sends it, signed or not. */
  lookAt(chunk: Buffer): void {
    if (this.#server === undefined || chunk.toString('latin1', 0, 4) !== 'MSGA') return;
    this.#onProblem(new PlcError('an answer was given up, and nobody knows by whom: it may not be the server'));
  }

  /** Who signed an opening of the channel: the library takes the word of anyone who shows a certificate, for any answer. */
  checkSender(shown: Buffer | null | undefined): void {
    if (this.#server === undefined) return;
    const { raw } = this.#server;
    if (shown?.subarray(0, raw.length).equals(raw)) return;
    this.#onProblem(new PlcError('somebody else than the server answered: it is signed with another certificate'));
  }

  /**
   * Keys that the channel uses from now on. A lifetime beyond what a timer can hold would have them renewed without a pause.
   * Once the library finds them too old, by the time of day, it sends in clear: here their age is what this clock says, and the
   * channel ends with them. Of former ones the last are kept, for what is under way.
   */
  checkToken(token: Token): void {
    if (token.revisedLifetime < MIN_TOKEN_LIFETIME_MS) {
      this.#onProblem(new PlcError(`it wants its keys renewed every ${token.revisedLifetime} ms`));
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
        new PlcError(`its keys were not renewed within the ${token.revisedLifetime / 1000} s of those before`),
      ),
    );
  }

  stop(): void {
    this.#isStopped = true;
    this.#expiry?.cancel();
  }
}
