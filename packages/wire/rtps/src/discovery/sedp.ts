import type { QuotaFigures } from '@medkit/edges';
import type { Agenda } from '../agenda.ts';
import type { Drops } from '../drops.ts';
import type { ParticipantListener } from '../model/api.ts';
import { type Guid, prefixOf } from '../model/guid.ts';
import type { RemoteEndpoint } from '../model/remote.ts';
import type { Sample } from '../model/sample.ts';
import type { LocalReader } from '../reader/local-reader.ts';
import { entityIdOf, GUID_BYTES, guidOf, hexOf, octetsOf } from '../wire/guid-octets.ts';
import { describeLocal } from '../writer/local-links.ts';
import type { LocalWriter } from '../writer/local-writer.ts';
import type { ReaderMatch } from '../writer/reader-match.ts';
import { PUBLICATIONS, SUBSCRIPTIONS } from './builtin.ts';
import { EndpointBudget, type Growth } from './endpoint-budget.ts';
import { decodeEndpointData, decodeEndpointKey, encodeEndpointData, encodeEndpointKey } from './endpoint-data.ts';
import { EndpointKinds } from './endpoint-kinds.ts';
import type { DiscoveredEndpoint, Peer } from './peer.ts';
import type { PeerTable } from './peer-table.ts';
import { RefusedAnnouncements } from './refused-announcements.ts';
import { SuspectEndpoints } from './suspect-endpoints.ts';

/** Receives the endpoints that remote participants announce. */
interface RemoteEndpoints {
  addRemote(endpoint: DiscoveredEndpoint): void;
  removeRemote(endpoint: DiscoveredEndpoint): void;
  /** Applies a changed announcement of an endpoint. */
  replaceRemote(before: DiscoveredEndpoint, after: DiscoveredEndpoint): void;
}

/** Simple Endpoint Discovery Protocol (RTPS 2.5, 8.5.4): announces local endpoints and tracks remote ones. */
export class Sedp {
  readonly #peers: PeerTable;
  readonly #matchmaker: RemoteEndpoints;
  readonly #drops: Drops;
  readonly #listener: ParticipantListener;
  readonly #writers: Readonly<Record<'reader' | 'writer', LocalWriter>>;
  readonly #letGoOfSilent: () => boolean;
  /** Sequence number of each local endpoint's announcement. */
  readonly #announced = new Map<Guid, number>();
  /** Local endpoints with an `onKnownTo` or `onAnswered` callback. */
  readonly #listening = new Set<LocalReader | LocalWriter>();
  readonly #room = new EndpointBudget();
  readonly #kinds = new EndpointKinds();
  readonly #refused: RefusedAnnouncements;
  readonly #suspects: SuspectEndpoints;

