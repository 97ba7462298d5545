import type { HashCost } from './password-hash.ts';

/** A stored password hash. */
export interface HashedPassword extends HashCost {
  readonly salt: Uint8Array;
  readonly tag: Uint8Array;
}

/** The version of RFC 9106; no other is supported. */
const VERSION = 19;
const FORM = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=(\d{1,3})\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{22,86})$/;
/** Limits for hashes of other programs, so that verifying one does not exhaust the robot's memory or processor. */
const MAX = { memoryKib: 128 * 1024, passes: 10, lanes: 4 };
const MAX_PHC_LENGTH = 300;

/** Formats a hash as a PHC string, the format that other programs use. */
export function encodePhc({ memoryKib, passes, lanes, salt, tag }: HashedPassword): string {
  return `$argon2id$v=${VERSION}$m=${memoryKib},t=${passes},p=${lanes}$${unpadded(salt)}$${unpadded(tag)}`;
}

/** Parses a PHC string. Returns `undefined` if it is not argon2id or would cost too much to verify. */
export function decodePhc(text: string): HashedPassword | undefined {
  const [, m, t, p, salt, tag] = (text.length <= MAX_PHC_LENGTH && FORM.exec(text)) || [];
  if (tag === undefined) return undefined;
  const cost = { memoryKib: Number(m), passes: Number(t), lanes: Number(p) };
  const isBounded =
    cost.lanes >= 1 &&
    cost.lanes <= MAX.lanes &&
    cost.passes >= 1 &&
    cost.passes <= MAX.passes &&
    // RFC 9106 3.1: at least eight blocks for each lane.
    cost.memoryKib >= 8 * cost.lanes &&
    cost.memoryKib <= MAX.memoryKib;
  return isBounded
    ? { ...cost, salt: new Uint8Array(Buffer.from(salt, 'base64')), tag: new Uint8Array(Buffer.from(tag, 'base64')) }
    : undefined;
}

const unpadded = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64').replaceAll('=', '');
