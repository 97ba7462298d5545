import type { SocketAddress } from '@medkit/edges';
import type { GuidPrefix } from '../model/guid.ts';
import type { RemoteEndpoint, RemoteParticipant } from '../model/remote.ts';
import type { WriterMatch } from '../reader/writer-match.ts';
import type { Destination } from '../transport/outbox.ts';
import { chooseTargets, isOwnHost, type Reachability } from '../transport/route.ts';
import { octetsOf } from '../wire/guid-octets.ts';
import { vendorName } from '../wire/protocol.ts';
import type { HeartbeatSubmessage } from '../wire/submessages.ts';
import type { LocalWriter } from '../writer/local-writer.ts';
import type { ReaderMatch } from '../writer/reader-match.ts';
import { Acquaintance, STRANGER_LEASE_MS } from './acquaintance.ts';
import type { ParticipantData } from './participant-data.ts';

/** Heartbeats of writers whose announcement has not arrived yet, per participant. */
const MAX_EARLY_HEARTBEATS = 64;

/** Lists of locators that are kept and follow the way; a participant has one or two. */
const MAX_ROUTES = 64;

/**
 * Without an announcement from the address in use for this share of the lease, and so long at most, another one it
 * announces from is taken. Cyclone DDS announces itself every 80 % of its lease.
 */
const ROUTE_STALE_OF_LEASE = 0.9;
const MAX_ROUTE_STALE_MS = 9000;

/** A destination whose targets follow what is learnt of the way. */
class Route implements Destination {
  readonly prefix: Uint8Array;
  readonly key: string;
  readonly candidates: readonly SocketAddress[];
  targets: readonly SocketAddress[] = [];
  readonly #acquaintance: Acquaintance;

  constructor(prefix: Uint8Array, candidates: readonly SocketAddress[], acquaintance: Acquaintance) {
    this.prefix = prefix;
    this.#acquaintance = acquaintance;
    this.candidates = candidates;
    this.key = keyOf(candidates);
  }

  admits(datagrams: number): boolean {
    return this.#acquaintance.admits(datagrams);
  }
}

const keyOf = (candidates: readonly SocketAddress[]): string =>
  candidates.map(({ address, port }) => `${address}:${port}`).join();

/** A remote endpoint with where it is. */
export interface DiscoveredEndpoint {
  readonly peer: Peer;
  readonly entityId: number;
  readonly remote: RemoteEndpoint;
  readonly expectsInlineQos: boolean;
  /** Of its announcement; 0 for a builtin one. */
  readonly sizeBytes: number;
  readonly destination: Destination;
}

/** Everything known about one remote participant. */
export class Peer {
  readonly prefix: GuidPrefix;
  readonly prefixOctets: Uint8Array;
  readonly vendorId: string;
  readonly acquaintance: Acquaintance;
  readonly metatraffic: Destination;
  readonly user: Destination;
  data: ParticipantData;
  /** Any sign of life, monotonic milliseconds. */
  heardMs: number;
  /** Its last assertion by ParticipantMessage, monotonic milliseconds. */
  assertedMs: number;
  /** When we announced ourselves to it alone, monotonic milliseconds. */
  answeredMs = Number.NEGATIVE_INFINITY;
  /** It was here before and went silent: its writers may take what we ask now for the middle of what we asked then. */
  wasSilent = false;
  /** Its announcements come by unicast, so ours must go to it by unicast as well. */
  announcesByUnicast = false;
  /** Local readers matched with its writers, by the writer's entity id. The arrays are replaced, never changed. */
  readonly writerMatches = new Map<number, readonly WriterMatch[]>();
  /** Local writers matched with its readers, by the reader's entity id. */
  readonly readerMatches = new Map<number, Map<LocalWriter, ReaderMatch>>();
  readonly endpoints = new Map<number, DiscoveredEndpoint>();
  /** The octets that `data` was read from. */
  announcement: Uint8Array = new Uint8Array(0);
  /** What their announcements take together. */
  endpointBytes = 0;
  readonly #earlyHeartbeats = new Map<number, HeartbeatSubmessage>();
  readonly #network: Reachability;
  readonly #routes: Route[] = [];
  #address: string;
  #addressHeardMs: number;

