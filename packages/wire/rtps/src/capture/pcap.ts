/**
 * Classic pcap (draft-ietf-opsawg-pcap): a header, and a record per packet. Ours have microseconds, little endian and
 * LINKTYPE_RAW; those of others are read in both byte orders and with both kinds of timestamp.
 */
const MAGIC_MICROSECONDS = 0xa1b2_c3d4;
const MAGIC_NANOSECONDS = 0xa1b2_3c4d;
/** The first word of pcapng, the same in both byte orders. */
const MAGIC_PCAPNG = 0x0a0d_0d0a;

export const PCAP_HEADER_BYTES = 24;
const RECORD_HEADER_BYTES = 16;

/** The longest packet any capture tool writes (tcpdump's MAXIMUM_SNAPLEN). A record that claims more is garbage. */
const MAX_PACKET_BYTES = 262_144;

/** The packet starts with its IP header. */
export const LINKTYPE_RAW = 101;

/** A packet as it was captured. */
export interface PcapRecord {
  /** Milliseconds since the Unix epoch, with a fraction. */
  readonly timeMs: number;
  /** From the link layer on; a view of the file. */
  readonly packet: Uint8Array;
}

export interface Pcap {
  /** What each packet starts with: a LINKTYPE_ value. */
  readonly linkType: number;
  readonly littleEndian: boolean;
  readonly records: readonly PcapRecord[];
  /** The file ends within a record, or holds garbage from some record on. */
  readonly cutShort: boolean;
}

/** The file is no classic pcap. */
export class MalformedPcap extends Error {
  override readonly name = 'MalformedPcap';
}

/** The header of a file of IPv4 packets. */
export function encodePcapHeader(): Uint8Array {
  const bytes = new Uint8Array(PCAP_HEADER_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, MAGIC_MICROSECONDS, true);
  // Version 2.4, since 1998.
  view.setUint16(4, 2, true);
  view.setUint16(6, 4, true);
  view.setUint32(16, MAX_PACKET_BYTES, true);
  view.setUint32(20, LINKTYPE_RAW, true);
  return bytes;
}

/** A record of a packet that `parts` are, one behind the other. */
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

/** Reads a whole file. Throws `MalformedPcap` where it is none; what is wrong further down ends it there. */
export function decodePcap(bytes: Uint8Array): Pcap {
  if (bytes.length < PCAP_HEADER_BYTES) {
    throw new MalformedPcap(`a pcap header has ${PCAP_HEADER_BYTES} octets, found ${bytes.length}`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { littleEndian, ticksPerMs } = decodeMagic(view);
  // The upper half of the word says whether frames carry a checksum at their end.
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
