import { ipv4Start, READABLE_LINKTYPES } from './link-layer.ts';
import { decodePcap, MalformedPcap } from './pcap.ts';
import { decodeUdpPacket, type NoDatagram, type UdpDatagram } from './udp-packet.ts';

/** A datagram as it was on the wire. */
export interface CapturedDatagram extends UdpDatagram {
  /** Milliseconds since the Unix epoch, with a fraction. */
  readonly timeMs: number;
}

export interface Capture {
  /** In the order of the file. Their payloads are views of it. */
  readonly datagrams: readonly CapturedDatagram[];
  /** Packets without a whole UDP datagram over IPv4, by reason; `fragment` counts those that IP had taken apart. */
  readonly skipped: Readonly<Partial<Record<NoDatagram, number>>>;
  /** The file ends within a packet, as one does whose writer was killed or whose disk was full. */
  readonly cutShort: boolean;
}

/**
 * The UDP datagrams of a capture, ours or one that tcpdump, dumpcap or Wireshark (as classic pcap) made on Ethernet, on
 * loopback or with `-i any`. Throws `MalformedPcap` where it is no such file.
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
