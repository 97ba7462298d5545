import type { NetworkInterface, SocketAddress } from '@medkit/edges';
import type { GuidPrefix } from '../model/guid.ts';
import type { RemoteEndpoint, RemoteParticipant } from '../model/remote.ts';
import type { WriterMatch } from '../reader/writer-match.ts';
import { isOnLink } from '../transport/ipv4.ts';
import type { Destination } from '../transport/outbox.ts';
import { chooseTargets, isOwnHost, mayReach, type Reachability, reachableTargets } from '../transport/route.ts';
import { octetsOf } from '../wire/guid-octets.ts';
import { vendorName } from '../wire/protocol.ts';
import type { HeartbeatSubmessage, Message } from '../wire/submessages.ts';
import type { LocalWriter } from '../writer/local-writer.ts';
import type { ReaderMatch } from '../writer/reader-match.ts';
import { Acquaintance, STRANGER_LEASE_MS } from './acquaintance.ts';
import { MAX_LOCATORS, type ParticipantData } from './participant-data.ts';

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

/**
 * Without an answer from the address in use for so long, every address of the participant is used until one answers. On a
 * busy machine the first reminders are answered late, and two datagrams for one do no harm.
 */
const UNANSWERED_MS = 200;

/** A participant that was reminded for so long at every address does not hear, or its answers go astray. */
const DEAF_MS = 1000;

/** A participant that sends to us from another address than the one in use, and not from that one for so long, moved. */
const OTHER_ADDRESS_MS = 500;

/** A destination whose targets follow what is learnt of the way. */
class Route implements Destination {
  readonly prefix: Uint8Array;
  key: string;
  candidates: readonly SocketAddress[];
  targets: readonly SocketAddress[] = [];
  readonly #peer: Peer;

  constructor(peer: Peer, candidates: readonly SocketAddress[]) {
    this.prefix = peer.prefixOctets;
    this.#peer = peer;
    this.candidates = candidates;
    this.key = keyOf(candidates);
  }

  admits(datagrams: number, bytes: number): boolean {
    return this.#peer.acquaintance.admits(datagrams, bytes);
  }

  reminded(nowMs: number): void {
    this.#peer.reminded(nowMs);
  }