  constructor(network: Reachability, data: ParticipantData, vendor: number, address: string, nowMs: number) {
    this.prefix = data.guidPrefix;
    this.prefixOctets = octetsOf(data.guidPrefix);
    this.vendorId = vendorName(vendor);
    this.data = data;
    this.heardMs = nowMs;
    this.assertedMs = nowMs;
    this.#network = network;
    this.#address = address;
    this.#addressHeardMs = nowMs;
    this.acquaintance = new Acquaintance(new Set(data.metatrafficUnicast.map(({ address }) => address)));
    this.metatraffic = this.#route(data.metatrafficUnicast);
    this.user = this.#route(data.defaultUnicast);
  }

  /** How long it counts without a sign of life. */
  get leaseMs(): number {
    return this.acquaintance.isMade ? this.data.leaseMs : Math.min(this.data.leaseMs, STRANGER_LEASE_MS);
  }

  get info(): RemoteParticipant {
    const { version, name, userData, properties, leaseMs, secure } = this.data;
    return {
      guidPrefix: this.prefix,
      vendorId: this.vendorId,
      version,
      name,
      userData,
      properties,
      leaseMs,
      address: this.#address,
      secure,
    };
  }

  /** Where an endpoint is: at its own locators, or the participant's. Endpoints with the same ones share it. */
  destinationOf(unicast: readonly SocketAddress[]): Destination {
    if (unicast.length === 0) return this.user;
    const wanted = keyOf(unicast);
    return this.#routes.find(({ key }) => key === wanted) ?? this.#route(unicast);
  }

  /** An announcement came from `address`. */
  heardFrom(address: string, nowMs: number): void {
    if (address !== this.#address) {
      const staleMs = Math.min(MAX_ROUTE_STALE_MS, this.data.leaseMs * ROUTE_STALE_OF_LEASE);
      if (nowMs - this.#addressHeardMs < staleMs) return;
      this.#address = address;
      for (const route of this.#routes) this.#choose(route);
    }
    this.#addressHeardMs = nowMs;
  }

  /** Something that is addressed to us came from `address`. */
  answeredFrom(address: string): void {
    if (this.acquaintance.isMade) return;
    this.acquaintance.answered(address, isOwnHost(this.#network, address));
    if (this.acquaintance.isMade) this.ask();
  }

  /** Asks those of its writers that have not answered yet at once: they may have been asked while it heard nothing. */
  ask(): void {
    for (const matches of this.writerMatches.values()) for (const match of matches) match.ask();
  }

  addWriterMatch(writerId: number, match: WriterMatch): void {
    this.writerMatches.set(writerId, [...(this.writerMatches.get(writerId) ?? []), match]);
  }

  removeWriterMatch(writerId: number, match: WriterMatch): void {
    const left = this.writerMatches.get(writerId)?.filter((each) => each !== match) ?? [];
    if (left.length > 0) this.writerMatches.set(writerId, left);
    else this.writerMatches.delete(writerId);
  }

  addReaderMatch(match: ReaderMatch, writer: LocalWriter): void {
    const writers = this.readerMatches.get(match.readerId) ?? new Map<LocalWriter, ReaderMatch>();
    this.readerMatches.set(match.readerId, writers.set(writer, match));
  }

  removeReaderMatch(match: ReaderMatch, writer: LocalWriter): void {
    const writers = this.readerMatches.get(match.readerId);
    writers?.delete(writer);
    if (writers?.size === 0) this.readerMatches.delete(match.readerId);
  }

  /** Keeps the latest heartbeat of a writer that is not known yet, to be replayed when it is. */
  keepEarly(heartbeat: HeartbeatSubmessage): void {
    const early = this.#earlyHeartbeats;
    early.delete(heartbeat.writerId);
    early.set(heartbeat.writerId, { ...heartbeat });
    if (early.size > MAX_EARLY_HEARTBEATS) for (const oldest of early.keys()) return void early.delete(oldest);
  }

  /** The writer is known now: what was kept has served, or nobody wanted it. */
  forgetEarly(writerId: number): void {
    this.#earlyHeartbeats.delete(writerId);
  }

  earlyHeartbeat(writerId: number): HeartbeatSubmessage | undefined {
    return this.#earlyHeartbeats.get(writerId);
  }

  #route(candidates: readonly SocketAddress[]): Route {
    const route = new Route(this.prefixOctets, candidates, this.acquaintance);
    if (this.#routes.length < MAX_ROUTES) this.#routes.push(route);
    this.#choose(route);
    return route;
  }

  #choose(route: Route): void {
    route.targets = chooseTargets(this.#network, route.candidates, this.#address);
  }
}
