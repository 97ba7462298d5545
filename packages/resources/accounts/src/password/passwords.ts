import { timingSafeEqual } from 'node:crypto';
import { Quota, type Random } from '@medkit/edges';
import { argon2id } from './argon2.ts';
import { hashQueue, MAX_WAITING } from './hash-queue.ts';
import type { HashCost, PasswordHash } from './password-hash.ts';
import { decodePhc, encodePhc, type HashedPassword } from './phc.ts';

/** The minimum argon2id parameters of OWASP's Password Storage Cheat Sheet, since a robot has little memory. */
const COST: HashCost = { memoryKib: 19_456, passes: 2, lanes: 1 };
const SALT_BYTES = 16;
const TAG_BYTES = 32;

/** Hash to compare with if the user has none, so that the comparison takes as long. */
const NO_PASSWORD: HashedPassword = { ...COST, salt: new Uint8Array(SALT_BYTES), tag: new Uint8Array(TAG_BYTES) };

/** Hashes and compares passwords; only hashes are stored. Calls reject with `TooManyLogins` if too many wait. */
export interface Passwords {
  /** Returns the hash to store: a PHC string. */
  hash(password: string): Promise<string>;
  /** Returns whether `password` matches `phc`. Without `phc`, takes as long and returns false. */
  matches(password: string, phc: string | undefined, asker?: string): Promise<boolean>;
  /** Limits the waiting comparisons of each client. */
  readonly quota: Quota;
}

export function openPasswords({ random, hash }: { readonly random: Random; readonly hash?: PasswordHash }): Passwords {
  const quota = new Quota(MAX_WAITING);
  const hashed = hashQueue(hash ?? argon2id, quota);
  return {
    quota,
    async hash(password) {
      const salt = random.bytes(SALT_BYTES);
      const tag = await hashed(comparable(password), { ...COST, salt, tagBytes: TAG_BYTES });
      return encodePhc({ ...COST, salt, tag });
    },
    async matches(password, phc, asker) {
      const stored = phc === undefined ? undefined : decodePhc(phc);
      const { tag, ...options } = stored ?? NO_PASSWORD;
      const computed = await hashed(comparable(password), { ...options, tagBytes: tag.length }, asker);
      return timingSafeEqual(computed, tag) && stored !== undefined;
    },
  };
}

/** Returns whether the current cost parameters exceed those of the hash. */
export function needsRehash(phc: string): boolean {
  const stored = decodePhc(phc);
  return (
    stored !== undefined &&
    (stored.memoryKib < COST.memoryKib || stored.passes < COST.passes || stored.tag.length < TAG_BYTES)
  );
}

/** Normalizes characters that keyboards encode in different ways, NIST SP 800-63B 5.1.1.2. */
const comparable = (password: string): string => password.normalize('NFKC');
