import { readUint16, readUint32 } from '../wire/octets.ts';
import { LINKTYPE_RAW } from './pcap.ts';

const LINKTYPE_NULL = 0;
const LINKTYPE_ETHERNET = 1;
const LINKTYPE_LINUX_SLL = 113;
const LINKTYPE_LINUX_SLL2 = 276;

const ETHERTYPE_IPV4 = 0x0800;
/** IEEE 802.1Q, 802.1ad, and the EtherType that switches used earlier. */
const ETHERTYPES_VLAN: readonly number[] = [0x8100, 0x88a8, 0x9100];
/** Maximum VLAN tags. Packets in a provider's network have two. */
const MAX_VLAN_TAGS = 4;
/** PF_INET, the same number on every operating system. */
const FAMILY_IPV4 = 2;

/** Supported link layers. */
export const READABLE_LINKTYPES: readonly number[] = [
  LINKTYPE_NULL,
  LINKTYPE_ETHERNET,
  LINKTYPE_RAW,
  LINKTYPE_LINUX_SLL,
  LINKTYPE_LINUX_SLL2,
];

/** Returns the offset of the IPv4 header in a captured packet, or -1 if it has none. */
export function ipv4Start(linkType: number, packet: Uint8Array): number {
  switch (linkType) {
    case LINKTYPE_RAW:
      return 0;
    case LINKTYPE_NULL:
      // The family is in the byte order of the capturing machine.
      return packet.length >= 4 && [true, false].some((order) => readUint32(packet, 0, order) === FAMILY_IPV4) ? 4 : -1;
    case LINKTYPE_ETHERNET:
      return behindTags(packet, 12);
    case LINKTYPE_LINUX_SLL:
      return behindTags(packet, 14);
    case LINKTYPE_LINUX_SLL2:
      return packet.length >= 20 && readUint16(packet, 0, false) === ETHERTYPE_IPV4 ? 20 : -1;
    default:
      return -1;
  }
}

/** `typeAt` is the offset of the EtherType, or of the first VLAN tag. */
function behindTags(packet: Uint8Array, typeAt: number): number {
  for (let tags = 0, at = typeAt; tags <= MAX_VLAN_TAGS && at + 2 <= packet.length; tags += 1, at += 4) {
    const etherType = readUint16(packet, at, false);
    if (etherType === ETHERTYPE_IPV4) return at + 2;
    if (!ETHERTYPES_VLAN.includes(etherType)) return -1;
  }
  return -1;
}
