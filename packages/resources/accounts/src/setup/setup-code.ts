import { createHash, timingSafeEqual } from 'node:crypto';
import type { Clock, Random } from '@medkit/edges';

/**
 * 32 characters, so that each is equally likely. Omits those that are confused when read from a screen: 0 and O, 1 and
 * I.
 */
const ALPHABET = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';
const CHARACTERS = 10;
const WINDOW_MS = 30 * 60_000;
/**
 * Interval of new codes. The previous code stays valid for one more interval, so that each code is valid for the same
 * time.
 */
const RENEW_MS = 10 * 60_000;

export type SetupVerdict =
  | 'right'
  | 'wrong'
  /** The code has expired or was used: no code is accepted any more in this process. */
  | 'closed';

/** A code that proves that the creator of the first admin can read this process's output. */
export interface SetupCode {
  /** The code as shown: `ABCDE-FGH23`. */
  readonly code: string;
  readonly isOpen: boolean;
  /** Checks a code. Ignores case, spaces and hyphens. */
  verdictOf(input: string): SetupVerdict;
  /** Call it when the first admin exists. */
  close(): void;
}

/**
 * Creates a code of 50 bits and passes it to `show`, now and at each renewal. It is accepted for half an hour in total.
 * Only time renews it: a wrong code has no effect, so an attacker cannot invalidate the owner's code.
 */
export function setupCode({
  clock,
  random,
  show,
}: {
  readonly clock: Clock;
  readonly random: Random;
  readonly show: (code: string) => void;
}): SetupCode {
  const endsMs = clock.monotonicMs() + WINDOW_MS;
  let isClosed = false;
  let code = '';
  let codeBefore = '';
  const renew = () => {
    codeBefore = code;
    const characters = Array.from(random.bytes(CHARACTERS), (byte) => ALPHABET[byte % ALPHABET.length]).join('');
    code = `${characters.slice(0, CHARACTERS / 2)}-${characters.slice(CHARACTERS / 2)}`;
    show(code);
  };
  renew();
  const renewal = clock.every(RENEW_MS, () => {
    if (clock.monotonicMs() < endsMs) renew();
    else renewal.cancel();
  });
  return {
    get code() {
      return code;
    },
    get isOpen() {
      return !isClosed && clock.monotonicMs() < endsMs;
    },
    verdictOf(input) {
      if (!this.isOpen) return 'closed';
      const digest = digestOf(input);
      const isBefore = codeBefore !== '' && timingSafeEqual(digest, digestOf(codeBefore));
      return timingSafeEqual(digest, digestOf(code)) || isBefore ? 'right' : 'wrong';
    },
    close() {
      isClosed = true;
      renewal.cancel();
    },
  };
}

const digestOf = (code: string): Buffer =>
  createHash('sha256').update(code.slice(0, 64).toUpperCase().replaceAll(/[\s-]/g, '')).digest();
