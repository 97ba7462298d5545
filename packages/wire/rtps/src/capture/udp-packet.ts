import type { SocketAddress } from '@medkit/edges';
import { readUint16 } from '../wire/octets.ts';

const IPV4_HEADER_BYTES = 20;
const UDP_HEADER_BYTES = 8;
const HEADER_BYTES = IPV4_HEADER_BYTES + UDP_HEADER_BYTES;
const PROTOCOL_UDP = 17;
/** TTLs that Linux sends with. Multicast stays on its link. */
const TTL_UNICAST = 64;
const TTL_MULTICAST = 1;
const FIRST_MULTICAST_OCTET = 224;

/** Maximum payload of a UDP datagram over IPv4. */
export const MAX_UDP_PAYLOAD_BYTES = 65_535 - HEADER_BYTES;

export interface UdpAddresses {
  readonly from: SocketAddress;
  readonly to: SocketAddress;
}

export interface UdpDatagram extends UdpAddresses {
  /** A view of the packet. */
  readonly payload: Uint8Array;
}

/** Why a packet contains no complete UDP datagram. */
export type NoDatagram = 'not-ipv4' | 'not-udp' | 'fragment' | 'cut-packet' | 'malformed-packet';

/** Returns the headers of a datagram with `payloadBytes`: IPv4 without options (RFC 791), and UDP (RFC 768). */
export function encodeUdpHeaders({ from, to }: UdpAddresses, payloadBytes: number): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES);
  const view = new DataView(bytes.buffer);
  bytes[0] = 0x45;
  view.setUint16(2, HEADER_BYTES + payloadBytes);
  bytes[8] = Number.parseInt(to.address, 10) >= FIRST_MULTICAST_OCTET ? TTL_MULTICAST : TTL_UNICAST;
  bytes[9] = PROTOCOL_UDP;
  bytes.set(octetsOfAddress(from.address), 12);
  bytes.set(octetsOfAddress(to.address), 16);
  view.setUint16(10, internetChecksum(view));
  view.setUint16(IPV4_HEADER_BYTES, from.port);
  view.setUint16(IPV4_HEADER_BYTES + 2, to.port);
  // The checksum stays 0: none was computed (RFC 768).
  view.setUint16(IPV4_HEADER_BYTES + 4, UDP_HEADER_BYTES + payloadBytes);
  return bytes;
}

/** Decodes a packet that starts with its IP header. Returns the reason if it contains no complete datagram. */
export function decodeUdpPacket(packet: Uint8Array): UdpDatagram | NoDatagram {
  if (packet.length === 0 || packet[0] >>> 4 !== 4) return 'not-ipv4';
  if (packet.length < IPV4_HEADER_BYTES) return 'cut-packet';
  const headerBytes = (packet[0] & 15) * 4;
  // If the network card splits packets (TSO), the capture contains them without a length.
  const totalBytes = readUint16(packet, 2, false) || packet.length;
  if (headerBytes < IPV4_HEADER_BYTES || totalBytes < headerBytes) return 'malformed-packet';
  if (packet[9] !== PROTOCOL_UDP) return 'not-udp';
  // More fragments follow, or an offset is set. Fragments are not reassembled here.
  if (readUint16(packet, 6, false) & 0x3fff) return 'fragment';
  if (totalBytes < headerBytes + UDP_HEADER_BYTES) return 'malformed-packet';
  if (packet.length < headerBytes + UDP_HEADER_BYTES) return 'cut-packet';
  const udpBytes = readUint16(packet, headerBytes + 4, false);
  if (udpBytes < UDP_HEADER_BYTES || headerBytes + udpBytes > totalBytes) return 'malformed-packet';
  if (headerBytes + udpBytes > packet.length) return 'cut-packet';
  return {
    from: { address: addressAt(packet, 12), port: readUint16(packet, headerBytes, false) },
    to: { address: addressAt(packet, 16), port: readUint16(packet, headerBytes + 2, false) },
    payload: packet.subarray(headerBytes + UDP_HEADER_BYTES, headerBytes + udpBytes),
  };
}

/** Checksum of an IPv4 header whose checksum field is zero (RFC 1071). */
function internetChecksum(header: DataView): number {
  let sum = 0;
  for (let at = 0; at < IPV4_HEADER_BYTES; at += 2) sum += header.getUint16(at);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

const octetsOfAddress = (address: string): readonly number[] => address.split('.').map(Number);

const addressAt = (bytes: Uint8Array, at: number): string => bytes.subarray(at, at + 4).join('.');
