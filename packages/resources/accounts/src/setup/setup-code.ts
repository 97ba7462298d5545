import { createHash, timingSafeEqual } from 'node:crypto';
import type { Clock, Random } from '@medkit/edges';

/** Without what is taken for another when it is read off a screen: 0 and O, 1 and I. 32 of them, so that all are as likely. */
const ALPHABET = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';
const CHARACTERS = 10;
const WINDOW_MS = 30 * 60_000;
/** Period after which there is a new code. The one before is accepted until then, so that each is good for as long. */
const RENEW_MS = 10 * 60_000;

export type SetupVerdict =
  | 'right'
  | 'wrong'
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

/**
 * A code of 50 bits that is passed to `show`, now and whenever it is renewed. It counts for half an hour in all. It is renewed by
 * time alone: wrong codes change nothing, so a stranger cannot keep the owner's code from being right.
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
    verdictOf(given) {
      if (!this.isOpen) return 'closed';
      const digest = digestOf(given);
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
