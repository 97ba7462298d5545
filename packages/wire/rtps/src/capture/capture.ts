import { ipv4Start, READABLE_LINKTYPES } from './link-layer.ts';
import { decodePcap, MalformedPcap } from './pcap.ts';
import { decodeUdpPacket, type NoDatagram, type UdpDatagram } from './udp-packet.ts';

/** A captured datagram. */
export interface CapturedDatagram extends UdpDatagram {
  /** Milliseconds since the Unix epoch, with a fraction. */
  readonly timeMs: number;
}

export interface Capture {
  /** In file order. Payloads are views of the file. */
  readonly datagrams: readonly CapturedDatagram[];
  /** Packets that contain no complete UDP datagram over IPv4, by reason. `fragment` counts IP fragments. */
  readonly skipped: Readonly<Partial<Record<NoDatagram, number>>>;
  /** The file ends within a packet, for example because its writer was killed or the disk was full. */
  readonly cutShort: boolean;
}

/**
 * Decodes the UDP datagrams of a capture: one of medkit's, or one by tcpdump, dumpcap or Wireshark (as classic pcap) on
 * Ethernet, on loopback or with `-i any`. Throws `MalformedPcap` if the file is not of that kind.
 */
export function decodeCapture(file: Uint8Array): Capture {
  const { linkType, records, cutShort } = decodePcap(file);
  if (!READABLE_LINKTYPES.includes(linkType)) {
    throw new MalformedPcap(`expected link type ${READABLE_LINKTYPES.join(', ')}, found ${linkType}`);
  }
  const datagrams: CapturedDatagram[] = [];
  const skipped: Partial<Record<NoDatagram, number>> = {};
  for (const { timeMs, packet } of records) {
    const start = ipv4Start(linkType, packet);
    const decoded = start < 0 ? 'not-ipv4' : decodeUdpPacket(packet.subarray(start));
    if (typeof decoded === 'string') skipped[decoded] = (skipped[decoded] ?? 0) + 1;
    else datagrams.push({ timeMs, ...decoded });
  }
  return { datagrams, skipped, cutShort };
}
