import type { SocketAddress } from '@medkit/edges';
import { DataDecoder } from './data-decoder.ts';
import { PREFIX_BYTES, readEntityId } from './guid-octets.ts';
import { decodeLocator, LOCATOR_BYTES } from './locator.ts';
import { MalformedMessage } from './malformed-message.ts';
import { decodeFragmentNumberSet, decodeSequenceNumberSet } from './number-set.ts';
import { readInt32, readSequenceNumber, readUint16, readUint32 } from './octets.ts';
import * as protocol from './protocol.ts';
import type { HeartbeatSubmessage, Message, SubmessageSink } from './submessages.ts';

/** Maximum reply locators: more than any participant has interfaces. */
const MAX_REPLY_LOCATORS = 16;

/** Reason of `MalformedMessage` for another major version of RTPS. */
export const OTHER_PROTOCOL_VERSION = 'protocol-version';

const NO_ADDRESS: SocketAddress = { address: '', port: 0 };

class HeartbeatDecoder implements HeartbeatSubmessage {
  readerId = 0;
  writerId = 0;
  first = 0;
  last = 0;
  count = 0;
  final = false;
  livelinessOnly = false;
}

/**
 * Parses datagrams and passes each submessage addressed to this participant to a sink (RTPS 2.5, 8.3.4 and 9.4). Its
 * state and the decoded submessages are reused for the next datagram.
 */
export class MessageReader implements Message {
  bytes: Uint8Array = new Uint8Array(0);
  from = NO_ADDRESS;
  receivedMs = 0;
  monotonicMs = 0;
  prefixAt = 0;
  timestampSeconds = -1;
  timestampFraction = 0;
  replyTo: SocketAddress | undefined;
  readonly #localPrefix: Uint8Array;
  readonly #sink: SubmessageSink;
  readonly #data = new DataDecoder();
  readonly #heartbeat = new HeartbeatDecoder();
  #sourceWanted = false;
  #forUs = true;

  constructor({ localPrefix, sink }: { readonly localPrefix: Uint8Array; readonly sink: SubmessageSink }) {
    this.#localPrefix = localPrefix;
    this.#sink = sink;
  }

  /** Throws `MalformedMessage`. Submessages before the malformed one have already been passed to the sink. */
  read(bytes: Uint8Array, from: SocketAddress, receivedMs: number, monotonicMs: number): void {
    if (bytes.length < protocol.MESSAGE_HEADER_BYTES) throw new MalformedMessage('short-header');
    // 'RTPS'
    if (readUint32(bytes, 0, false) !== 0x5254_5053) throw new MalformedMessage('not-rtps');
    if (bytes[4] !== protocol.PROTOCOL_MAJOR) throw new MalformedMessage(OTHER_PROTOCOL_VERSION);
    this.bytes = bytes;
    this.from = from;
    this.receivedMs = receivedMs;
    this.monotonicMs = monotonicMs;
    this.#forUs = true;
    this.#setSource(8);
    let at = protocol.MESSAGE_HEADER_BYTES;
    while (at + protocol.SUBMESSAGE_HEADER_BYTES <= bytes.length) {
      const kind = bytes[at];
      const flags = bytes[at + 1];
      const length = readUint16(bytes, at + 2, (flags & protocol.FLAG_ENDIANNESS) !== 0);
      const start = at + protocol.SUBMESSAGE_HEADER_BYTES;
      // 9.4.5.1.3: length zero means "to the end of the message", except in PAD and INFO_TS.
      const toEnd = length === 0 && kind !== protocol.PAD && kind !== protocol.INFO_TS;
      const end = toEnd ? bytes.length : start + length;
      if (end > bytes.length) throw new MalformedMessage('submessage-length');
      this.#submessage(kind, flags, start, end);
      at = end;
    }
  }

