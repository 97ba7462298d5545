/**
 * Classic pcap (draft-ietf-opsawg-pcap): a header, and a record per packet. medkit writes microseconds, little endian
 * and LINKTYPE_RAW. It reads both byte orders and both timestamp resolutions.
 */
const MAGIC_MICROSECONDS = 0xa1b2_c3d4;
const MAGIC_NANOSECONDS = 0xa1b2_3c4d;
/** The first word of pcapng, the same in both byte orders. */
const MAGIC_PCAPNG = 0x0a0d_0d0a;

export const PCAP_HEADER_BYTES = 24;
const RECORD_HEADER_BYTES = 16;

/** Longest packet that capture tools write (tcpdump's MAXIMUM_SNAPLEN). A record with a larger size is invalid. */
const MAX_PACKET_BYTES = 262_144;

/** Link type of packets that start with their IP header. */
export const LINKTYPE_RAW = 101;

/** A captured packet. */
export interface PcapRecord {
  /** Milliseconds since the Unix epoch, with a fraction. */
  readonly timeMs: number;
  /** The packet from the link layer on, a view of the file. */
  readonly packet: Uint8Array;
}

export interface Pcap {
  /** LINKTYPE_ value: the header with which each packet starts. */
  readonly linkType: number;
  readonly littleEndian: boolean;
  readonly records: readonly PcapRecord[];
  /** The file ends within a record, or contains an invalid record and ends there. */
  readonly cutShort: boolean;
}

/** The file is not classic pcap. */
export class MalformedPcap extends Error {
  override readonly name = 'MalformedPcap';
}

/** Returns the header of a file of IPv4 packets. */
export function encodePcapHeader(): Uint8Array {
  const bytes = new Uint8Array(PCAP_HEADER_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, MAGIC_MICROSECONDS, true);
  // Version 2.4, unchanged since 1998.
  view.setUint16(4, 2, true);
  view.setUint16(6, 4, true);
  view.setUint32(16, MAX_PACKET_BYTES, true);
  view.setUint32(20, LINKTYPE_RAW, true);
  return bytes;
}

/** Returns a record whose packet is the concatenation of `parts`. */
export function encodePcapRecord(timeMs: number, parts: readonly Uint8Array[]): Uint8Array {
  const packetBytes = parts.reduce((sum, part) => sum + part.length, 0);
  const bytes = new Uint8Array(RECORD_HEADER_BYTES + packetBytes);
  const view = new DataView(bytes.buffer);
  const microseconds = Math.round(timeMs * 1000);
  view.setUint32(0, Math.floor(microseconds / 1_000_000), true);
  view.setUint32(4, microseconds % 1_000_000, true);
  view.setUint32(8, packetBytes, true);
  view.setUint32(12, packetBytes, true);
  let at = RECORD_HEADER_BYTES;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/**
 * Decodes a whole file. Throws `MalformedPcap` if the header is invalid. An invalid record ends the list of records.
 */
export function decodePcap(bytes: Uint8Array): Pcap {
  if (bytes.length < PCAP_HEADER_BYTES) {
    throw new MalformedPcap(`a pcap header has ${PCAP_HEADER_BYTES} octets, found ${bytes.length}`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { littleEndian, ticksPerMs } = decodeMagic(view);
  // The upper half of the word states whether frames end with a checksum.
  const linkType = view.getUint32(20, littleEndian) & 0xffff;
  const records: PcapRecord[] = [];
  let at = PCAP_HEADER_BYTES;
  while (at + RECORD_HEADER_BYTES <= bytes.length) {
    const packetBytes = view.getUint32(at + 8, littleEndian);
    const start = at + RECORD_HEADER_BYTES;
    if (packetBytes > MAX_PACKET_BYTES || start + packetBytes > bytes.length) break;
    const timeMs = view.getUint32(at, littleEndian) * 1000 + view.getUint32(at + 4, littleEndian) / ticksPerMs;
    records.push({ timeMs, packet: bytes.subarray(start, start + packetBytes) });
    at = start + packetBytes;
  }
  return { linkType, littleEndian, records, cutShort: at < bytes.length };
}

function decodeMagic(view: DataView): { readonly littleEndian: boolean; readonly ticksPerMs: number } {
  for (const littleEndian of [true, false]) {
    const magic = view.getUint32(0, littleEndian);
    if (magic === MAGIC_MICROSECONDS) return { littleEndian, ticksPerMs: 1000 };
    if (magic === MAGIC_NANOSECONDS) return { littleEndian, ticksPerMs: 1_000_000 };
  }
  const magic = view.getUint32(0, false);
  if (magic === MAGIC_PCAPNG) {
    throw new MalformedPcap(
      'expected classic pcap, found pcapng: convert it with "editcap -F pcap in.pcapng out.pcap"',
    );
  }
  throw new MalformedPcap(`expected the magic of pcap, found 0x${magic.toString(16).padStart(8, '0')}`);
}
