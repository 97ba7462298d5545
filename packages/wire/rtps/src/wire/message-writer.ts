import { encodeFragmentNumberSet, encodeSequenceNumberSet, MAX_ENCODED_SET_BYTES } from './number-set.ts';
import { writeSequenceNumber, writeUint16, writeUint32, writeUint32BigEndian } from './octets.ts';
import * as protocol from './protocol.ts';

/**
 * Size of the buffers from which headers are allocated. They are never reused, because a socket may still be sending.
 */
const SLAB_BYTES = 16_384;
/**
 * Largest payload that is copied into the header buffer. An extra part costs a socket more than copying so many octets.
 */
const MAX_COPIED_BYTES = 1024;
/** Size of the longest submessage without payload and inline QoS: a NACK or GAP with a full set. */
const MAX_SUBMESSAGE_BYTES = 32 + MAX_ENCODED_SET_BYTES;

const PADDING = new Uint8Array(4);
const NO_INLINE_QOS = new Uint8Array(0);

/** The fields of one change in DATA or DATA_FRAG. */
export interface DataFields {
  readonly readerId: number;
  readonly writerId: number;
  readonly sequenceNumber: number;
  /** An encoded parameter list, including its sentinel. */
  readonly inlineQos?: Uint8Array | undefined;
  readonly payload: Uint8Array;
  readonly payloadIsKey: boolean;
}

/**
 * Composes messages (RTPS 2.5, 9.4), little endian. Large payloads are not copied: a message is a list of parts for a
 * gathering send.
 */
export class MessageWriter {
  readonly #prefix: Uint8Array;
  #slab = new Uint8Array(SLAB_BYTES);
  #start = 0;
  #at = 0;
  #parts: Uint8Array[] = [];
  #partsBytes = 0;

  constructor(prefix: Uint8Array) {
    this.#prefix = prefix;
  }

  /** Octets in the current message. */
  get length(): number {
    return this.#partsBytes + this.#at - this.#start;
  }

