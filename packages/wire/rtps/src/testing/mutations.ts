import type { Random } from '@medkit/edges';
import { MESSAGE_HEADER_BYTES, PROTOCOL_MAJOR } from '../wire/protocol.ts';
import { mutateFields } from './field-mutations.ts';
import { type SubmessageSpan, submessageSpans } from './submessage-walk.ts';

/** Inputs of the mutations. */
export interface MutationSource {
  readonly random: Random;
  /** Returns another valid datagram of any conversation. */
  readonly other: () => Uint8Array;
  /** GUID prefixes to insert: known ones, invented ones, the receiver's. */
  readonly prefixes: readonly Uint8Array[];
}

/** Corrupts a valid datagram. Returns a new one and leaves the original unchanged. */
export type Mutation = (original: Uint8Array, source: MutationSource) => Uint8Array;

const pick = (random: Random, limit: number): number => Math.floor(random.float() * limit);
const oneOf = <T>(random: Random, values: readonly T[]): T => values[pick(random, values.length)];

/** Flips bits and overwrites octets. */
const spoilOctets: Mutation = (original, { random }) => {
  const bytes = original.slice();
  for (let changes = 1 + pick(random, 6); changes > 0 && bytes.length > 0; changes -= 1) {
    // Mostly after the header: a datagram without the magic number is dropped immediately.
    const from = random.float() < 0.9 && bytes.length > MESSAGE_HEADER_BYTES ? MESSAGE_HEADER_BYTES : 0;
    const at = from + pick(random, bytes.length - from);
    if (random.float() < 0.5) bytes[at] ^= 1 << pick(random, 8);
    else bytes.fill(oneOf(random, [0, 0xff, 0x7f, 0x80, pick(random, 256)]), at, at + oneOf(random, [1, 2, 4, 8]));
  }
  return bytes;
};

const truncate: Mutation = (original, { random }) => original.slice(0, pick(random, original.length + 1));

const extend: Mutation = (original, { random }) => concat([original, random.bytes(pick(random, 64))]);

/** Random data, with or without an RTPS header. */
const noise: Mutation = (original, { random }) => {
  const bytes = random.bytes(pick(random, 400));
  if (random.float() < 0.3) return bytes;
  const head = original.slice(0, MESSAGE_HEADER_BYTES);
  head[4] = PROTOCOL_MAJOR;
  return concat([head, bytes]);
};

/** Submessage lengths that are too long, too short or zero. */
const spoilLengths: Mutation = (original, { random }) => {
  const bytes = original.slice();
  for (const { at, start, end } of submessageSpans(bytes)) {
    if (random.float() < 0.5) continue;
    const length = oneOf(random, [0, 1, 4, 0xffff, 0x8000, end - start - 4, end - start + 4, pick(random, 0x10000)]);
    const [low, high] = bytes[at + 1] & 1 ? [at + 2, at + 3] : [at + 3, at + 2];
    bytes[low] = length;
    bytes[high] = length >>> 8;
  }
  return bytes;
};

/** Changes flags (including the byte order) and kinds of submessages. */
const spoilHeaders: Mutation = (original, { random }) => {
  const bytes = original.slice();
  for (const { at } of submessageSpans(bytes)) {
    if (random.float() < 0.5) bytes[at + 1] ^= 1 << pick(random, 4);
    if (random.float() < 0.2) bytes[at] = pick(random, 0x20);
  }
  return bytes;
};

/** Reorders, repeats and omits submessages, and mixes in those of another conversation. */
const rearrange: Mutation = (original, { random, other }) => {
  const foreign = random.float() < 0.5 ? other() : original;
  const part =
    (bytes: Uint8Array) =>
    ({ at, end }: SubmessageSpan) =>
      bytes.subarray(at, end);
  const parts = [
    ...submessageSpans(original).map(part(original)),
    ...(foreign === original ? [] : submessageSpans(foreign).map(part(foreign))),
  ];
  if (parts.length === 0) return original.slice();
  const count = 1 + pick(random, parts.length + 3);
  return concat([
    original.subarray(0, MESSAGE_HEADER_BYTES),
    ...Array.from({ length: count }, () => oneOf(random, parts)),
  ]);
};

/** Replaces the sender's prefix: in the header only, or everywhere, as a completely forged participant. */
const forge: Mutation = (original, { random, prefixes }) => {
  if (original.length < MESSAGE_HEADER_BYTES) return original.slice();
  // A Buffer, for `indexOf`. It is not returned, because its `slice` is a view.
  const bytes = Buffer.from(original);
  const before = Buffer.from(original.subarray(8, MESSAGE_HEADER_BYTES));
  const prefix = random.float() < 0.3 ? random.bytes(before.length) : oneOf(random, prefixes);
  const everywhere = random.float() < 0.7;
  for (let at = bytes.indexOf(before); at >= 0; at = everywhere ? bytes.indexOf(before, at + before.length) : -1) {
    bytes.set(prefix, at);
  }
  return Uint8Array.from(bytes);
};

/** All mutations. Those that know the message structure are listed several times, because they reach deeper code. */
const MUTATIONS: readonly Mutation[] = [
  spoilOctets,
  truncate,
  extend,
  noise,
  spoilLengths,
  spoilHeaders,
  rearrange,
  rearrange,
  forge,
  forge,
  mutateFields,
  mutateFields,
  mutateFields,
  mutateFields,
];

/** Applies one to three mutations in sequence. The result is never longer than a UDP datagram can be. */
export const mutate: Mutation = (original, source) => {
  let bytes = original;
  for (let times = oneOf(source.random, [1, 1, 1, 2, 3]); times > 0; times -= 1) {
    bytes = oneOf(source.random, MUTATIONS)(bytes, source);
  }
  return bytes.length > 65_507 ? bytes.slice(0, 65_507) : bytes;
};

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
