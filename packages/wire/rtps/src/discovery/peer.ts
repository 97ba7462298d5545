import type { NetworkInterface, SocketAddress } from '@medkit/edges';
import type { GuidPrefix } from '../model/guid.ts';
import type { RemoteEndpoint, RemoteParticipant } from '../model/remote.ts';
import type { WriterMatch } from '../reader/writer-match.ts';
import { isOnLink } from '../transport/ipv4.ts';
import type { Destination } from '../transport/outbox.ts';
import { chooseTargets, isLocalHost, mayReach, type Reachability, reachableTargets } from '../transport/route.ts';
import { octetsOf } from '../wire/guid-octets.ts';
import { vendorName } from '../wire/protocol.ts';
import type { HeartbeatSubmessage, Message } from '../wire/submessages.ts';
import type { LocalWriter } from '../writer/local-writer.ts';
import type { ReaderMatch } from '../writer/reader-match.ts';
import { AddressValidation, UNVALIDATED_LEASE_MS } from './address-validation.ts';
import { MAX_LOCATORS, type ParticipantData } from './participant-data.ts';

/** Maximum stored heartbeats per participant from writers whose announcement has not arrived yet. */
const MAX_EARLY_HEARTBEATS = 64;

/** Maximum locator lists whose targets are updated when the route changes. A participant has one or two. */
const MAX_ROUTES = 64;

/**
 * Share of the lease, and maximum time, without an announcement from the address in use. After that, another source
 * address of the participant is used. Cyclone DDS announces itself every 80 % of its lease.
 */
const ROUTE_STALE_OF_LEASE = 0.9;
const MAX_ROUTE_STALE_MS = 9000;

/**
 * Time without an answer from the address in use, after which every address is used until one answers. On a busy
 * machine the first heartbeats are answered late; duplicate datagrams are harmless.
 */
const UNANSWERED_MS = 200;

/**
 * Time without an answer at any address, after which the participant is assumed not to receive, or its answers to be
 * lost.
 */
const DEAF_MS = 1000;

/** If a participant sends from another address and not from the one in use for this long, the other one is used. */
const OTHER_ADDRESS_MS = 500;

/** A destination whose targets change with the known route to the participant. */
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
    return this.#peer.addressValidation.admits(datagrams, bytes);
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

/** A remote endpoint and its destination. */
export interface DiscoveredEndpoint {
  readonly peer: Peer;
  readonly entityId: number;
  readonly remote: RemoteEndpoint;
  readonly expectsInlineQos: boolean;
  /** Size of its announcement, 0 for a builtin endpoint. */
  readonly sizeBytes: number;
  readonly destination: Destination;
}

interface PeerOptions {
  /** Called if the participant has not answered for long although every address was tried. */
  readonly unanswered: (peer: Peer) => void;
  readonly network: Reachability;
  readonly data: ParticipantData;
  readonly vendor: number;
  /** Size in octets of the datagram that announced it. */
  readonly announcementBytes: number;
  /** Source address of that datagram. */
  readonly address: string;
  readonly nowMs: number;
}

/** State of one remote participant. */
export class Peer {
  readonly prefix: GuidPrefix;
  readonly prefixOctets: Uint8Array;
  readonly vendorId: string;
  readonly addressValidation: AddressValidation;
  readonly metatraffic: Destination & { readonly candidates: readonly SocketAddress[] };
  readonly user: Destination;
  data: ParticipantData;
  /** Last sign of life, monotonic milliseconds. */
  lastReceivedMs: number;
  /** Last assertion by ParticipantMessage, monotonic milliseconds. */
  assertedMs: number;
  /** Last announcement sent to this participant alone, monotonic milliseconds. */
  answeredMs = Number.NEGATIVE_INFINITY;
  /**
   * The participant was known earlier and its lease expired. Its writers may take a new request for a continuation of
   * the former session.
   */
  wasSilent = false;
  /** The participant announces itself by unicast, so our announcements must be sent to it by unicast too. */
  announcesByUnicast = false;
  /** Local readers matched with its writers, by the writer's entity id. The arrays are replaced, never modified. */
  readonly writerMatches = new Map<number, readonly WriterMatch[]>();
  /** Local writers matched with its readers, by the reader's entity id. */
  readonly readerMatches = new Map<number, Map<LocalWriter, ReaderMatch>>();
  readonly endpoints = new Map<number, DiscoveredEndpoint>();
  /** The octets from which `data` was decoded. */
  announcement: Uint8Array = new Uint8Array(0);
  /** Total size of its endpoint announcements. */
  endpointBytes = 0;
  /** Source address of its first announcement, to which its share of the tables is charged. */
  readonly source: string;
  readonly #earlyHeartbeats = new Map<number, HeartbeatSubmessage>();
  readonly #network: Reachability;
  readonly #unanswered: (peer: Peer) => void;
  readonly #routes: Route[] = [];
  /** Whether it ran on this machine when it was discovered. */
  readonly #isLocalHost: boolean;
  #address: string;
  #addressReceivedMs: number;
  /** Source address of its last announcement. */
  #announcedFrom: string;
  /** Time of the first heartbeat that it has not answered since, monotonic milliseconds. */
  #remindedMs = Number.POSITIVE_INFINITY;
  /** Arrival of its last message addressed to us, monotonic milliseconds. */
  answeredUsMs = Number.NEGATIVE_INFINITY;
  /** Whether every address is used until one answers. */
  #isWide = false;
  /** It may send to an address that this machine has lost, or whose link is down. It must discover us again. */
  sendsToLostAddress = false;
  /** When we last disposed ourselves to it for that reason, monotonic milliseconds. */
  goodbyeSentMs = Number.NEGATIVE_INFINITY;

