import { timingSafeEqual } from 'node:crypto';
import { Quota, type Random } from '@medkit/edges';
import { argon2id } from './argon2.ts';
import { hashQueue, MAX_WAITING } from './hash-queue.ts';
import type { HashCost, PasswordHash } from './password-hash.ts';
import { decodePhc, encodePhc, type HashedPassword } from './phc.ts';

/** The least that OWASP's Password Storage Cheat Sheet advises for argon2id, as a robot has little memory. */
const COST: HashCost = { memoryKib: 19_456, passes: 2, lanes: 1 };
const SALT_BYTES = 16;
const TAG_BYTES = 32;

/** What nobody's password is compared with. */
const NOBODY: HashedPassword = { ...COST, salt: new Uint8Array(SALT_BYTES), tag: new Uint8Array(TAG_BYTES) };

/** Passwords, which only their hashes are kept of. Calls reject with `TooManyLogins` where too many wait. */
export interface Passwords {
  /** What is kept of a password: a PHC string. */
  hash(password: string): Promise<string>;
  /** Whether `password` is the one of which `phc` was kept. Where there is none, it takes as long to say that it is not. */
  matches(password: string, phc: string | undefined, asker?: string): Promise<boolean>;
  /** Bounds the passwords of each client that wait to be compared. */
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
      const kept = phc === undefined ? undefined : decodePhc(phc);
      const { tag, ...options } = kept ?? NOBODY;
      const given = await hashed(comparable(password), { ...options, tagBytes: tag.length }, asker);
      return timingSafeEqual(given, tag) && kept !== undefined;
    },
  };
}

/** Whether a password would be hashed with more work today. */
export function isOutgrown(phc: string): boolean {
  const kept = decodePhc(phc);
  return (
    kept !== undefined && (kept.memoryKib < COST.memoryKib || kept.passes < COST.passes || kept.tag.length < TAG_BYTES)
  );
}

/** A character that a keyboard writes in one of two ways is the same, NIST SP 800-63B 5.1.1.2. */
const comparable = (password: string): string => password.normalize('NFKC');
