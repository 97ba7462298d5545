import { crc32 } from 'node:zlib';
import type { Random } from '@medkit/edges';
import { base62 } from './base62.ts';

/** Lets secret scanners find a key in files and logs, and `identify` distinguish it from a token. */
export const KEY_PREFIX = 'mdk_';
const SECRET_BYTES = 32;
/** 62^43 is more than 2^256, and 62^6 more than 2^32. */
const SECRET_LENGTH = 43;
const CHECKSUM_LENGTH = 6;
/** 32 characters, so that each is equally likely. */
const ID_CHARACTERS = '0123456789abcdefghjkmnpqrstvwxyz';
const ID_LENGTH = 8;
/** Length of the whole text. */
export const KEY_LENGTH = KEY_PREFIX.length + ID_LENGTH + 1 + SECRET_LENGTH + CHECKSUM_LENGTH;
const FORM = /^mdk_[0-9a-z]{8}_[0-9A-Za-z]{49}$/;

/** Returns `mdk_<id>_<secret><checksum>` with a random secret of 256 bits. */
export function newKeyText(id: string, random: Random): string {
  const secret = BigInt(`0x${Buffer.from(random.bytes(SECRET_BYTES)).toString('hex')}`);
  const text = `${KEY_PREFIX}${id}_${base62(secret, SECRET_LENGTH)}`;
  return text + checksum(text);
}

export function newId(random: Random): string {
  return Array.from(random.bytes(ID_LENGTH), (byte) => ID_CHARACTERS[byte % ID_CHARACTERS.length]).join('');
}

/**
 * Returns the id in a well-formed key with a valid checksum; `undefined` for any other text. Does not look up the key.
 */
export function keyIdOf(text: string): string | undefined {
  if (!FORM.test(text)) return undefined;
  const body = text.slice(0, -CHECKSUM_LENGTH);
  return text.endsWith(checksum(body)) ? text.slice(KEY_PREFIX.length, KEY_PREFIX.length + ID_LENGTH) : undefined;
}

const checksum = (text: string): string => base62(BigInt(crc32(text)), CHECKSUM_LENGTH);
