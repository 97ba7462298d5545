import { readEntityId } from './guid-octets.ts';
import { MalformedMessage } from './malformed-message.ts';
import { readSequenceNumber, readUint16, readUint32 } from './octets.ts';
import {
  MUST_UNDERSTAND,
  PID_KEY_HASH,
  PID_RELATED_SAMPLE_IDENTITY,
  PID_RELATED_SAMPLE_IDENTITY_FAST_DDS,
  PID_SENTINEL,
  PID_STATUS_INFO,
} from './parameter-ids.ts';
import { FLAG_DATA, FLAG_DATA_KEY, FLAG_FRAG_KEY, FLAG_INLINE_QOS } from './protocol.ts';
import type { DataFragSubmessage } from './submessages.ts';

/** GUID and sequence number. */
const SAMPLE_IDENTITY_BYTES = 24;

/** Decodes DATA and DATA_FRAG into its own fields, so that no object is allocated per submessage. */
export class DataDecoder implements DataFragSubmessage {
  littleEndian = true;
  readerId = 0;
  writerId = 0;
  sequenceNumber = 0;
  payloadStart = 0;
  payloadEnd = 0;
  payloadIsKey = false;
  status = 0;
  keyHashAt = -1;
  relatedIdentityAt = -1;
  firstFragment = 0;
  fragmentCount = 0;
  fragmentBytes = 0;
  sampleBytes = 0;

  /** Decodes DATA (RTPS 2.5, 9.4.5.4). */
  decodeData(bytes: Uint8Array, at: number, end: number, flags: number): this {
    if (at + 20 > end) throw new MalformedMessage('data-length');
    this.#decodeHead(bytes, at, flags);
    const body = at + 4 + readUint16(bytes, at + 2, this.littleEndian);
    this.#decodeBody(bytes, Math.max(body, at + 20), end, flags);
    this.payloadIsKey = (flags & FLAG_DATA_KEY) !== 0;
    if ((flags & (FLAG_DATA | FLAG_DATA_KEY)) === 0) this.payloadEnd = this.payloadStart;
    return this;
  }

  /** Decodes DATA_FRAG (RTPS 2.5, 9.4.5.5). */
  decodeDataFrag(bytes: Uint8Array, at: number, end: number, flags: number): this {
    if (at + 32 > end) throw new MalformedMessage('data-frag-length');
    this.#decodeHead(bytes, at, flags);
    this.firstFragment = readUint32(bytes, at + 20, this.littleEndian);
    this.fragmentCount = readUint16(bytes, at + 24, this.littleEndian);
    this.fragmentBytes = readUint16(bytes, at + 26, this.littleEndian);
    this.sampleBytes = readUint32(bytes, at + 28, this.littleEndian);
    const body = at + 4 + readUint16(bytes, at + 2, this.littleEndian);
    this.#decodeBody(bytes, Math.max(body, at + 32), end, flags);
    this.payloadIsKey = (flags & FLAG_FRAG_KEY) !== 0;
    const lastFragment = this.firstFragment + this.fragmentCount - 1;
    if (
      this.firstFragment === 0 ||
      this.fragmentCount === 0 ||
      this.fragmentBytes === 0 ||
      (lastFragment - 1) * this.fragmentBytes >= this.sampleBytes
    ) {
      throw new MalformedMessage('data-frag-numbers');
    }
    const first = (this.firstFragment - 1) * this.fragmentBytes;
    const expected = Math.min(this.sampleBytes - first, this.fragmentCount * this.fragmentBytes);
    if (this.payloadEnd - this.payloadStart < expected) throw new MalformedMessage('data-frag-payload');
    this.payloadEnd = this.payloadStart + expected;
    return this;
  }

  #decodeHead(bytes: Uint8Array, at: number, flags: number): void {
    this.littleEndian = (flags & 1) !== 0;
    this.readerId = readEntityId(bytes, at + 4);
    this.writerId = readEntityId(bytes, at + 8);
    this.sequenceNumber = readSequenceNumber(bytes, at + 12, this.littleEndian);
    if (!(this.sequenceNumber > 0 && this.sequenceNumber <= Number.MAX_SAFE_INTEGER)) {
      throw new MalformedMessage('sequence-number');
    }
  }

  #decodeBody(bytes: Uint8Array, at: number, end: number, flags: number): void {
    if (at > end) throw new MalformedMessage('inline-qos-offset');
    this.status = 0;
    this.keyHashAt = -1;
    this.relatedIdentityAt = -1;
    this.payloadStart = flags & FLAG_INLINE_QOS ? this.#decodeInlineQos(bytes, at, end) : at;
    this.payloadEnd = end;
  }

  #decodeInlineQos(bytes: Uint8Array, at: number, end: number): number {
    let offset = at;
    while (offset + 4 <= end) {
      const id = readUint16(bytes, offset, this.littleEndian);
      const length = readUint16(bytes, offset + 2, this.littleEndian);
      offset += 4;
      if (id === PID_SENTINEL) return offset;
      if (offset + length > end) break;
      if (id === PID_STATUS_INFO && length >= 4) this.status = bytes[offset + 3];
      else if (id === PID_KEY_HASH && length >= 16) this.keyHashAt = offset;
      else if (id === PID_RELATED_SAMPLE_IDENTITY || id === PID_RELATED_SAMPLE_IDENTITY_FAST_DDS) {
        if (length >= SAMPLE_IDENTITY_BYTES) this.relatedIdentityAt = offset;
      } else if (id < 0x8000 && id & MUST_UNDERSTAND) throw new MalformedMessage('must-understand');
      offset += length;
    }
    throw new MalformedMessage('inline-qos');
  }
}