  #setSource(prefixAt: number): void {
    this.prefixAt = prefixAt;
    this.timestampSeconds = -1;
    this.replyTo = undefined;
    this.#sourceWanted = this.#sink.source(this);
  }

  #submessage(kind: number, flags: number, at: number, end: number): void {
    switch (kind) {
      case protocol.INFO_TS:
        this.#infoTimestamp(flags, at, end);
        break;
      case protocol.INFO_DST:
        this.#infoDestination(at, end);
        break;
      case protocol.INFO_SRC:
        if (at + 20 > end) throw new MalformedMessage('info-src');
        this.#setSource(at + 8);
        break;
      case protocol.INFO_REPLY:
        this.#infoReply(flags, at, end);
        break;
      case protocol.INFO_REPLY_IP4:
        this.#infoReplyIp4(flags, at, end);
        break;
    }
    if (this.#forUs && this.#sourceWanted) this.#entitySubmessage(kind, flags, at, end);
  }

  #entitySubmessage(kind: number, flags: number, at: number, end: number): void {
    switch (kind) {
      case protocol.DATA:
        this.#sink.data(this, this.#data.decodeData(this.bytes, at, end, flags));
        break;
      case protocol.DATA_FRAG:
        this.#sink.dataFrag(this, this.#data.decodeDataFrag(this.bytes, at, end, flags));
        break;
      case protocol.HEARTBEAT:
        this.#readHeartbeat(flags, at, end);
        break;
      case protocol.ACKNACK:
        this.#readAckNack(flags, at, end);
        break;
      case protocol.GAP:
        this.#readGap(flags, at, end);
        break;
      case protocol.NACK_FRAG:
        this.#readNackFrag(flags, at, end);
        break;
      case protocol.HEARTBEAT_FRAG:
        this.#readHeartbeatFrag(flags, at, end);
        break;
    }
  }

  #infoTimestamp(flags: number, at: number, end: number): void {
    this.timestampSeconds = -1;
    if (flags & protocol.FLAG_INVALIDATE) return;
    if (at + 8 > end) throw new MalformedMessage('info-ts');
    this.timestampSeconds = readUint32(this.bytes, at, (flags & 1) !== 0);
    this.timestampFraction = readUint32(this.bytes, at + 4, (flags & 1) !== 0);
  }

  /** An all-zero prefix addresses every participant. */
  #infoDestination(at: number, end: number): void {
    if (at + PREFIX_BYTES > end) throw new MalformedMessage('info-dst');
    let ours = true;
    let everybody = true;
    for (let index = 0; index < PREFIX_BYTES; index += 1) {
      const octet = this.bytes[at + index];
      if (octet !== 0) everybody = false;
      if (octet !== this.#localPrefix[index]) ours = false;
    }
    this.#forUs = ours || everybody;
    if (ours && this.#sourceWanted) this.#sink.addressed?.(this);
  }

  #infoReply(flags: number, at: number, end: number): void {
    const littleEndian = (flags & 1) !== 0;
    this.replyTo = undefined;
    if (at + 4 > end) throw new MalformedMessage('info-reply');
    const count = readUint32(this.bytes, at, littleEndian);
    if (count > MAX_REPLY_LOCATORS || at + 4 + count * LOCATOR_BYTES > end) throw new MalformedMessage('info-reply');
    for (let index = 0; index < count && !this.replyTo; index += 1) {
      this.replyTo = decodeLocator(this.bytes, at + 4 + index * LOCATOR_BYTES, littleEndian);
    }
  }

  /** RTPS 2.5, 9.4.5.14: here the address is an integer in the byte order of the submessage. */
  #infoReplyIp4(flags: number, at: number, end: number): void {
    if (at + 8 > end) throw new MalformedMessage('info-reply');
    const ip = readUint32(this.bytes, at, (flags & 1) !== 0);
    const port = readUint32(this.bytes, at + 4, (flags & 1) !== 0);
    const address = [ip >>> 24, (ip >>> 16) & 255, (ip >>> 8) & 255, ip & 255].join('.');
    this.replyTo = ip !== 0 && port > 0 && port <= 65_535 ? { address, port } : undefined;
  }

  #readHeartbeat(flags: number, at: number, end: number): void {
    if (at + 28 > end) throw new MalformedMessage('heartbeat-length');
    const littleEndian = (flags & 1) !== 0;
    const heartbeat = this.#heartbeat;
    heartbeat.readerId = readEntityId(this.bytes, at);
    heartbeat.writerId = readEntityId(this.bytes, at + 4);
    heartbeat.first = readSequenceNumber(this.bytes, at + 8, littleEndian);
    heartbeat.last = readSequenceNumber(this.bytes, at + 16, littleEndian);
    heartbeat.count = readInt32(this.bytes, at + 24, littleEndian);
    heartbeat.final = (flags & protocol.FLAG_FINAL) !== 0;
    heartbeat.livelinessOnly = (flags & protocol.FLAG_LIVELINESS) !== 0;
    const { first, last } = heartbeat;
    // 8.3.8.6.3. Fast DDS sends first 0 and last 0 while its history is empty.
    if (first < 0 || last < first - 1 || last >= Number.MAX_SAFE_INTEGER) throw new MalformedMessage('heartbeat-range');
    this.#sink.heartbeat(this, heartbeat);
  }

  #readAckNack(flags: number, at: number, end: number): void {
    if (at + 24 > end) throw new MalformedMessage('acknack-length');
    const littleEndian = (flags & 1) !== 0;
    const state = decodeSequenceNumberSet(this.bytes, at + 8, end, littleEndian);
    if (state.base < 0 || state.end + 4 > end) throw new MalformedMessage('acknack-length');
    const count = readInt32(this.bytes, state.end, littleEndian);
    const final = (flags & protocol.FLAG_FINAL) !== 0;
    this.#sink.ackNack(this, readEntityId(this.bytes, at), readEntityId(this.bytes, at + 4), state, count, final);
  }

  #readGap(flags: number, at: number, end: number): void {
    if (at + 28 > end) throw new MalformedMessage('gap-length');
    const littleEndian = (flags & 1) !== 0;
    const start = readSequenceNumber(this.bytes, at + 8, littleEndian);
    const list = decodeSequenceNumberSet(this.bytes, at + 16, end, littleEndian);
    if (start < 1 || list.base < start || list.base >= Number.MAX_SAFE_INTEGER) throw new MalformedMessage('gap-range');
    this.#sink.gap(this, readEntityId(this.bytes, at), readEntityId(this.bytes, at + 4), start, list);
  }

  #readNackFrag(flags: number, at: number, end: number): void {
    if (at + 28 > end) throw new MalformedMessage('nack-frag-length');
    const littleEndian = (flags & 1) !== 0;
    const sequenceNumber = readSequenceNumber(this.bytes, at + 8, littleEndian);
    const fragments = decodeFragmentNumberSet(this.bytes, at + 16, end, littleEndian);
    if (fragments.end + 4 > end) throw new MalformedMessage('nack-frag-length');
    const count = readInt32(this.bytes, fragments.end, littleEndian);
    const readerId = readEntityId(this.bytes, at);
    this.#sink.nackFrag(this, readerId, readEntityId(this.bytes, at + 4), sequenceNumber, fragments, count);
  }

  #readHeartbeatFrag(flags: number, at: number, end: number): void {
    if (at + 24 > end) throw new MalformedMessage('heartbeat-frag-length');
    const littleEndian = (flags & 1) !== 0;
    const sequenceNumber = readSequenceNumber(this.bytes, at + 8, littleEndian);
    const lastFragment = readUint32(this.bytes, at + 16, littleEndian);
    const count = readInt32(this.bytes, at + 20, littleEndian);
    const readerId = readEntityId(this.bytes, at);
    this.#sink.heartbeatFrag(this, readerId, readEntityId(this.bytes, at + 4), sequenceNumber, lastFragment, count);
  }
}
