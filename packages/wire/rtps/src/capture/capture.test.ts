import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '@medkit/edges';
import { decodeCapture } from './capture.ts';
import { encodePcapHeader, encodePcapRecord, MalformedPcap } from './pcap.ts';
import { encodeUdpHeaders } from './udp-packet.ts';

const octets = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.replaceAll(/\s/g, ''), 'hex'));
const concat = (...parts: readonly Uint8Array[]): Uint8Array => Uint8Array.from(Buffer.concat(parts));

const ENDS = { from: { address: '10.0.0.2', port: 7411 }, to: { address: '10.0.0.1', port: 7410 } };
const PAYLOAD = octets('52545053');

/** An IPv4 UDP packet as printed by tcpdump, with the checksums set by Linux. */
const PACKET = octets(
  `
  45 00 0020   # version 4, five words, 32 octets
  0000 0000    # identification, not a fragment
  40 11 66cb   # TTL 64, UDP, checksum
  0a000002     # from 10.0.0.2
  0a000001     # to 10.0.0.1
  1cf3 1cf2    # ports 7411, 7410
  000c 0000    # 12 octets, no checksum
  52545053
`.replaceAll(/#.*$/gm, ''),
);

/** A file whose records all have the timestamp 1.5 s. */
function pcapOf(
  packets: readonly Uint8Array[],
  { magic = 0xa1b2c3d4, linkType = 101, littleEndian = true, half = 500_000 } = {},
): Uint8Array {
  const header = new DataView(new ArrayBuffer(24));
  header.setUint32(0, magic, littleEndian);
  header.setUint32(20, linkType, littleEndian);
  const records = packets.map((packet) => {
    const view = new DataView(new ArrayBuffer(16));
    view.setUint32(0, 1, littleEndian);
    view.setUint32(4, half, littleEndian);
    view.setUint32(8, packet.length, littleEndian);
    view.setUint32(12, packet.length, littleEndian);
    return concat(new Uint8Array(view.buffer), packet);
  });
  return concat(new Uint8Array(header.buffer), ...records);
}

describe('a capture', () => {
  it('is written in the format of Wireshark', () => {
    assert.deepEqual(concat(encodeUdpHeaders(ENDS, PAYLOAD.length), PAYLOAD), PACKET);
    const file = concat(encodePcapHeader(), encodePcapRecord(1500, [PACKET.subarray(0, 28), PAYLOAD]));
    const expected = octets(
      `
      d4c3b2a1 0200 0400       # microseconds, version 2.4
      00000000 00000000        # time zone, accuracy: always zero
      00000400 65000000        # longest packet, LINKTYPE_RAW
      01000000 20a10700        # 1 s, 500,000 µs
      20000000 20000000        # octets here, octets on the wire
    `.replaceAll(/#.*$/gm, ''),
    );
    assert.deepEqual(file, concat(expected, PACKET));
  });

  it('keeps the time to the microsecond', () => {
    for (const timeMs of [1_767_225_600_000.001, 1_767_225_600_999.9995, 0]) {
      const file = concat(encodePcapHeader(), encodePcapRecord(timeMs, [PACKET]));
      assert.ok(Math.abs(decodeCapture(file).datagrams[0].timeMs - timeMs) <= 0.001, String(timeMs));
    }
  });

  for (const littleEndian of [true, false]) {
    it(`is read in ${littleEndian ? 'little' : 'big'} endian, with microseconds and nanoseconds`, () => {
      for (const [magic, half] of [
        [0xa1b2c3d4, 500_000],
        [0xa1b23c4d, 500_000_000],
      ]) {
        const { datagrams, cutShort } = decodeCapture(pcapOf([PACKET, PACKET], { littleEndian, magic, half }));
        assert.deepEqual(datagrams, Array(2).fill({ timeMs: 1500, ...ENDS, payload: PAYLOAD }));
        assert.equal(cutShort, false);
      }
    });
  }

  const macs = 'aaaaaaaaaaaa bbbbbbbbbbbb';
  const links: readonly [string, number, string][] = [
    ['Ethernet', 1, `${macs} 0800`],
    ['Ethernet with a VLAN tag', 1, `${macs} 8100 0005 0800`],
    ['Ethernet with two VLAN tags', 1, `${macs} 88a8 0005 8100 0006 0800`],
    ['BSD loopback, little endian', 0, '02000000'],
    ['BSD loopback, big endian', 0, '00000002'],
    ['Linux "any"', 113, '0000 0001 0006 aabbccddeeff 0000 0800'],
    ['Linux "any", version 2', 276, '0800 0000 00000002 0001 00 06 aabbccddeeff 0000'],
  ];
  for (const [name, linkType, head] of links) {
    it(`is read from ${name}, with the padding of a short frame`, () => {
      const frame = concat(octets(head), PACKET, new Uint8Array(14));
      assert.deepEqual(decodeCapture(pcapOf([frame], { linkType })).datagrams[0]?.payload, PAYLOAD);
      const foreign = concat(octets(head.replace('0800', '86dd').replace(/^0*20*$/, '1e000000')), PACKET);
      assert.deepEqual(decodeCapture(pcapOf([foreign], { linkType })).skipped, { 'not-ipv4': 1 });
    });
  }

  it('counts incomplete datagrams, by reason', () => {
    const changed = (at: number, ...values: readonly number[]) => {
      const copy = PACKET.slice();
      copy.set(values, at);
      return copy;
    };
    const packets = {
      'not-ipv4': [changed(0, 0x60), new Uint8Array(0)],
      'not-udp': [changed(9, 6)],
      // A first fragment with more to follow, and a last one with an offset.
      fragment: [changed(6, 0x20, 0), changed(6, 0, 5)],
      'cut-packet': [PACKET.subarray(0, 19), PACKET.subarray(0, 25), PACKET.subarray(0, 30)],
      'malformed-packet': [changed(0, 0x44), changed(24, 0, 7), changed(24, 1, 0), changed(2, 0, 24)],
    };
    const { datagrams, skipped } = decodeCapture(pcapOf(Object.values(packets).flat()));
    assert.equal(datagrams.length, 0);
    const counts = Object.entries(packets).map(([reason, { length }]) => [reason, length]);
    assert.deepEqual(skipped, Object.fromEntries(counts));
  });

  it('accepts a packet without a length, as a card that splits packets leaves it', () => {
    const packet = PACKET.slice();
    packet.fill(0, 2, 4);
    assert.deepEqual(decodeCapture(pcapOf([packet])).datagrams[0]?.payload, PAYLOAD);
  });

  it('that was cut off says so and returns the whole datagrams', () => {
    const file = pcapOf([PACKET, PACKET]);
    for (let length = 25; length < file.length; length += 1) {
      const { datagrams, cutShort } = decodeCapture(file.subarray(0, length));
      assert.equal(datagrams.length, length >= 24 + 48 ? 1 : 0);
      assert.equal(cutShort, length !== 24 + 48);
    }
  });

  it('is refused with the content that was found instead', () => {
    const refused = (file: Uint8Array, found: RegExp) =>
      assert.throws(
        () => decodeCapture(file),
        (error) => error instanceof MalformedPcap && found.test(error.message),
      );
    refused(new Uint8Array(23), /24 octets, found 23/);
    refused(new Uint8Array(24), /0x00000000/);
    refused(pcapOf([], { linkType: 105 }), /found 105/);
    refused(concat(octets('0a0d0d0a'), new Uint8Array(40)), /editcap/);
  });

  it('is decoded or refused as MalformedPcap, whatever bytes it contains', () => {
    const random = seededRandom(7);
    for (let round = 0; round < 20_000; round += 1) {
      const [, linkType, head] = links[round % links.length];
      const file = pcapOf([concat(octets(head), PACKET), concat(octets(head), PACKET)], { linkType });
      for (let changes = 0; changes <= round % 4; changes += 1) {
        file[Math.floor(random.float() * file.length)] = Math.floor(random.float() * 256);
      }
      try {
        const { datagrams } = decodeCapture(file);
        assert.ok(datagrams.every(({ payload }) => payload.length <= file.length));
      } catch (error) {
        assert.ok(error instanceof MalformedPcap, String(error));
      }
    }
  });
});
