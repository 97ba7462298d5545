import type { Participant, ParticipantOptions } from '../model/api.ts';
import { chooseInterfaces } from '../transport/interface-choice.ts';
import { openTransport } from '../transport/transport.ts';
import { hexOf, PREFIX_BYTES } from '../wire/guid-octets.ts';
import { OUR_VENDOR } from '../wire/protocol.ts';
import { Drops } from './drops.ts';
import { RtpsParticipant } from './rtps-participant.ts';

const DEFAULT_RECEIVE_BUFFER_BYTES = 4 * 1024 * 1024;

/**
 * Joins a domain: binds the first free participant id, announces itself and listens. Throws `NoSuchInterface`,
 * `NoSuchPort` for a domain id outside 0 to 232, `NoFreeParticipantId`, and what the system says when it refuses.
 */
export async function openParticipant(options: ParticipantOptions): Promise<Participant> {
  const { datagrams, domainId, random, multicast = true } = options;
  const receiveBufferBytes = options.receiveBufferBytes ?? DEFAULT_RECEIVE_BUFFER_BYTES;
  const all = datagrams.interfaces();
  const network = { all, chosen: chooseInterfaces(all, options.interfaces) };
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
  prefix[0] = OUR_VENDOR >>> 8;
  prefix[1] = OUR_VENDOR & 255;
  participant = new RtpsParticipant({
    options,
    guidPrefix: hexOf(prefix, 0, PREFIX_BYTES),
    transport,
    network,
    drops,
    askedBufferBytes: receiveBufferBytes,
  });
  participant.start();
  return participant;
}
