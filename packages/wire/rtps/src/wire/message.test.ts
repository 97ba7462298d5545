import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '@medkit/edges';
import { MalformedMessage } from './malformed-message.ts';
import { MessageReader } from './message-reader.ts';
import { MessageWriter } from './message-writer.ts';
import { decodeSequenceNumberSet, encodeSequenceNumberSet, MAX_ENCODED_SET_BYTES } from './number-set.ts';
import { readSequenceNumber, writeSequenceNumber } from './octets.ts';
import type { SubmessageSink } from './submessages.ts';
import { durationMs, encodeDuration, fractionOfMs, nanosecondsOf } from './time.ts';

const PREFIX = Uint8Array.from({ length: 12 }, (_, index) => index + 1);
const OTHER = new Uint8Array(12).fill(9);
const FROM = { address: '10.0.0.1', port: 7410 };

const hex = (parts: readonly Uint8Array[]): string => Buffer.concat(parts).toString('hex');
const compact = (text: string): string => text.replaceAll(/\s|#.*$/gm, '');
const octets = (text: string): Uint8Array => new Uint8Array(Buffer.from(compact(text), 'hex'));

/** Records the calls of the sink, by name. */
function recorder() {
  const calls: unknown[][] = [];
  const sink = new Proxy({} as SubmessageSink, {
    get:
      (_target, name) =>
      (message: unknown, ...rest: unknown[]) => {
        if (name !== 'source') calls.push([name, ...rest.map((each) => structuredClone(each)), message]);
        return true;
      },
  });
  return { calls, reader: new MessageReader({ localPrefix: PREFIX, sink }) };
}

const HEADER = '52545053 0204 014d 0102030405060708090a0b0c';
const HEARTBEAT = `
  07 01 1c00            # HEARTBEAT, little endian
  00000000 00000103     # reader, writer
  00000000 01000000     # first
  00000000 05000000     # last
  07000000              # count
`;

describe('messages', () => {
  it('are composed as the specification lays them out', () => {
    const writer = new MessageWriter(PREFIX);
    writer.begin(OTHER);
    writer.infoTimestamp(1, 0x8000_0000);
    writer.data({
      readerId: 0x104,
      writerId: 0x203,
      sequenceNumber: 2 ** 32 + 5,
      inlineQos: octets('7100 0400 00000001 0100 0000'),
      payload: octets('00010000 61'),
      payloadIsKey: false,
    });
    writer.heartbeat(0, 0x103, 1, 5, 7, false);
    assert.equal(
      hex(writer.finish()),
      compact(`
        ${HEADER}
        0e 01 0c00 090909090909090909090909          # INFO_DST
        09 01 0800 01000000 00000080                 # INFO_TS
        15 07 2800 0000 1000                         # DATA with data and inline QoS; octetsToInlineQos 16
        00000104 00000203 01000000 05000000          # reader, writer, number
        71000400 00000001 01000000                   # status info, sentinel
        00010000 61 000000                           # payload, padding
        ${HEARTBEAT}
      `),
    );
  });

  it('carry fragments', () => {
    const writer = new MessageWriter(PREFIX);
    writer.begin();
    const fields = { readerId: 0, writerId: 0x203, sequenceNumber: 1, payload: new Uint8Array(10).fill(7) };
    writer.dataFrag({ ...fields, payloadIsKey: false }, 3, 4);
    writer.nackFrag(0x104, 0x203, 1, [2, 34], 9);
    writer.heartbeatFrag(0x104, 0x203, 1, 3, 2);
    assert.equal(
      hex(writer.finish()),
      compact(`
        ${HEADER}
        16 01 2400 0000 1c00                         # DATA_FRAG
        00000000 00000203 00000000 01000000
        03000000 0100 0400 0a000000                  # third fragment, one, of 4 octets, sample of 10
        0707 0000
        12 01 2400 00000104 00000203 00000000 01000000
        02000000 21000000 00000080 00000080          # base 2, 33 bits, 2 and 34
        09000000
        13 01 1800 00000104 00000203 00000000 01000000 03000000 02000000
      `),
    );
  });

  it('are read back as they were composed', () => {
    const writer = new MessageWriter(PREFIX);
    writer.begin(PREFIX);
    writer.ackNack(0x104, 0x203, 5, [5, 37, 260], 3, true);
    writer.gap(0x104, 0x203, 7, 2 ** 33);
    const { calls, reader } = recorder();
    reader.read(Buffer.concat(writer.finish()), FROM, 0, 0);
    const [addressed, ackNack, gap] = calls;
    assert.equal(addressed[0], 'addressed');
    assert.deepEqual(ackNack.slice(1, 3), [0x104, 0x203]);
    assert.deepEqual((ackNack[3] as { members: number[] }).members, [5, 37, 260]);
    assert.deepEqual(ackNack.slice(4, 6), [3, true]);
    assert.equal(gap[3], 7);
    assert.equal((gap[4] as { base: number }).base, 2 ** 33);
  });

  it('are read in big endian as well', () => {
    const { calls, reader } = recorder();
    const bytes = octets(`
      52545053 0203 0101 0102030405060708090a0b0d
      09 00 0008 00000002 40000000
      07 02 001c 00000000 00000103 00000000 00000001 00000001 00000000 0000000a
    `);
    reader.read(bytes, FROM, 0, 0);
    assert.deepEqual(calls[0][1], {
      readerId: 0,
      writerId: 0x103,
      first: 1,
      last: 2 ** 32,
      count: 10,
      final: true,
      livelinessOnly: false,
    });
    assert.equal(reader.timestampSeconds, 2);
  });

  it('reach only the participant in INFO_DST, and name the sender in INFO_SRC', () => {
    const { calls, reader } = recorder();
    const bytes = octets(`
      ${HEADER}
      0e 01 0c00 090909090909090909090909 ${HEARTBEAT}
      0e 01 0c00 000000000000000000000000 ${HEARTBEAT}
      0c 01 1400 00000000 0204 0110 0a0a0a0a0a0a0a0a0a0a0a0a ${HEARTBEAT}
    `);
    reader.read(bytes, FROM, 0, 0);
    assert.equal(calls.length, 2);
    assert.deepEqual(bytes.subarray(reader.prefixAt, reader.prefixAt + 12), new Uint8Array(12).fill(10));
  });

  it('may give the address for answers with INFO_REPLY', () => {
    const { reader } = recorder();
    const locator = '01000000 fb1c0000 000000000000000000000000 0a000009';
    reader.read(octets(`${HEADER} 0f 01 1c00 01000000 ${locator} ${HEARTBEAT}`), FROM, 0, 0);
    assert.deepEqual(reader.replyTo, { address: '10.0.0.9', port: 7419 });
    reader.read(octets(`${HEADER} 0d 01 0800 0900000a fb1c0000 ${HEARTBEAT}`), FROM, 0, 0);
    assert.deepEqual(reader.replyTo, { address: '10.0.0.9', port: 7419 });
    reader.read(octets(`${HEADER} ${HEARTBEAT}`), FROM, 0, 0);
    assert.equal(reader.replyTo, undefined);
  });

  it('may end with a submessage without a length, and contain unknown ones', () => {
    const { calls, reader } = recorder();
    reader.read(octets(`${HEADER} 80 01 0400 00000000 01 01 0000 ${HEARTBEAT.replace('1c00', '0000')}`), FROM, 0, 0);
    assert.equal(calls.length, 1);
  });

  const malformed: readonly [string, string][] = [
    ['short-header', '52545053'],
    ['not-rtps', HEADER.replace('52', '53')],
    ['protocol-version', HEADER.replace('0204', '0104')],
    ['submessage-length', `${HEADER} 07 01 ff00 0000`],
    ['heartbeat-length', `${HEADER} 07 01 0400 00000000`],
    ['heartbeat-range', `${HEADER} ${HEARTBEAT.replace('01000000     # first', '09000000')}`],
    ['data-length', `${HEADER} 15 05 0400 00000000`],
    ['sequence-number', `${HEADER} 15 05 1400 0000 1000 00000000 00000203 00000000 00000000`],
    ['inline-qos', `${HEADER} 15 07 1800 0000 1000 00000000 00000203 00000000 01000000 7000 ff00`],
    ['inline-qos-offset', `${HEADER} 15 05 1400 0000 ff00 00000000 00000203 00000000 01000000`],
    ['number-set', `${HEADER} 06 01 1800 00000104 00000203 00000000 01000000 01010000 00000000`],
    ['acknack-length', `${HEADER} 06 01 1400 00000104 00000203 00000000 01000000 00000000`],
    [
      'data-frag-numbers',
      `${HEADER} 16 01 2000 0000 1c00 00000000 00000203 00000000 01000000 02000000 0100 0400 04000000`,
    ],
    [
      'data-frag-payload',
      `${HEADER} 16 01 2000 0000 1c00 00000000 00000203 00000000 01000000 01000000 0100 0400 04000000`,
    ],
    ['info-reply', `${HEADER} 0f 01 0400 ffffff0f`],
    ['info-dst', `${HEADER} 0e 01 0400 ffffff0f`],
  ];
  for (const [reason, text] of malformed) {
    it(`are refused by name: ${reason}`, () => {
      const { reader } = recorder();
      assert.throws(
        () => reader.read(octets(text), FROM, 0, 0),
        (error) => error instanceof MalformedMessage && error.reason === reason,
      );
    });
  }
});

describe('numbers on the wire', () => {
  it('preserve sequence numbers exactly up to 2^53', () => {
    const bytes = new Uint8Array(8);
    for (const number of [1, 2 ** 32 - 1, 2 ** 32, 2 ** 48 + 3, Number.MAX_SAFE_INTEGER, -1]) {
      writeSequenceNumber(bytes, 0, number);
      const read = readSequenceNumber(bytes, 0, true);
      assert.equal(number < 0 ? Math.max(-1, read) : read, number);
    }
  });

  it('preserve any set of sequence numbers', () => {
    const random = seededRandom(2);
    const bytes = new Uint8Array(MAX_ENCODED_SET_BYTES);
    for (let round = 0; round < 200; round += 1) {
      const base = 1 + Math.floor(random.float() * 2 ** 40);
      const members = Array.from({ length: 256 }, (_, bit) => base + bit).filter(() => random.float() < 0.3);
      const end = encodeSequenceNumberSet(bytes, 0, base, members);
      assert.deepEqual(decodeSequenceNumberSet(bytes, 0, end, true), { base, members, end });
    }
  });

  it('preserve durations, infinity among them', () => {
    for (const ms of [0, 1, 250, 10_000, 99_999_999, Number.POSITIVE_INFINITY]) {
      assert.ok(Math.abs(durationMs(...(encodeDuration(ms) as [number, number])) - ms) < 0.001 || ms === Infinity);
    }
    assert.equal(
      durationMs(...(encodeDuration(Number.POSITIVE_INFINITY) as [number, number])),
      Number.POSITIVE_INFINITY,
    );
    assert.equal(nanosecondsOf(fractionOfMs(1500)), 500_000_000);
  });
});
