import type { Random } from '@medkit/edges';
import { readUint16, readUint32 } from '../wire/octets.ts';
import * as protocol from '../wire/protocol.ts';
import { type SubmessageSpan, submessageSpans } from './submessage-walk.ts';

/** A field at an offset of a submessage's body. `words` are two uint32 values: sequence numbers, times. */
type Field = readonly [offset: number, kind: 'words' | 'word' | 'half' | 'entity' | 'prefix'];

/** Fields by kind of submessage (RTPS 2.5, 9.4.5). */
const FIELDS: Readonly<Record<number, readonly Field[]>> = {
  [protocol.DATA]: [
    [2, 'half'],
    [4, 'entity'],
    [8, 'entity'],
    [12, 'words'],
    [12, 'words'],
  ],
  [protocol.DATA_FRAG]: [
    [2, 'half'],
    [8, 'entity'],
    [12, 'words'],
    [20, 'word'],
    [24, 'half'],
    [26, 'half'],
    [28, 'word'],
  ],
  [protocol.HEARTBEAT]: [
    [0, 'entity'],
    [4, 'entity'],
    [8, 'words'],
    [16, 'words'],
    [24, 'word'],
  ],
  [protocol.HEARTBEAT_FRAG]: [
    [4, 'entity'],
    [8, 'words'],
    [16, 'word'],
    [20, 'word'],
  ],
  [protocol.ACKNACK]: [
    [0, 'entity'],
    [4, 'entity'],
    [8, 'words'],
    [16, 'word'],
    [20, 'word'],
    [24, 'word'],
  ],
  [protocol.GAP]: [
    [4, 'entity'],
    [8, 'words'],
    [16, 'words'],
    [24, 'word'],
    [28, 'word'],
  ],
  [protocol.NACK_FRAG]: [
    [4, 'entity'],
    [8, 'words'],
    [16, 'word'],
    [20, 'word'],
    [24, 'word'],
  ],
  [protocol.INFO_TS]: [[0, 'words']],
  [protocol.INFO_SRC]: [[8, 'prefix']],
  [protocol.INFO_DST]: [[0, 'prefix']],
  [protocol.INFO_REPLY]: [
    [0, 'word'],
    [4, 'word'],
    [8, 'word'],
  ],
};

const WORD_VALUES: readonly number[] = [
  0, 1, 2, 31, 32, 255, 256, 257, 0xffff, 0x1_0000, 0x1f_ffff, 0x20_0000, 0x400_0000,
];
const HIGH_WORD_VALUES: readonly number[] = [0x7fff_fffe, 0x7fff_ffff, 0x8000_0000, 0xffff_fffe, 0xffff_ffff];
const STEPS: readonly number[] = [-257, -256, -2, -1, 1, 2, 3, 8, 255, 256, 257, 1000, 100_000];

interface FieldSource {
  readonly random: Random;
  readonly prefixes: readonly Uint8Array[];
}

/** Sets numeric fields to extreme or slightly wrong values, and makes parameter lists inconsistent. */
export function mutateFields(original: Uint8Array, source: FieldSource): Uint8Array {
  const { random } = source;
  const bytes = original.slice();
  const spans = submessageSpans(bytes);
  if (spans.length === 0) return bytes;
  for (let changes = 1 + Math.floor(random.float() * 3); changes > 0; changes -= 1) {
    const span = spans[Math.floor(random.float() * spans.length)];
    const fields = FIELDS[span.kind];
    if (span.kind === protocol.DATA && random.float() < 0.5) spoilParameters(bytes, span, random);
    else if (fields) spoilField(bytes, span, fields[Math.floor(random.float() * fields.length)], source);
  }
  return bytes;
}

function spoilField(bytes: Uint8Array, span: SubmessageSpan, [offset, kind]: Field, source: FieldSource): void {
  const { random, prefixes } = source;
  const at = span.start + offset;
  if (kind === 'prefix') {
    const prefix = random.float() < 0.2 ? new Uint8Array(12) : prefixes[Math.floor(random.float() * prefixes.length)];
    if (at + prefix.length <= span.end) bytes.set(prefix, at);
  } else if (kind === 'entity') {
    // The id of another endpoint, or one with another kind.
    if (at + 4 <= span.end) bytes[at + 2 + Math.floor(random.float() * 2)] = Math.floor(random.float() * 256);
  } else if (kind === 'half') {
    if (at + 2 <= span.end) writeHalf(bytes, at, extreme(readUint16(bytes, at, span.littleEndian), random), span);
  } else {
    const low = kind === 'words' ? at + 4 : at;
    if (low + 4 > span.end) return;
    writeWord(bytes, low, extreme(readUint32(bytes, low, span.littleEndian), random), span);
    if (kind === 'words' && random.float() < 0.4) {
      writeWord(bytes, at, oneOf(random.float() < 0.5 ? WORD_VALUES : HIGH_WORD_VALUES, random), span);
    }
  }
}

/** Lists follow the head of DATA as inline QoS, and the encapsulation header in discovery payloads. */
function spoilParameters(bytes: Uint8Array, span: SubmessageSpan, random: Random): void {
  const inline = (bytes[span.at + 1] & protocol.FLAG_INLINE_QOS) !== 0 && random.float() < 0.7;
  const parameters: number[] = [];
  for (let at = span.start + (inline ? 20 : 24); at + 4 <= span.end && parameters.length < 100; ) {
    parameters.push(at);
    at += 4 + ((readUint16(bytes, at + 2, span.littleEndian) + 3) & ~3);
  }
  if (parameters.length === 0) return;
  const at = oneOf(parameters, random);
  const choice = Math.floor(random.float() * 6);
  // Removes the sentinel, or puts one into the middle.
  if (choice === 0) writeHalf(bytes, at, Math.floor(random.float() * 0x100), span);
  else if (choice === 1) writeHalf(bytes, at, readUint16(bytes, oneOf(parameters, random), span.littleEndian), span);
  // With length zero the following data is read as a list; 0xffff points beyond the end.
  else if (choice === 2) writeHalf(bytes, at + 2, oneOf([0, 1, 3, 4, 0x7ffc, 0xfffc, 0xffff], random), span);
  else {
    // Changes the value: counts, text lengths, durations, policies.
    const length = readUint16(bytes, at + 2, span.littleEndian);
    const word = at + 4 + 4 * Math.floor((random.float() * Math.min(length, 32)) / 4);
    if (word + 4 <= span.end) writeWord(bytes, word, extreme(readUint32(bytes, word, span.littleEndian), random), span);
  }
}

function extreme(value: number, random: Random): number {
  const choice = random.float();
  if (choice < 0.4) return value + oneOf(STEPS, random);
  return oneOf(choice < 0.7 ? WORD_VALUES : HIGH_WORD_VALUES, random);
}

function writeHalf(bytes: Uint8Array, at: number, value: number, { littleEndian }: SubmessageSpan): void {
  bytes[littleEndian ? at : at + 1] = value;
  bytes[littleEndian ? at + 1 : at] = value >>> 8;
}

function writeWord(bytes: Uint8Array, at: number, value: number, span: SubmessageSpan): void {
  const [low, high] = span.littleEndian ? [at, at + 2] : [at + 2, at];
  writeHalf(bytes, low, value, span);
  writeHalf(bytes, high, value >>> 16, span);
}

const oneOf = <T>(values: readonly T[], random: Random): T => values[Math.floor(random.float() * values.length)];
