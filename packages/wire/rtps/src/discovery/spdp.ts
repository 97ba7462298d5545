import type { Clock, SocketAddress } from '@medkit/edges';
import type { Agenda, Alarm } from '../agenda.ts';
import type { Drops } from '../drops.ts';
import type { NotUnderstoodReason } from '../model/not-understood.ts';
import type { Destination } from '../transport/outbox.ts';
import { lastParticipantId, metatrafficPort } from '../transport/ports.ts';
import type { Reachability } from '../transport/route.ts';
import type { Arrival, Transport } from '../transport/transport.ts';
import { ENTITYID_SPDP_WRITER, ENTITYID_UNKNOWN } from '../wire/entity-ids.ts';
import { hexOf, octetsOf, PREFIX_BYTES } from '../wire/guid-octets.ts';
import { MessageWriter } from '../wire/message-writer.ts';
import type { DataSubmessage, Message } from '../wire/submessages.ts';
import { fractionOfMs } from '../wire/time.ts';
import { encodeInlineQos } from '../writer/inline-qos.ts';
import type { NotUnderstoodTable } from './not-understood-table.ts';
import {
  type Announcement,
  decodeParticipantData,
  encodeParticipantData,
  encodeParticipantKey,
} from './participant-data.ts';
import { Peer } from './peer.ts';
import type { PeerTable } from './peer-table.ts';

/**
 * Times of the first announcements. They are close together because the first may be lost, or may be sent before the
 * other side listens.
 */
const BURST_MS = [0, 100, 300, 700, 1500];
/** Announcements per lease, so that the loss of two in a row is harmless. */
const ANNOUNCEMENTS_PER_LEASE = 3;
/** One announcement arrives by several routes, and again in answer to ours. One answer is enough for all of them. */
const ANSWER_HOLDOFF_MS = 20;
/**
 * Maximum interval between lease checks. They normally run when the next lease ends, but a lease may change before.
 */
const LEASE_CHECK_MS = 500;
/** Minimum interval between lease checks. A dead participant is removed at most this long after its lease ended. */
const LEASE_PAUSE_MS = 50;
/** Silence after which a participant may be removed to make room. Both stacks announce at least every 30 s. */
const SILENT_MS = 60_000;

/**
 * Delay from a dispose to the announcement that follows it. Fast DDS reads them in two threads, from the multicast and
 * the unicast port. An announcement that overlaps the dispose leaves a participant without half of its endpoints.
 */
export const GOODBYE_MS = 200;

export interface SpdpOptions {
  readonly announcement: Announcement;
  readonly clock: Clock;
  readonly agenda: Agenda;
  readonly transport: Transport;
  readonly network: Reachability;
  readonly peers: PeerTable;
  readonly drops: Drops;
  readonly notUnderstood: NotUnderstoodTable;
  readonly initialPeers: readonly string[];
  readonly maxPeerParticipantId: number;
  readonly appeared: (peer: Peer) => void;
  /** Called if a participant has not answered for long at any of its addresses. */
  readonly unanswered: (peer: Peer) => void;
  readonly lost: (peer: Peer, reason: 'disposed' | 'lease') => void;
}

/** Simple Participant Discovery Protocol (RTPS 2.5, 8.5.3): announces this participant and tracks remote ones. */
export class Spdp {
  readonly #options: SpdpOptions;
  readonly #writer: MessageWriter;
  #announcement: Announcement;
  #payload: Uint8Array;
  /** RTPS 2.5, 8.5.3: the same change is resent until the announcement changes. */
  #sequenceNumber = 1;
  #peerAddresses: readonly string[];
  #initialTargets: readonly SocketAddress[] = [];
  #initialKeys: ReadonlySet<string> = new Set();
  /** Announcements changed: the next burst is also sent to each known participant, not to the multicast group alone. */
  #isChanged = false;
  readonly #announce: Alarm;
  readonly #checkLeases: Alarm;
  #announced = 0;

  constructor(options: SpdpOptions) {
    this.#options = options;
    this.#writer = new MessageWriter(octetsOf(options.announcement.guidPrefix));
    this.#announcement = options.announcement;
    this.#payload = encodeParticipantData(options.announcement);
    this.#peerAddresses = options.initialPeers;
    this.#aimAtPeers();
    this.#announce = options.agenda.alarm(() => this.#announceToAll());
    this.#checkLeases = options.agenda.alarm(() => this.#dropExpired());
  }

