import type { ParticipantListener } from '../model/api.ts';
import { type Guid, prefixOf } from '../model/guid.ts';
import type { RemoteEndpoint } from '../model/remote.ts';
import type { Sample } from '../model/sample.ts';
import type { Drops } from '../participant/drops.ts';
import type { Matchmaker } from '../participant/matchmaker.ts';
import type { LocalReader } from '../reader/local-reader.ts';
import { entityIdOf, GUID_BYTES, guidOf, hexOf, octetsOf } from '../wire/guid-octets.ts';
import { describeLocal } from '../writer/local-links.ts';
import type { LocalWriter } from '../writer/local-writer.ts';
import { PUBLICATIONS, SUBSCRIPTIONS } from './builtin.ts';
import { decodeEndpointData, decodeEndpointKey, encodeEndpointData, encodeEndpointKey } from './endpoint-data.ts';
import type { DiscoveredEndpoint, Peer } from './peer.ts';
import type { PeerTable } from './peer-table.ts';

/** A process with a hundred ROS nodes has about two thousand endpoints. */
const MAX_ENDPOINTS_PER_PEER = 8192;
/** Of all participants together: several times what the largest fleets show. */
const MAX_ENDPOINTS = 65_536;
/** What those announcements may take together: names and user data of real endpoints are some hundred octets. */
const MAX_ENDPOINT_BYTES = 96 * 1024 * 1024;

/** Simple Endpoint Discovery Protocol (RTPS 2.5, 8.5.4): which readers and writers there are. */
export class Sedp {
  readonly #peers: PeerTable;
  readonly #matchmaker: Matchmaker;
  readonly #drops: Drops;
  readonly #listener: ParticipantListener;
  readonly #writers: Readonly<Record<'reader' | 'writer', LocalWriter>>;
  readonly #letGoOfSilent: () => boolean;
  /** The sequence number under which each local endpoint was announced. */
  readonly #announced = new Map<Guid, number>();
  #endpointCount = 0;
  #endpointBytes = 0;

  constructor(options: {
    readonly peers: PeerTable;
    readonly matchmaker: Matchmaker;
    readonly drops: Drops;
    readonly listener: ParticipantListener;
    /** The builtin writers that announce our readers and our writers. */
    readonly writers: Readonly<Record<'reader' | 'writer', LocalWriter>>;
    /** Lets go of a participant that only seems to live, to make room; false where there is none. */
    readonly letGoOfSilent: () => boolean;
  }) {
    this.#peers = options.peers;
    this.#matchmaker = options.matchmaker;
    this.#drops = options.drops;
    this.#listener = options.listener;
    this.#writers = options.writers;
    this.#letGoOfSilent = options.letGoOfSilent;
  }

  announce(local: LocalReader | LocalWriter): void {
    const payload = encodeEndpointData(describeLocal(local));
    const number = this.#writers[local.kind].write(payload, { keyHash: octetsOf(local.guid) });
    this.#announced.set(local.guid, number);
  }

  withdraw({ kind, guid }: LocalReader | LocalWriter): void {
    this.#announced.delete(guid);
    this.#writers[kind].end('disposed-unregistered', octetsOf(guid), encodeEndpointKey(guid));
  }

  /** Whether a participant has acknowledged the announcement of a local endpoint. */
  isKnownTo(peer: Peer, { kind, guid }: LocalReader | LocalWriter): boolean {
    const number = this.#announced.get(guid);
    if (number === undefined) return false;
    const { readerId } = kind === 'writer' ? PUBLICATIONS : SUBSCRIPTIONS;
    const match = this.#writers[kind].matchOf(guidOf(peer.prefix, readerId));
    return match !== undefined && match.acknowledged >= number;
  }

  /** A sample of one of the builtin topics. Throws `MalformedMessage` or `MalformedCdr`. */
  receive(kind: 'reader' | 'writer', sample: Sample): void {
    const peer = this.#peers.get(prefixOf(sample.writer.guid));
    if (!peer) return;
    if (sample.change !== 'alive') {
      const guid = sample.keyHash ? hexOf(sample.keyHash, 0, GUID_BYTES) : decodeEndpointKey(sample.payload);
      const gone = guid && prefixOf(guid) === peer.prefix ? peer.endpoints.get(entityIdOf(guid)) : undefined;
      if (gone) this.#remove(gone);
      return;
    }
    const data = decodeEndpointData(sample.payload, kind);
    if (prefixOf(data.guid) !== peer.prefix) {
      this.#drops.count('endpoint-prefix');
      return;
    }
    const { guid, topicName, typeName, qos, userData, keyed } = data;
    const remote: RemoteEndpoint = { guid, kind, topicName, typeName, qos, userData, keyed, vendorId: peer.vendorId };
    const entityId = entityIdOf(guid);
    const sizeBytes = sample.payload.length;
    const endpoint = { peer, entityId, data, remote, sizeBytes, destination: peer.destinationOf(data.unicast) };
    const known = peer.endpoints.get(entityId);
    while (!this.#hasRoom(peer, known, sizeBytes)) {
      if (this.#letGoOfSilent()) continue;
      this.#drops.count('endpoints-full');
      return;
    }
    this.#endpointBytes += sizeBytes - (known?.sizeBytes ?? 0);
    if (!known) this.#endpointCount += 1;
    peer.endpoints.set(entityId, endpoint);
    if (!known) {
      this.#drops.guard(() => this.#listener.endpointAppeared?.(remote));
      this.#matchmaker.addRemote(endpoint);
      peer.forgetEarly(entityId);
    } else if (!isSame(known.remote, remote)) {
      this.#drops.guard(() => this.#listener.endpointChanged?.(remote));
      this.#matchmaker.replaceRemote(known, endpoint);
    } else this.#matchmaker.replaceRemote(known, endpoint);
  }

  /** Its participant is gone, and with it all its endpoints. */
  forget(peer: Peer): void {
    for (const endpoint of peer.endpoints.values()) this.#remove(endpoint);
  }

  #hasRoom(peer: Peer, known: DiscoveredEndpoint | undefined, sizeBytes: number): boolean {
    if (this.#endpointBytes + sizeBytes - (known?.sizeBytes ?? 0) > MAX_ENDPOINT_BYTES) return false;
    return known !== undefined || (peer.endpoints.size < MAX_ENDPOINTS_PER_PEER && this.#endpointCount < MAX_ENDPOINTS);
  }

  #remove(endpoint: DiscoveredEndpoint): void {
    endpoint.peer.endpoints.delete(endpoint.entityId);
    this.#endpointCount -= 1;
    this.#endpointBytes -= endpoint.sizeBytes;
    this.#matchmaker.removeRemote(endpoint);
    this.#drops.guard(() => this.#listener.endpointLost?.(endpoint.remote));
  }
}

/** Infinite durations compare equal in JSON, where they are all null. */
function isSame(a: RemoteEndpoint, b: RemoteEndpoint): boolean {
  const text = ({ userData, ...rest }: RemoteEndpoint) => JSON.stringify([rest, hexOf(userData, 0, userData.length)]);
  return text(a) === text(b);
}