  constructor(options: {
    readonly agenda: Agenda;
    readonly peers: PeerTable;
    readonly matchmaker: RemoteEndpoints;
    readonly drops: Drops;
    readonly listener: ParticipantListener;
    /** The builtin writers that announce local readers and local writers. */
    readonly writers: Readonly<Record<'reader' | 'writer', LocalWriter>>;
    /** Removes a participant that is presumably dead, to make room. Returns false if there is none. */
    readonly letGoOfSilent: () => boolean;
  }) {
    this.#peers = options.peers;
    this.#matchmaker = options.matchmaker;
    this.#drops = options.drops;
    this.#listener = options.listener;
    this.#writers = options.writers;
    this.#letGoOfSilent = options.letGoOfSilent;
    this.#refused = new RefusedAnnouncements({
      agenda: options.agenda,
      room: this.#room,
      letGoOfSilent: options.letGoOfSilent,
      askAgain,
    });
    this.#suspects = new SuspectEndpoints(options.agenda, (endpoint) => this.#remove(endpoint));
  }

  announce(local: LocalReader | LocalWriter): void {
    const payload = encodeEndpointData(describeLocal(local));
    const number = this.#writers[local.kind].write(payload, { keyHash: octetsOf(local.guid) });
    this.#announced.set(local.guid, number);
    if (local.options.onKnownTo || (local.kind === 'writer' && local.options.onAnswered)) this.#listening.add(local);
  }

  withdraw(local: LocalReader | LocalWriter): void {
    const { kind, guid } = local;
    this.#announced.delete(guid);
    this.#listening.delete(local);
    this.#writers[kind].end('disposed-unregistered', octetsOf(guid), encodeEndpointKey(guid));
  }

  /** Returns whether a participant has acknowledged the announcement of a local endpoint. */
  isKnownTo(peer: Peer, { kind, guid }: LocalReader | LocalWriter): boolean {
    const number = this.#announced.get(guid);
    if (number === undefined) return false;
    const { readerId } = kind === 'writer' ? PUBLICATIONS : SUBSCRIPTIONS;
    const match = this.#writers[kind].matchOf(guidOf(peer.prefix, readerId));
    return match !== undefined && match.acknowledged >= number;
  }

  /** Called when a participant has acknowledged further announcements of one kind, beyond sequence number `before`. */
  acknowledged(kind: 'reader' | 'writer', { reader, acknowledged }: ReaderMatch, before: number): void {
    for (const local of this.#listening) {
      const number = this.#announced.get(local.guid);
      if (local.kind !== kind || number === undefined || number <= before || number > acknowledged) continue;
      const participant = prefixOf(reader.guid);
      if (local.kind === 'writer') local.knownTo(participant);
      this.#drops.guard(() => local.options.onKnownTo?.(participant));
    }
  }

  /**
   * Called when a participant that had our announcements requests them from the start. It was restarted with the same
   * GUID prefix, or had lost us.
   */
  startedOver({ reader }: ReaderMatch): void {
    const peer = this.#peers.get(prefixOf(reader.guid));
    if (peer && this.#suspects.add(peer)) askAgain(peer);
  }

  /** Receives a sample of a builtin topic. Throws `MalformedMessage` or `MalformedCdr`. */
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
    const { guid, topicName, keyed, expectsInlineQos } = data;
    const { typeName, qos, userData } = this.#kinds.common(data);
    const remote: RemoteEndpoint = { guid, kind, topicName, typeName, qos, userData, keyed, vendorId: peer.vendorId };
    const entityId = entityIdOf(guid);
    this.#suspects.named(peer, entityId);
    const sizeBytes = sample.payload.length;
    const known = peer.endpoints.get(entityId);
    const growth = { endpoints: known ? 0 : 1, bytes: sizeBytes - (known?.sizeBytes ?? 0) };
    if (!this.#makeRoom(peer, growth)) {
      this.#refused.add(peer, growth.bytes);
      return;
    }
    this.#room.take(peer, growth);
    const endpoint = {
      peer,
      entityId,
      remote,
      expectsInlineQos,
      sizeBytes,
      destination: peer.destinationOf(data.unicast),
    };
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

  /** Removes all endpoints of a participant that was removed. */
  forget(peer: Peer): void {
    this.#refused.forget(peer);
    this.#suspects.forget(peer);
    for (const endpoint of peer.endpoints.values()) this.#remove(endpoint);
  }

  /** Counters of the remote endpoints. */
  figures(): QuotaFigures {
    return this.#room.quota.figures();
  }

  /** Returns whether there is room. If the table is full, removes silent participants first. */
  #makeRoom(peer: Peer, growth: Growth): boolean {
    if (!this.#room.isWithinShare(peer, growth)) {
      this.#room.quota.refuse();
      this.#drops.count('endpoints-share-full');
      return false;
    }
    while (!this.#room.has(growth)) {
      if (this.#letGoOfSilent()) continue;
      this.#drops.count('endpoints-full');
      return false;
    }
    return true;
  }

  #remove(endpoint: DiscoveredEndpoint): void {
    const { peer, entityId, sizeBytes } = endpoint;
    peer.endpoints.delete(entityId);
    this.#room.give(peer, { endpoints: 1, bytes: sizeBytes });
    this.#matchmaker.removeRemote(endpoint);
    this.#drops.guard(() => this.#listener.endpointLost?.(endpoint.remote));
  }
}

/** Requests all endpoint announcements of a participant again. */
function askAgain(peer: Peer): void {
  for (const { writerId } of [PUBLICATIONS, SUBSCRIPTIONS]) {
    for (const match of peer.writerMatches.get(writerId) ?? []) match.startOver();
  }
}

/** Compares as JSON, in which infinite durations are null and therefore equal. */
function isSame(a: RemoteEndpoint, b: RemoteEndpoint): boolean {
  const text = ({ userData, ...rest }: RemoteEndpoint) => JSON.stringify([rest, hexOf(userData, 0, userData.length)]);
  return text(a) === text(b);
}
