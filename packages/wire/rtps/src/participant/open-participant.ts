import type { Datagrams } from '@medkit/edges';
import { Drops } from '../drops.ts';
import type { Participant, ParticipantOptions } from '../model/api.ts';
import { LocalNetwork } from '../transport/local-network.ts';
import { openTransport } from '../transport/transport.ts';
import { hexOf, PREFIX_BYTES } from '../wire/guid-octets.ts';
import { MEDKIT_VENDOR } from '../wire/protocol.ts';
import { RtpsParticipant } from './rtps-participant.ts';

const DEFAULT_RECEIVE_BUFFER_BYTES = 4 * 1024 * 1024;

/**
 * Joins a domain: binds the first free participant id, announces the participant and listens. Throws `NoSuchInterface`,
 * `NoSuchPort` for a domain id outside 0 to 232, `NoFreeParticipantId`, and errors of the operating system.
 */
export async function openParticipant(options: ParticipantOptions): Promise<Participant> {
  const { datagrams, domainId, random, multicast = true } = options;
  const receiveBufferBytes = options.receiveBufferBytes ?? DEFAULT_RECEIVE_BUFFER_BYTES;
  const network = new LocalNetwork({
    available: () => datagrams.interfaces(),
    hasAddress: (address) => canBind(datagrams, address),
    wanted: options.interfaces,
  });
  const drops = new Drops();
  let participant: RtpsParticipant | undefined;
  const transport = await openTransport({
    datagrams,
    reachability: network,
    domainId,
    multicast,
    receiveBufferBytes,
    onUnicast: (bytes, from, arrival) => participant?.receive(bytes, from, arrival),
    onMulticast: (bytes, from) => participant?.receive(bytes, from, 'multicast'),
    onForeign: () => drops.count('foreign-interface'),
  });
  // RTPS 2.5, 9.3.1.5: a prefix starts with the vendor id; the rest must be unique.
  const prefix = random.bytes(PREFIX_BYTES);
  prefix[0] = MEDKIT_VENDOR >>> 8;
  prefix[1] = MEDKIT_VENDOR & 255;
  participant = new RtpsParticipant({
    options,
    guidPrefix: hexOf(prefix, 0, PREFIX_BYTES),
    transport,
    network,
    drops,
  });
  participant.start();
  return participant;
}

/** Returns whether this machine has an address. The list of interfaces omits those without a carrier. */
async function canBind(datagrams: Datagrams, address: string): Promise<boolean> {
  try {
    const socket = await datagrams.bind({ address, port: 0, onDatagram: () => undefined });
    await socket.close();
    return true;
  } catch {
    // The operating system rejects an address that this machine does not have.
    return false;
  }
}