  constructor({ unanswered, network, data, vendor, announcementBytes, address, nowMs }: PeerOptions) {
    this.prefix = data.guidPrefix;
    this.prefixOctets = octetsOf(data.guidPrefix);
    this.vendorId = vendorName(vendor);
    this.data = data;
    this.lastReceivedMs = nowMs;
    this.assertedMs = nowMs;
    this.#network = network;
    this.#unanswered = unanswered;
    this.source = address;
    this.#address = address;
    this.#announcedFrom = address;
    this.#addressReceivedMs = nowMs;
    this.#isLocalHost = isLocalHost(network, address);
    this.addressValidation = new AddressValidation(addressesOf(data), announcementBytes);
    this.metatraffic = this.#route(data.metatrafficUnicast);
    this.user = this.#route(data.defaultUnicast);
  }

  /** The address in use. */
  get address(): string {
    return this.#address;
  }

  /** Effective lease duration. */
  get leaseMs(): number {
    return this.addressValidation.isValidated ? this.data.leaseMs : Math.min(this.data.leaseMs, UNVALIDATED_LEASE_MS);
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

  /**
   * Returns the destination for an endpoint's own locators, or the participant's if it has none. Endpoints with equal
   * locators share a destination.
   */
  destinationOf(unicast: readonly SocketAddress[]): Destination {
    if (unicast.length === 0) return this.user;
    const wanted = keyOf(unicast);
    return this.#routes.find(({ key }) => key === wanted) ?? this.#route(unicast);
  }

  /** Records an announcement from `address`. */
  receivedFrom(address: string, nowMs: number): void {
    this.#announcedFrom = address;
    if (address !== this.#address) {
      const staleMs = Math.min(MAX_ROUTE_STALE_MS, this.data.leaseMs * ROUTE_STALE_OF_LEASE);
      if (nowMs - this.#addressReceivedMs < staleMs) return;
      this.#address = address;
      this.#chooseAll();
    }
    this.#addressReceivedMs = nowMs;
  }

  /**
   * Records a message addressed to us from `address`. `isDirect` is false if the message does not confirm the return
   * route.
   */
  answeredFrom(address: string, isDirect: boolean, nowMs: number): void {
    this.#remindedMs = Number.POSITIVE_INFINITY;
    this.answeredUsMs = nowMs;
    if (isDirect && this.#isMultihomed) this.#answeredFrom(address, nowMs);
    if (this.addressValidation.isValidated) return;
    this.addressValidation.answered(address, isLocalHost(this.#network, address));
    if (this.addressValidation.isValidated) this.ask();
  }

  #answeredFrom(address: string, nowMs: number): void {
    const isOther = address !== this.#address;
    if (isOther && !this.#isWide && nowMs - this.#addressReceivedMs < OTHER_ADDRESS_MS) return;
    this.#addressReceivedMs = nowMs;
    if (!isOther && !this.#isWide) return;
    this.#address = address;
    this.#isWide = false;
    this.#chooseAll();
  }

  /** Called when a heartbeat asks a reader of this participant for an outstanding acknowledgement. */
  reminded(nowMs: number): void {
    if (this.#remindedMs > nowMs) this.#remindedMs = nowMs;
    else if (!this.#isWide && nowMs - this.#remindedMs >= UNANSWERED_MS) {
      this.#isWide = true;
      this.#chooseAll();
    } else if (nowMs - this.#remindedMs >= DEAF_MS && nowMs - this.goodbyeSentMs >= DEAF_MS) this.#unanswered(this);
  }

  /** Recomputes the routes after the interfaces of this machine changed. */
  networkChanged(): void {
    this.#isWide = false;
    this.#remindedMs = Number.POSITIVE_INFINITY;
    this.#chooseAll();
  }

  /**
   * Returns whether this participant may send to an address in one of the lost networks. It may if one of its addresses
   * is in a lost network, or none is in a network still in use.
   */
  mayUse(lost: readonly NetworkInterface[]): boolean {
    const addresses = [this.#address, ...this.data.metatrafficUnicast.map(({ address }) => address)];
    const isIn = (network: NetworkInterface): boolean => addresses.some((address) => isOnLink(address, network));
    return lost.some(isIn) || !this.#network.chosen.some(isIn);
  }

  /** Returns whether it announces an address in the network. */
  isIn(network: NetworkInterface): boolean {
    return this.data.metatrafficUnicast.some(({ address }) => isOnLink(address, network));
  }

  /** Uses the next of its addresses until it answers from one. */
  useOther(): void {
    const addresses = this.data.metatrafficUnicast.map(({ address }) => address);
    const next = addresses[(addresses.indexOf(this.#address) + 1) % addresses.length];
    if (next !== undefined) this.#address = next;
  }

  /** The participant receives a dispose and discovers us again, so its former acknowledgements no longer count. */
  forgetsUs(): void {
    for (const writers of this.readerMatches.values()) {
      for (const [writer, match] of writers) writer.forgottenBy(match);
    }
    this.ask();
  }

  /**
   * Applies a changed announcement. If the locators changed, the participant must confirm again that it receives there.
   */
  moveTo(data: ParticipantData, { bytes, from: { address }, monotonicMs }: Message): void {
    const { metatrafficUnicast, defaultUnicast } = this.data;
    this.data = data;
    for (const route of this.#routes) {
      if (route === this.metatraffic) route.moveTo(data.metatrafficUnicast);
      else if (route === this.user) route.moveTo(data.defaultUnicast);
    }
    const isSame = (before: readonly SocketAddress[], now: readonly SocketAddress[]) => keyOf(before) === keyOf(now);
    if (isSame(metatrafficUnicast, data.metatrafficUnicast) && isSame(defaultUnicast, data.defaultUnicast)) return;
    this.addressValidation.restart(addressesOf(data), bytes.length);
    this.#address = address;
    this.#addressReceivedMs = monotonicMs;
    this.networkChanged();
  }

  /**
   * Repeats the initial request to its writers that have not answered. They may have been asked before they listened.
   */
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

  /** Stores the latest heartbeat of an unknown writer, to be replayed when the writer is announced. */
  keepEarly(heartbeat: HeartbeatSubmessage): void {
    const early = this.#earlyHeartbeats;
    early.delete(heartbeat.writerId);
    early.set(heartbeat.writerId, { ...heartbeat });
    if (early.size > MAX_EARLY_HEARTBEATS) for (const oldest of early.keys()) return void early.delete(oldest);
  }

  /** Drops the stored heartbeat once the writer is announced. */
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

  /** Whether there is a choice of routes: several locators, or announcements from an address that is not a locator. */
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

  /**
   * Returns every locator, plus the same ports at the source address of its announcements, because its address may have
   * changed.
   */
  #everyTarget(candidates: readonly SocketAddress[]): readonly SocketAddress[] {
    const network = this.#network;
    const addresses = this.#isLocalHost ? network.chosen.map(({ address }) => address) : [this.#announcedFrom];
    const guessed = addresses.flatMap((address) => candidates.map(({ port }) => ({ address, port })));
    const targets = new Map<string, SocketAddress>();
    for (const target of [...reachableTargets(network, candidates, this.#address), ...guessed]) {
      if (mayReach(network, target.address) && targets.size < MAX_LOCATORS) targets.set(keyOf([target]), target);
    }
    return [...targets.values()];
  }
}

const addressesOf = ({ metatrafficUnicast }: ParticipantData): ReadonlySet<string> =>
  new Set(metatrafficUnicast.map(({ address }) => address));