  /** Starts a message. `destination` (12 octets) addresses it to one participant. */
  begin(destination?: Uint8Array): void {
    this.#parts = [];
    this.#partsBytes = 0;
    this.#start = this.#at;
    this.#reserve(protocol.MESSAGE_HEADER_BYTES);
    const slab = this.#slab;
    const at = this.#at;
    slab.set([0x52, 0x54, 0x50, 0x53, protocol.PROTOCOL_MAJOR, protocol.PROTOCOL_MINOR], at);
    slab[at + 6] = protocol.MEDKIT_VENDOR >>> 8;
    slab[at + 7] = protocol.MEDKIT_VENDOR & 255;
    slab.set(this.#prefix, at + 8);
    this.#at += protocol.MESSAGE_HEADER_BYTES;
    if (destination) {
      const body = this.#submessage(protocol.INFO_DST, 0, destination.length);
      this.#slab.set(destination, body);
    }
  }

  /** Returns the parts of the message. */
  finish(): readonly Uint8Array[] {
    this.#cut();
    return this.#parts;
  }

  infoTimestamp(seconds: number, fraction: number): void {
    const at = this.#submessage(protocol.INFO_TS, 0, 8);
    writeUint32(this.#slab, at, seconds);
    writeUint32(this.#slab, at + 4, fraction);
  }

  data(fields: DataFields): void {
    const { payload, inlineQos = NO_INLINE_QOS } = fields;
    const payloadFlag = fields.payloadIsKey ? protocol.FLAG_DATA_KEY : protocol.FLAG_DATA;
    const flags = (inlineQos.length > 0 ? protocol.FLAG_INLINE_QOS : 0) | (payload.length > 0 ? payloadFlag : 0);
    this.#dataHead(protocol.DATA, flags, fields, 20, inlineQos, payload.length);
    this.#payload(payload);
  }

  /** Writes fragment number `fragment`, counted from 1, of a payload divided into fragments of `fragmentBytes`. */
  dataFrag(fields: DataFields, fragment: number, fragmentBytes: number): void {
    const { payload, inlineQos = NO_INLINE_QOS } = fields;
    const start = (fragment - 1) * fragmentBytes;
    const part = payload.subarray(start, Math.min(start + fragmentBytes, payload.length));
    const flags =
      (inlineQos.length > 0 ? protocol.FLAG_INLINE_QOS : 0) | (fields.payloadIsKey ? protocol.FLAG_FRAG_KEY : 0);
    const at = this.#dataHead(protocol.DATA_FRAG, flags, fields, 32, inlineQos, part.length);
    writeUint32(this.#slab, at + 20, fragment);
    writeUint16(this.#slab, at + 24, 1);
    writeUint16(this.#slab, at + 26, fragmentBytes);
    writeUint32(this.#slab, at + 28, payload.length);
    this.#payload(part);
  }

  heartbeat(readerId: number, writerId: number, first: number, last: number, count: number, final: boolean): void {
    const at = this.#submessage(protocol.HEARTBEAT, final ? protocol.FLAG_FINAL : 0, 28);
    this.#entities(at, readerId, writerId);
    writeSequenceNumber(this.#slab, at + 8, first);
    writeSequenceNumber(this.#slab, at + 16, last);
    writeUint32(this.#slab, at + 24, count);
  }

  heartbeatFrag(readerId: number, writerId: number, sequenceNumber: number, lastFragment: number, count: number): void {
    const at = this.#submessage(protocol.HEARTBEAT_FRAG, 0, 24);
    this.#entities(at, readerId, writerId);
    writeSequenceNumber(this.#slab, at + 8, sequenceNumber);
    writeUint32(this.#slab, at + 16, lastFragment);
    writeUint32(this.#slab, at + 20, count);
  }

  /** `missing` is ascending with no number below `base`. All samples below `base` are acknowledged. */
  ackNack(
    readerId: number,
    writerId: number,
    base: number,
    missing: readonly number[],
    count: number,
    final: boolean,
  ): void {
    const at = this.#openSubmessage(protocol.ACKNACK, final ? protocol.FLAG_FINAL : 0);
    this.#entities(at, readerId, writerId);
    const end = encodeSequenceNumberSet(this.#slab, at + 8, base, missing);
    writeUint32(this.#slab, end, count);
    this.#closeSubmessage(at, end + 4);
  }

  /** Marks the samples from `start` (inclusive) to `end` (exclusive) as irrelevant. */
  gap(readerId: number, writerId: number, start: number, end: number): void {
    const at = this.#openSubmessage(protocol.GAP, 0);
    this.#entities(at, readerId, writerId);
    writeSequenceNumber(this.#slab, at + 8, start);
    this.#closeSubmessage(at, encodeSequenceNumberSet(this.#slab, at + 16, end, []));
  }

  nackFrag(
    readerId: number,
    writerId: number,
    sequenceNumber: number,
    missing: readonly number[],
    count: number,
  ): void {
    const at = this.#openSubmessage(protocol.NACK_FRAG, 0);
    this.#entities(at, readerId, writerId);
    writeSequenceNumber(this.#slab, at + 8, sequenceNumber);
    const end = encodeFragmentNumberSet(this.#slab, at + 16, missing[0], missing);
    writeUint32(this.#slab, end, count);
    this.#closeSubmessage(at, end + 4);
  }

  #dataHead(
    kind: number,
    flags: number,
    fields: DataFields,
    headBytes: number,
    inlineQos: Uint8Array,
    payloadBytes: number,
  ): number {
    const bodyBytes = headBytes + inlineQos.length;
    const at = this.#submessage(kind, flags, bodyBytes);
    const slab = this.#slab;
    writeUint16(slab, at - 2, bodyBytes + ((payloadBytes + 3) & ~3));
    writeUint16(slab, at, 0);
    // 9.4.5.4.2: octetsToInlineQos counts from the end of the field itself.
    writeUint16(slab, at + 2, headBytes - 4);
    this.#entities(at + 4, fields.readerId, fields.writerId);
    writeSequenceNumber(slab, at + 12, fields.sequenceNumber);
    slab.set(inlineQos, at + headBytes);
    return at;
  }

  #payload(payload: Uint8Array): void {
    if (payload.length === 0) return;
    const padding = -payload.length & 3;
    if (payload.length <= MAX_COPIED_BYTES) {
      this.#reserve(payload.length + padding);
      this.#slab.set(payload, this.#at);
      this.#at += payload.length + padding;
      return;
    }
    this.#cut();
    this.#parts.push(payload);
    this.#partsBytes += payload.length;
    if (padding === 0) return;
    this.#parts.push(PADDING.subarray(0, padding));
    this.#partsBytes += padding;
  }

  #entities(at: number, readerId: number, writerId: number): void {
    writeUint32BigEndian(this.#slab, at, readerId);
    writeUint32BigEndian(this.#slab, at + 4, writerId);
  }

  #submessage(kind: number, flags: number, bytes: number): number {
    this.#reserve(protocol.SUBMESSAGE_HEADER_BYTES + bytes);
    const at = this.#at;
    this.#slab[at] = kind;
    this.#slab[at + 1] = flags | protocol.FLAG_ENDIANNESS;
    writeUint16(this.#slab, at + 2, bytes);
    this.#at = at + protocol.SUBMESSAGE_HEADER_BYTES + bytes;
    return at + protocol.SUBMESSAGE_HEADER_BYTES;
  }

  #openSubmessage(kind: number, flags: number): number {
    this.#reserve(MAX_SUBMESSAGE_BYTES);
    const at = this.#submessage(kind, flags, 0);
    return at;
  }

  #closeSubmessage(at: number, end: number): void {
    writeUint16(this.#slab, at - 2, end - at);
    this.#at = end;
  }

  #cut(): void {
    if (this.#at === this.#start) return;
    this.#parts.push(this.#slab.subarray(this.#start, this.#at));
    this.#partsBytes += this.#at - this.#start;
    this.#start = this.#at;
  }

  #reserve(bytes: number): void {
    if (this.#at + bytes <= this.#slab.length) return;
    this.#cut();
    this.#slab = new Uint8Array(Math.max(SLAB_BYTES, bytes));
    this.#start = 0;
    this.#at = 0;
  }
}
