import type { NetworkInterface } from '@medkit/edges';
import type { Agenda, Alarm } from '../agenda.ts';
import type { Peer } from '../discovery/peer.ts';
import type { PeerTable } from '../discovery/peer-table.ts';
import { GOODBYE_MS, type Spdp } from '../discovery/spdp.ts';
import type { Drops } from '../drops.ts';
import type { ParticipantFacts } from '../model/api.ts';
import { isOnLink } from '../transport/ipv4.ts';
import type { InterfaceChange, LocalNetwork } from '../transport/local-network.ts';
import type { Transport } from '../transport/transport.ts';
import { CYCLONE_DDS } from '../vendors/cyclone-dds.ts';
import { MEDKIT_VENDOR, vendorName } from '../wire/protocol.ts';

/**
 * Polling interval of the machine's interfaces. A link counts as down at the second poll without it, and calls must
 * work again 3 s after any change.
 */
const LOOK_MS = 500;

/** Maximum stored events: covers one night, and bounds the list if a loose connector causes many. */
const MAX_EVENTS = 32;

/** Time within which a participant that received a dispose discovers this one again. */
const FOUND_MS = 1200;
/** Maximum disposes sent to one participant per network change. */
const MAX_GOODBYES = 5;

interface InterfaceWatchOptions {
  readonly agenda: Agenda;
  readonly network: LocalNetwork;
  readonly transport: Transport;
  readonly peers: PeerTable;
  readonly spdp: Spdp;
  readonly drops: Drops;
  /** Called after the participant has announced itself again. */
  readonly changed: () => void;
}

/**
 * Follows the interfaces of this machine: binds new ones, releases removed ones, and announces the participant again.
 */
export class InterfaceWatch {
  readonly #options: InterfaceWatchOptions;
  readonly #look: Alarm;
  readonly #events: (InterfaceChange & { readonly atMs: number })[] = [];
  /** Participants that were sent a dispose, with the number of repetitions. */
  readonly #finding = new Map<Peer, number>();
  readonly #sayAgain: Alarm;
  #isStopped = false;

  constructor(options: InterfaceWatchOptions) {
    this.#options = options;
    this.#sayAgain = options.agenda.alarm(() => this.#checkFound());
    this.#look = options.agenda.alarm(() => void this.#follow());
  }

  start(): void {
    if (this.#options.network.canChange) this.#look.set(LOOK_MS);
  }

  stop(): void {
    this.#isStopped = true;
    this.#look.cancel();
    this.#sayAgain.cancel();
  }

  facts(): Pick<ParticipantFacts, 'interfaces' | 'interfacesDown' | 'interfaceEvents' | 'receiveBuffer'> {
    const { network, transport, agenda } = this.#options;
    const nowMs = agenda.nowMs();
    return {
      receiveBuffer: transport.receiveBuffer,
      interfaces: network.chosen.map(({ address }) => address),
      interfacesDown: transport.used.flatMap((used) => (used.isDown ? [used.network.address] : [])),
      interfaceEvents: this.#events.map(({ atMs, ...change }) => ({ ...change, agoMs: nowMs - atMs })),
    };
  }

  async #follow(): Promise<void> {
    const { network, transport, drops } = this.#options;
    const before = [...network.chosen];
    try {
      const changes = await network.follow(transport);
      if (!this.#isStopped && changes.length > 0) this.#take(changes, before);
    } catch (error) {
      drops.failed('defect', error);
    }
    if (!this.#isStopped) this.#look.set(LOOK_MS);
  }

  #take(changes: readonly InterfaceChange[], before: readonly NetworkInterface[]): void {
    const { network, peers, agenda, changed } = this.#options;
    const atMs = agenda.nowMs();
    this.#events.push(...changes.map((change) => ({ ...change, atMs })));
    this.#events.splice(0, Math.max(0, this.#events.length - MAX_EVENTS));
    if (changes.every(({ change }) => change === 'refused')) return;
    const lost = before.filter(({ address }) => network.chosen.every((chosen) => chosen.address !== address));
    const known = [...peers.values()];
    if (lost.length > 0) for (const peer of known) peer.sendsToLostAddress ||= !isOurs(peer) && peer.mayUse(lost);
    for (const peer of known) peer.networkChanged();
    // Without a network no participant receives a dispose. It is sent when a network is available again.
    const finding = known.filter((peer) => peer.sendsToLostAddress && network.reaches(peer.address));
    for (const peer of finding) this.#finding.set(peer, 0);
    this.#announce(finding);
    changed();
  }

  /**
   * Handles a participant that does not answer. Cyclone DDS keeps sending to the first of our addresses that it chose,
   * even if its own link to that network is down. Only the other addresses are announced to it.
   */
  unanswered(peer: Peer): void {
    const { network, spdp, agenda } = this.#options;
    const common = network.chosen.filter((chosen) => !chosen.loopback && peer.isIn(chosen));
    if (peer.vendorId !== vendorName(CYCLONE_DDS.id) || common.length < 2) return;
    const inUse = common.filter((chosen) => isOnLink(peer.address, chosen));
    const others = common.filter((chosen) => !inUse.includes(chosen));
    if (inUse.length === 0 || others.length === 0) return;
    spdp.reintroduce(peer, (address) => others.some((chosen) => chosen.address === address));
    peer.useOther();
    peer.forgetsUs();
    peer.goodbyeSentMs = agenda.nowMs();
  }

  /** Announces this participant. Those in `finding` receive a dispose first. */
  #announce(finding: readonly Peer[]): void {
    const { agenda, spdp } = this.#options;
    spdp.networkChanged(finding);
    for (const peer of finding) {
      peer.sendsToLostAddress = false;
      peer.forgetsUs();
      peer.goodbyeSentMs = agenda.nowMs();
    }
    if (this.#finding.size > 0) this.#sayAgain.set(FOUND_MS);
  }

  /**
   * Repeats dispose and announcement for participants that have not answered since, because either may have been lost.
   */
  #checkFound(): void {
    const again: Peer[] = [];
    for (const [peer, times] of this.#finding) {
      const isHere = this.#options.peers.get(peer.prefix) === peer;
      const isFound = peer.answeredUsMs - peer.goodbyeSentMs > GOODBYE_MS;
      if (!isHere || isFound || times >= MAX_GOODBYES) this.#finding.delete(peer);
      else {
        this.#finding.set(peer, times + 1);
        again.push(peer);
      }
    }
    if (again.length > 0) this.#announce(again);
  }
}

/** Only medkit participants accept new locators of a participant that they already know. */
const isOurs = ({ vendorId }: Peer): boolean => vendorId === vendorName(MEDKIT_VENDOR);
