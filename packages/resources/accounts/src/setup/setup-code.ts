import { createHash, timingSafeEqual } from 'node:crypto';
import type { Clock, Random } from '@medkit/edges';

/** Without what is taken for another when it is read off a screen: 0 and O, 1 and I. 32 of them, so that all are as likely. */
const ALPHABET = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';
const CHARACTERS = 10;
const MAX_WRONG = 5;
const WINDOW_MS = 30 * 60_000;

export type SetupVerdict =
  | 'right'
  | 'wrong'
  /** Wrong so often that there is a new code now. */
  | 'replaced'
  /** The time is over, or it was used: nothing is right any more in this process. */
  | 'closed';

/** Shows that whoever makes the first admin can read what this process writes. */
export interface SetupCode {
  /** As it is shown: `ABCDE-FGH23`. */
  readonly code: string;
  readonly isOpen: boolean;
  /** Case, spaces and hyphens do not matter. */
  verdictOf(given: string): SetupVerdict;
  /** The first admin is there. */
  close(): void;
}

/** A code that is told to `show`, now and whenever another one takes its place. It counts for half an hour in all. */
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
  let wrong = 0;
  let code = '';
  const renew = () => {
    wrong = 0;
    const characters = Array.from(random.bytes(CHARACTERS), (byte) => ALPHABET[byte % ALPHABET.length]).join('');
    code = `${characters.slice(0, CHARACTERS / 2)}-${characters.slice(CHARACTERS / 2)}`;
    show(code);
  };
  renew();
  return {
    get code() {
      return code;
    },
    get isOpen() {
      return !isClosed && clock.monotonicMs() < endsMs;
    },
    verdictOf(given) {
      if (!this.isOpen) return 'closed';
      if (timingSafeEqual(digestOf(given), digestOf(code))) return 'right';
      wrong += 1;
      if (wrong < MAX_WRONG) return 'wrong';
      renew();
      return 'replaced';
    },
    close() {
      isClosed = true;
    },
  };
}

const digestOf = (code: string): Buffer =>
  createHash('sha256').update(code.slice(0, 64).toUpperCase().replaceAll(/[\s-]/g, '')).digest();