  start(): void {
    this.#announceToAll();
    this.#checkLeases.set(LEASE_CHECK_MS);
  }

  /** Disposes this participant on the network. */
  stop(): void {
    this.#announce.cancel();
    this.#checkLeases.cancel();
    this.#send(this.#goodbye(), this.#sequenceNumber + 1, true, true);
  }

  /**
   * Announces the current locators. Participants in `lost` may still send to a removed address. Neither Cyclone DDS nor
   * Fast DDS accepts new locators of a known participant. They therefore receive a dispose first and discover this one
   * again.
   */
  networkChanged(lost: readonly Peer[]): void {
    const { transport } = this.#options;
    this.#announcement = {
      ...this.#announcement,
      metatrafficUnicast: transport.metatrafficLocators,
      defaultUnicast: transport.userLocators,
    };
    this.#payload = encodeParticipantData(this.#announcement);
    this.#aimAtPeers();
    this.#compose(this.#goodbye(), this.#sequenceNumber + 1, true);
    const goodbye = this.#writer.finish();
    for (const { metatraffic } of lost) this.#sendTo(metatraffic, goodbye, metatraffic.targets);
    this.#sequenceNumber += 2;
    this.#announced = 0;
    this.#isChanged = true;
    if (lost.length > 0) this.#announce.set(GOODBYE_MS);
    else this.#announceToAll();
  }

  /**
   * Makes one participant discover this one again with only the addresses that `isGood` accepts, because what it sends
   * to the others is lost. It ignores the other addresses in later announcements, which have the same sequence number.
   */
  reintroduce(peer: Peer, isGood: (address: string) => boolean): void {
    const { metatraffic } = peer;
    const good = (locators: readonly SocketAddress[]) => locators.filter(({ address }) => isGood(address));
    const { metatrafficUnicast, defaultUnicast } = this.#announcement;
    const payload = encodeParticipantData({
      ...this.#announcement,
      metatrafficUnicast: good(metatrafficUnicast),
      defaultUnicast: good(defaultUnicast),
    });
    this.#compose(this.#goodbye(), this.#sequenceNumber + 1, true);
    this.#sendTo(metatraffic, this.#writer.finish(), metatraffic.targets);
    this.#sequenceNumber += 2;
    // The multicast group receives nothing in between: an announcement with every address must not arrive first.
    this.#announce.setAtLeast(2 * GOODBYE_MS);
    const answer = this.#options.agenda.alarm(() => {
      if (this.#options.peers.get(peer.prefix) !== peer) return;
      this.#compose(payload, this.#sequenceNumber, false);
      this.#sendTo(metatraffic, this.#writer.finish(), metatraffic.targets);
    });
    answer.set(GOODBYE_MS);
  }

  /** Replaces the addresses to which this participant announces itself by unicast. */
  setPeers(addresses: readonly string[]): void {
    this.#peerAddresses = addresses;
    this.#aimAtPeers();
    this.#announced = 0;
    this.#announceToAll();
  }

  #goodbye(): Uint8Array {
    return encodeParticipantKey(this.#announcement.guidPrefix);
  }

  #aimAtPeers(): void {
    this.#initialTargets = initialTargets(this.#options, this.#peerAddresses);
    this.#initialKeys = new Set(this.#initialTargets.map(keyOf));
  }

  /** Receives an announcement or a dispose. Throws `MalformedMessage` or `MalformedCdr`. */
  receive(message: Message, data: DataSubmessage, arrival: Arrival): void {
    const { bytes, prefixAt, from, monotonicMs } = message;
    const { peers, drops, announcement, notUnderstood } = this.#options;
    const known = peers.find(bytes, prefixAt);
    if (data.payloadIsKey || data.status !== 0) {
      if (known) this.#remove(known, 'disposed');
      else notUnderstood.forget(prefixOf(message));
      return;
    }
    const payload = bytes.subarray(data.payloadStart, data.payloadEnd);
    // A participant repeats the same announcement every few seconds.
    const isSaidAgain = known !== undefined && isSame(known.announcement, payload);
    const decoded = isSaidAgain ? known.data : decodeParticipantData(payload);
    if (decoded.guidPrefix !== prefixOf(message)) {
      drops.count('participant-prefix');
      this.note(message, 'malformed');
      return;
    }
    const isOtherDomain = decoded.domainId >= 0 && decoded.domainId !== announcement.domainId;
    if (isOtherDomain || decoded.domainTag !== '') {
      drops.count('other-domain');
      this.note(message, isOtherDomain ? 'other-domain' : 'domain-tag');
      return;
    }
    if (known) {
      if (!isSameInstance(known, decoded)) this.#remove(known, 'disposed');
      else {
        if (!isSaidAgain) {
          known.moveTo(decoded, message);
          known.announcement = payload.slice();
        }
        if (arrival !== 'roundabout') known.receivedFrom(from.address, monotonicMs);
        known.announcesByUnicast = arrival !== 'multicast';
        if (!known.addressValidation.isValidated) {
          known.addressValidation.announced(bytes.length);
          this.#answer(known);
          known.ask();
        }
        this.#judge(message, known);
        return;
      }
    }
    if (!this.#makeRoom(from.address)) {
      peers.quota.refuse();
      drops.count('participants-full');
      this.note(message, 'capacity');
      return;
    }
    // The vendor in the message header is the sender's. With a relay, the announced vendor may differ.
    const peer = new Peer({
      unanswered: this.#options.unanswered,
      network: this.#options.network,
      data: decoded,
      vendor: vendorOf(message),
      announcementBytes: bytes.length,
      address: from.address,
      nowMs: monotonicMs,
    });
    peer.announcesByUnicast = arrival !== 'multicast';
    peer.announcement = payload.slice();
    peers.add(peer);
    if (peer.metatraffic.targets.length === 0) drops.count('participant-unreachable');
    this.#judge(message, peer);
    this.#answer(peer);
    this.#options.appeared(peer);
  }

  /**
   * Announces this participant to one peer, after each of the peer's announcements until it confirms reception. Fast
   * DDS sends its first announcement some milliseconds before it listens, and the next ones soon after.
   */
  #answer(peer: Peer): void {
    const nowMs = this.#options.agenda.nowMs();
    if (nowMs - peer.answeredMs < ANSWER_HOLDOFF_MS) return;
    peer.answeredMs = nowMs;
    const { metatraffic } = peer;
    this.#compose(this.#payload, this.#sequenceNumber, false);
    this.#sendTo(metatraffic, this.#writer.finish(), metatraffic.targets);
  }

  /** Records why an announcement cannot be used. */
  note(message: Message, reason: NotUnderstoodReason): void {
    this.#options.notUnderstood.note({
      guidPrefix: prefixOf(message),
      address: message.from.address,
      vendor: vendorOf(message),
      reason,
      monotonicMs: message.monotonicMs,
    });
  }

  /** Records whether a known participant is usable. A secured one may still talk to unauthenticated participants. */
  #judge(message: Message, { prefix, metatraffic, data, endpoints }: Peer): void {
    if (metatraffic.targets.length === 0) this.note(message, 'unreachable');
    else if (data.secure && endpoints.size === 0) this.note(message, 'secured');
    else this.#options.notUnderstood.forget(prefix);
  }

  /**
   * Returns whether there is room for a participant at an address. Removes silent participants first: any if the table
   * is full, otherwise those at that address.
   */
  #makeRoom(address: string): boolean {
    const { quota } = this.#options.peers;
    while (!quota.admits(address)) if (!this.letGoOfSilent(quota.isFull ? undefined : address)) return false;
    return true;
  }

  /**
   * Removes the participant that has been silent longest (at `address`, if given), unless a live one can be silent so
   * long.
   */
  letGoOfSilent(address?: string): boolean {
    let silent: Peer | undefined;
    for (const peer of this.#options.peers.values()) {
      if (address !== undefined && peer.source !== address) continue;
      if (!silent || peer.lastReceivedMs < silent.lastReceivedMs) silent = peer;
    }
    if (!silent || this.#options.agenda.nowMs() - silent.lastReceivedMs < SILENT_MS) return false;
    this.#remove(silent, 'lease');
    return true;
  }

  #remove(peer: Peer, reason: 'disposed' | 'lease'): void {
    this.#options.peers.remove(peer, reason);
    this.#options.notUnderstood.forget(peer.prefix);
    this.#options.lost(peer, reason);
  }

  #announceToAll(): void {
    this.#send(this.#payload, this.#sequenceNumber, false, this.#announced >= BURST_MS.length);
    this.#announced += 1;
    const { leaseMs } = this.#announcement;
    const burst = this.#announced < BURST_MS.length;
    if (!burst) this.#isChanged = false;
    const delayMs = burst
      ? BURST_MS[this.#announced] - BURST_MS[this.#announced - 1]
      : leaseMs / ANNOUNCEMENTS_PER_LEASE;
    this.#announce.set(delayMs);
  }

  #send(payload: Uint8Array, sequenceNumber: number, goodbye: boolean, toKnown: boolean): void {
    const { transport, peers } = this.#options;
    this.#compose(payload, sequenceNumber, goodbye);
    const parts = this.#writer.finish();
    transport.sendMulticast(parts);
    transport.send(parts, this.#initialTargets);
    if (!toKnown && !this.#isChanged) return;
    for (const { announcesByUnicast, metatraffic } of peers.values()) {
      // A dispose is sent only once; sending it by two routes makes its loss less likely.
      if (goodbye) this.#sendTo(metatraffic, parts, metatraffic.targets);
      else if (announcesByUnicast || this.#isChanged)
        this.#sendTo(metatraffic, parts, metatraffic.targets.filter(this.#isOther));
    }
  }

  #sendTo(destination: Destination, parts: readonly Uint8Array[], targets: readonly SocketAddress[]): void {
    if (destination.admits(targets.length, this.#writer.length)) this.#options.transport.send(parts, targets);
  }

  /** Returns whether an address is not already one of the configured unicast targets. */
  readonly #isOther = (target: SocketAddress): boolean => !this.#initialKeys.has(keyOf(target));

  #compose(payload: Uint8Array, sequenceNumber: number, goodbye: boolean): void {
    const nowMs = this.#options.clock.wallMs();
    this.#writer.begin();
    this.#writer.infoTimestamp(Math.floor(nowMs / 1000), fractionOfMs(nowMs));
    this.#writer.data({
      readerId: ENTITYID_UNKNOWN,
      writerId: ENTITYID_SPDP_WRITER,
      sequenceNumber,
      inlineQos: goodbye
        ? encodeInlineQos({ change: 'disposed-unregistered', keyHash: this.#participantKey() })
        : undefined,
      payload,
      payloadIsKey: goodbye,
    });
  }

  #participantKey(): Uint8Array {
    return Uint8Array.of(...octetsOf(this.#announcement.guidPrefix), 0, 0, 1, 0xc1);
  }

  #dropExpired(): void {
    const nowMs = this.#options.agenda.nowMs();
    let nextMs = nowMs + LEASE_CHECK_MS;
    for (const peer of this.#options.peers.values()) {
      const endMs = peer.lastReceivedMs + peer.leaseMs;
      if (nowMs > endMs) this.#remove(peer, 'lease');
      else nextMs = Math.min(nextMs, endMs);
    }
    this.#checkLeases.set(Math.max(LEASE_PAUSE_MS, nextMs - nowMs));
  }
}

const prefixOf = ({ bytes, prefixAt }: Message): string => hexOf(bytes, prefixAt, PREFIX_BYTES);

function vendorOf({ bytes, prefixAt }: Message): number {
  return (bytes[prefixAt - 2] << 8) | bytes[prefixAt - 1];
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let at = 0; at < a.length; at++) if (a[at] !== b[at]) return false;
  return true;
}

/**
 * A participant with the same prefix on other ports was restarted. With other addresses but the same ports it is still
 * running: the address of its machine changed, or one was added.
 */
function isSameInstance(known: Peer, { metatrafficUnicast }: ReturnType<typeof decodeParticipantData>): boolean {
  const before = known.data.metatrafficUnicast;
  if (before.length === 0 || metatrafficUnicast.length === 0) return before.length === metatrafficUnicast.length;
  return before.some(({ port }) => metatrafficUnicast.some((now) => now.port === port));
}

function keyOf({ address, port }: SocketAddress): string {
  return `${address}:${port}`;
}

/** The ports on which participants at the configured addresses may listen, except our own. */
function initialTargets(
  { announcement, maxPeerParticipantId, transport }: SpdpOptions,
  addresses: readonly string[],
): readonly SocketAddress[] {
  const last = Math.min(maxPeerParticipantId, lastParticipantId(announcement.domainId));
  const localLocators = transport.metatrafficLocators;
  return addresses.flatMap((address) =>
    Array.from({ length: last + 1 }, (_, id) => ({ address, port: metatrafficPort(announcement.domainId, id) })).filter(
      ({ port }) => !localLocators.some((socket) => socket.address === address && socket.port === port),
    ),
  );
}
