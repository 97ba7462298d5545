import type { Random } from '@medkit/edges';
import { MESSAGE_HEADER_BYTES, PROTOCOL_MAJOR } from '../wire/protocol.ts';
import { mutateFields } from './field-mutations.ts';
import { type SubmessageSpan, submessageSpans } from './submessage-walk.ts';

/** What mutations draw on. */
export interface MutationSource {
  readonly random: Random;
  /** Another valid datagram, of any conversation. */
  readonly other: () => Uint8Array;
  /** GUID prefixes to put in the place of the right one: known ones, made up ones, the receiver's own. */
  readonly prefixes: readonly Uint8Array[];
}

/** A way to spoil a valid datagram. Gives a new one and leaves the original as it is. */
export type Mutation = (original: Uint8Array, source: MutationSource) => Uint8Array;

const pick = (random: Random, limit: number): number => Math.floor(random.float() * limit);
const oneOf = <T>(random: Random, values: readonly T[]): T => values[pick(random, values.length)];

/** Bits turned round, octets replaced. */
const spoilOctets: Mutation = (original, { random }) => {
  const bytes = original.slice();
  for (let changes = 1 + pick(random, 6); changes > 0 && bytes.length > 0; changes -= 1) {
    // Behind the header mostly: a datagram without its magic is dropped at once.
    const from = random.float() < 0.9 && bytes.length > MESSAGE_HEADER_BYTES ? MESSAGE_HEADER_BYTES : 0;
    const at = from + pick(random, bytes.length - from);
    if (random.float() < 0.5) bytes[at] ^= 1 << pick(random, 8);
    else bytes.fill(oneOf(random, [0, 0xff, 0x7f, 0x80, pick(random, 256)]), at, at + oneOf(random, [1, 2, 4, 8]));
  }
  return bytes;
};

const truncate: Mutation = (original, { random }) => original.slice(0, pick(random, original.length + 1));

const extend: Mutation = (original, { random }) => joined([original, random.bytes(pick(random, 64))]);

/** Noise, with the header of RTPS or without. */
const noise: Mutation = (original, { random }) => {
  const bytes = random.bytes(pick(random, 400));
  if (random.float() < 0.3) return bytes;
  const head = original.slice(0, MESSAGE_HEADER_BYTES);
  head[4] = PROTOCOL_MAJOR;
  return joined([head, bytes]);
};

/** Lengths of submessages that are too long, too short, zero. */
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

/** Flags (byte order among them) and kinds of submessages. */
const spoilHeaders: Mutation = (original, { random }) => {
  const bytes = original.slice();
  for (const { at } of submessageSpans(bytes)) {
    if (random.float() < 0.5) bytes[at + 1] ^= 1 << pick(random, 4);
    if (random.float() < 0.2) bytes[at] = pick(random, 0x20);
  }
  return bytes;
};

/** Submessages in another order, repeated, left out, mixed with those of another conversation. */
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
  return joined([
    original.subarray(0, MESSAGE_HEADER_BYTES),
    ...Array.from({ length: count }, () => oneOf(random, parts)),
  ]);
};

/** Somebody else says it: in the header only, or wherever the prefix occurs, as a whole participant that was made up. */
const forge: Mutation = (original, { random, prefixes }) => {
  if (original.length < MESSAGE_HEADER_BYTES) return original.slice();
  // A Buffer, to search in; not handed on, since its `slice` is a view.
  const bytes = Buffer.from(original);
  const before = Buffer.from(original.subarray(8, MESSAGE_HEADER_BYTES));
  const prefix = random.float() < 0.3 ? random.bytes(before.length) : oneOf(random, prefixes);
  const everywhere = random.float() < 0.7;
  for (let at = bytes.indexOf(before); at >= 0; at = everywhere ? bytes.indexOf(before, at + before.length) : -1) {
    bytes.set(prefix, at);
  }
  return Uint8Array.from(bytes);
};

/** Every way there is; the ones that know what stands where come oftener, since they reach deeper. */
export const MUTATIONS: readonly Mutation[] = [
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

/** One to three mutations, one upon the other. Never longer than a datagram can be. */
export const mutate: Mutation = (original, source) => {
  let bytes = original;
  for (let times = oneOf(source.random, [1, 1, 1, 2, 3]); times > 0; times -= 1) {
    bytes = oneOf(source.random, MUTATIONS)(bytes, source);
  }
  return bytes.length > 65_507 ? bytes.slice(0, 65_507) : bytes;
};

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
