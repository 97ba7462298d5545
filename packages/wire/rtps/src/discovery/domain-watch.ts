import type { DatagramSocket, Datagrams } from '@medkit/edges';
import { MAX_DOMAIN_ID, MULTICAST_GROUP, multicastPort } from '../transport/ports.ts';
import { readUint16, readUint32 } from '../wire/octets.ts';
import { MESSAGE_HEADER_BYTES, vendorName } from '../wire/protocol.ts';

/** Maximum sources listed per domain: enough to identify the machines. */
const MAX_SOURCES = 16;

/** A program that announces itself in a domain that this process has not joined. */
export interface AnnouncementSource {
  readonly address: string;
  /** Two octets as four hex digits. */
  readonly vendorId: string;
}

export interface DomainWatchOptions {
  readonly datagrams: Datagrams;
  /** Addresses of the interfaces to listen on. */
  readonly interfaces: readonly string[];
  /** The joined domain, which is not watched. */
  readonly domainId: number;
}

/** Listener for announcements in all other domains. */
export interface DomainWatch {
  /** The sources received so far, by domain id. */
  heard(): ReadonlyMap<number, readonly AnnouncementSource[]>;
  close(): Promise<void>;
}

/**
 * Listens on the multicast ports of SPDP (RTPS 2.5, 9.6.2.3) and sends nothing. Domains whose port cannot be bound are
 * skipped.
 */
export async function watchDomains({
  datagrams,
  interfaces,
  domainId: joinedId,
}: DomainWatchOptions): Promise<DomainWatch> {
  const sourcesByDomain = new Map<number, Map<string, AnnouncementSource>>();
  const receive = (domainId: number, bytes: Uint8Array, address: string) => {
    // 'RTPS'
    if (bytes.length < MESSAGE_HEADER_BYTES || readUint32(bytes, 0, false) !== 0x5254_5053) return;
    const source = { address, vendorId: vendorName(readUint16(bytes, 6, false)) };
    const sources = sourcesByDomain.get(domainId) ?? new Map<string, AnnouncementSource>();
    if (sources.size < MAX_SOURCES) sources.set(`${address} ${source.vendorId}`, source);
    sourcesByDomain.set(domainId, sources);
  };
  const sockets: DatagramSocket[] = [];
  const listen = async (domainId: number) => {
    const socket = await datagrams.bind({
      address: MULTICAST_GROUP,
      port: multicastPort(domainId),
      shared: true,
      onDatagram: (bytes, { address }) => receive(domainId, bytes, address),
    });
    sockets.push(socket);
    // An interface that was removed in the meantime does not affect the others.
    await Promise.allSettled(interfaces.map(async (address) => socket.joinGroup(MULTICAST_GROUP, address)));
  };
  const others = Array.from({ length: MAX_DOMAIN_ID + 1 }, (_, domainId) => domainId).filter((id) => id !== joinedId);
  await Promise.allSettled(others.map(listen));
  return {
    heard: () => new Map([...sourcesByDomain].map(([domainId, sources]) => [domainId, [...sources.values()]])),
    close: async () => {
      await Promise.all(sockets.map((socket) => socket.close()));
    },
  };
}