  moveTo(candidates: readonly SocketAddress[]): void {
    this.candidates = candidates;
    this.key = keyOf(candidates);
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

interface PeerOptions {
  /** Called when it has not answered for long, though it was sent to at every address. */
  readonly unanswered: (peer: Peer) => void;
  readonly network: Reachability;
  readonly data: ParticipantData;
  readonly vendor: number;
  /** Octets of the datagram that announced it. */
  readonly announcementBytes: number;
  /** Where that came from. */
  readonly address: string;
  readonly nowMs: number;
}

/** Everything known about one remote participant. */
export class Peer {
  readonly prefix: GuidPrefix;
  readonly prefixOctets: Uint8Array;
  readonly vendorId: string;
  readonly acquaintance: Acquaintance;
  readonly metatraffic: Destination & { readonly candidates: readonly SocketAddress[] };
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
  /** Network address that its first announcement came from: the owner of the room that it takes. */
  readonly source: string;
  readonly #earlyHeartbeats = new Map<number, HeartbeatSubmessage>();
  readonly #network: Reachability;
  readonly #unanswered: (peer: Peer) => void;
  readonly #routes: Route[] = [];
  /** It ran on this machine when it was found. */
  readonly #isOwnHost: boolean;
  #address: string;
  #addressHeardMs: number;
  /** Where its last announcement came from. */
  #announcedFrom: string;
  /** When it was first reminded of what it has not answered since, monotonic milliseconds. */
  #remindedMs = Number.POSITIVE_INFINITY;
  /** When something last came that is addressed to us, monotonic milliseconds. */
  answeredUsMs = Number.NEGATIVE_INFINITY;
  /** Every address is used until one answers. */
  #isWide = false;
  /** It may send to an address that this machine no longer has, or whose link is down: it has to find us anew. */
  sendsElsewhere = false;
  /** When this participant sent it a goodbye because of that, monotonic milliseconds. */
  toldGoodbyeMs = Number.NEGATIVE_INFINITY;

  constructor({ unanswered, network, data, vendor, announcementBytes, address, nowMs }: PeerOptions) {
    this.prefix = data.guidPrefix;
    this.prefixOctets = octetsOf(data.guidPrefix);
    this.vendorId = vendorName(vendor);
    this.data = data;
    this.heardMs = nowMs;
    this.assertedMs = nowMs;
    this.#network = network;
    this.#unanswered = unanswered;
    this.source = address;
    this.#address = address;
    this.#announcedFrom = address;
    this.#addressHeardMs = nowMs;
    this.#isOwnHost = isOwnHost(network, address);
    this.acquaintance = new Acquaintance(addressesOf(data), announcementBytes);
    this.metatraffic = this.#route(data.metatrafficUnicast);
    this.user = this.#route(data.defaultUnicast);
  }

  /** The address in use. */
  get address(): string {
    return this.#address;
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
    this.#announcedFrom = address;
    if (address !== this.#address) {
      const staleMs = Math.min(MAX_ROUTE_STALE_MS, this.data.leaseMs * ROUTE_STALE_OF_LEASE);
      if (nowMs - this.#addressHeardMs < staleMs) return;
      this.#address = address;
      this.#chooseAll();
    }
    this.#addressHeardMs = nowMs;
  }

  /** Something that is addressed to us came from `address`; `isDirect` is false if it says nothing of the way back. */
  answeredFrom(address: string, isDirect: boolean, nowMs: number): void {
    this.#remindedMs = Number.POSITIVE_INFINITY;
    this.answeredUsMs = nowMs;
    if (isDirect && this.#isMultihomed) this.#answeredFrom(address, nowMs);
    if (this.acquaintance.isMade) return;
    this.acquaintance.answered(address, isOwnHost(this.#network, address));
    if (this.acquaintance.isMade) this.ask();
  }

  #answeredFrom(address: string, nowMs: number): void {
    const isOther = address !== this.#address;
    if (isOther && !this.#isWide && nowMs - this.#addressHeardMs < OTHER_ADDRESS_MS) return;
    this.#addressHeardMs = nowMs;
    if (!isOther && !this.#isWide) return;
    this.#address = address;
    this.#isWide = false;
    this.#chooseAll();
  }

  /** A reader of this participant is reminded of what it has not acknowledged. */
  reminded(nowMs: number): void {
    if (this.#remindedMs > nowMs) this.#remindedMs = nowMs;
    else if (!this.#isWide && nowMs - this.#remindedMs >= UNANSWERED_MS) {
      this.#isWide = true;
      this.#chooseAll();
    } else if (nowMs - this.#remindedMs >= DEAF_MS && nowMs - this.toldGoodbyeMs >= DEAF_MS) this.#unanswered(this);
  }

  /** The interfaces of this machine changed. */
  networkChanged(): void {
    this.#isWide = false;
    this.#remindedMs = Number.POSITIVE_INFINITY;
    this.#chooseAll();
  }

  /**
   * Whether this participant may send to an address in one of the networks that were lost: it is in one of these, or in none
   * that we still use.
   */
  mayUse(lost: readonly NetworkInterface[]): boolean {
    const addresses = [this.#address, ...this.data.metatrafficUnicast.map(({ address }) => address)];
    const isIn = (network: NetworkInterface): boolean => addresses.some((address) => isOnLink(address, network));
    return lost.some(isIn) || !this.#network.chosen.some(isIn);
  }

  /** Whether it names an address in a network. */
  isIn(network: NetworkInterface): boolean {
    return this.data.metatrafficUnicast.some(({ address }) => isOnLink(address, network));
  }

  /** Counts the next of its addresses as the one in use, until it answers from one. */
  useOther(): void {
    const addresses = this.data.metatrafficUnicast.map(({ address }) => address);
    const next = addresses[(addresses.indexOf(this.#address) + 1) % addresses.length];
    if (next !== undefined) this.#address = next;
  }

  /** It receives a goodbye and discovers us anew: what its readers acknowledged no longer counts. */
  forgetsUs(): void {
    for (const writers of this.readerMatches.values()) {
      for (const [writer, match] of writers) writer.forgottenBy(match);
    }
    this.ask();
  }

  /** It announced something else. With other locators it has to show again that it hears us there. */
  moveTo(data: ParticipantData, { bytes, from: { address }, monotonicMs }: Message): void {
    const { metatrafficUnicast, defaultUnicast } = this.data;
    this.data = data;
    for (const route of this.#routes) {
      if (route === this.metatraffic) route.moveTo(data.metatrafficUnicast);
      else if (route === this.user) route.moveTo(data.defaultUnicast);
    }
    const isSame = (before: readonly SocketAddress[], now: readonly SocketAddress[]) => keyOf(before) === keyOf(now);
    if (isSame(metatrafficUnicast, data.metatrafficUnicast) && isSame(defaultUnicast, data.defaultUnicast)) return;
    this.acquaintance.restart(addressesOf(data), bytes.length);
    this.#address = address;
    this.#addressHeardMs = monotonicMs;
    this.networkChanged();
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
    const route = new Route(this, candidates);
    if (this.#routes.length < MAX_ROUTES) this.#routes.push(route);
    this.#choose(route);
    return route;
  }

  /** Whether there is a choice of ways: more than one locator, or announcements from an address that it does not name. */
  get #isMultihomed(): boolean {
    return this.#isWide || this.metatraffic.candidates.length > 1 || this.#announcedFrom !== this.#address;
  }

  #chooseAll(): void {
    for (const route of this.#routes) this.#choose(route);
  }

  #choose(route: Route): void {
    const { candidates } = route;
    route.targets = this.#isWide
      ? this.#everyTarget(candidates)
      : chooseTargets(this.#network, candidates, this.#address);
  }

  /** Every locator, and the same ports where it announces itself from: its machine may have another address meanwhile. */
  #everyTarget(candidates: readonly SocketAddress[]): readonly SocketAddress[] {
    const network = this.#network;
    const elsewhere = this.#isOwnHost ? network.chosen.map(({ address }) => address) : [this.#announcedFrom];
    const guessed = elsewhere.flatMap((address) => candidates.map(({ port }) => ({ address, port })));
    const targets = new Map<string, SocketAddress>();
    for (const target of [...reachableTargets(network, candidates, this.#address), ...guessed]) {
      if (mayReach(network, target.address) && targets.size < MAX_LOCATORS) targets.set(keyOf([target]), target);
    }
    return [...targets.values()];
  }
}

const addressesOf = ({ metatrafficUnicast }: ParticipantData): ReadonlySet<string> =>
  new Set(metatrafficUnicast.map(({ address }) => address));
