import {
  AddressInUse,
  type DatagramListener,
  type DatagramSocket,
  type Datagrams,
  type NetworkInterface,
  type SocketAddress,
} from '@medkit/edges';
import type { ParticipantFacts } from '../model/api.ts';
import { isOnLink } from './ipv4.ts';
import { lastParticipantId, MULTICAST_GROUP, metatrafficPort, multicastPort, userPort } from './ports.ts';
import { isLocalHost, type Reachability } from './route.ts';

/** All participant ids of the domain are in use on this machine. */
export class NoFreeParticipantId extends Error {
  override readonly name = 'NoFreeParticipantId';
}

/** How long a failed send is reported as a current problem. */
const FAILURE_REPORT_MS = 60_000;

interface Link {
  readonly network: NetworkInterface;
  readonly metatraffic: DatagramSocket;
  readonly user: DatagramSocket;
  readonly isDown: boolean;
}

/** An interface to use. `isDown`: it has its address but no carrier, so only this machine is reachable through it. */
export interface UsedInterface {
  readonly network: NetworkInterface;
  readonly isDown: boolean;
}

/**
 * How a datagram arrived. `roundabout`: its source is on the network of one local interface, but it arrived on another,
 * as from hosts with several interfaces. Such a datagram does not confirm the route to its source.
 */
export type Arrival = 'multicast' | 'direct' | 'roundabout';

export interface TransportOptions {
  readonly datagrams: Datagrams;
  readonly reachability: Reachability;
  readonly domainId: number;
  readonly multicast: boolean;
  readonly receiveBufferBytes: number;
  readonly onUnicast: (bytes: Uint8Array, from: SocketAddress, arrival: Arrival) => void;
  readonly onMulticast: DatagramListener;
  /** Called for a multicast datagram from a network not in use. Linux delivers them to every socket of the port. */
  readonly onForeign: () => void;
}

/**
 * The sockets of one participant: two unicast sockets per interface, and one for the domain's multicast group. `use`
 * replaces them when the interfaces of this machine change.
 */
export class Transport {
  readonly participantId: number;
  readonly #options: TransportOptions;
  #links: readonly Link[];
  #multicast: DatagramSocket | undefined;
  #closedSendFailures = 0;
  #notedFailures = 0;
  #failedMs = Number.NEGATIVE_INFINITY;
  #isClosed = false;
  sent = 0;

  constructor(
    options: TransportOptions,
    participantId: number,
    links: readonly Link[],
    multicast: DatagramSocket | undefined,
  ) {
    this.#options = options;
    this.participantId = participantId;
    this.#links = links;
    this.#multicast = multicast;
  }

  /** The interfaces that have sockets. */
  get used(): readonly UsedInterface[] {
    return this.#links;
  }

  get metatrafficLocators(): readonly SocketAddress[] {
    return this.#upLinks().map(({ metatraffic }) => metatraffic.local);
  }

  get userLocators(): readonly SocketAddress[] {
    return this.#upLinks().map(({ user }) => user.local);
  }

  get multicastLocators(): readonly SocketAddress[] {
    return this.#multicast ? [{ address: MULTICAST_GROUP, port: multicastPort(this.#options.domainId) }] : [];
  }

  get receiveBuffer(): ParticipantFacts['receiveBuffer'] {
    const granted = this.#sockets().map((socket) => socket.receiveBufferBytes);
    return { requestedBytes: this.#options.receiveBufferBytes, grantedBytes: Math.min(...granted) };
  }

  /** Returns the send counters. `hasFailedLately` is as of the last `noteFailures`. */
  facts(nowMs: number): Omit<ParticipantFacts['datagrams'], 'received'> {
    const hasFailedLately = nowMs - this.#failedMs < FAILURE_REPORT_MS;
    return { sent: this.sent, sendFailures: this.#sendFailures(), hasFailedLately };
  }

  /** Records whether sends failed since the last call. */
  noteFailures(nowMs: number): void {
    const count = this.#sendFailures();
    if (count > this.#notedFailures) this.#failedMs = nowMs;
    this.#notedFailures = count;
  }

  #sendFailures(): number {
    return this.#sockets().reduce((sum, socket) => sum + socket.sendFailures.count, this.#closedSendFailures);
  }

  /** Sends one datagram to each target. */
  send(parts: readonly Uint8Array[], targets: readonly SocketAddress[]): void {
    for (const target of targets) {
      const link = this.#linkTo(target.address);
      if (!link) continue;
      this.sent += 1;
      link.metatraffic.send(parts, target.port, target.address);
    }
  }

  /** Sends one datagram to the domain's multicast group through every interface. */
  sendMulticast(parts: readonly Uint8Array[]): void {
    if (!this.#multicast) return;
    for (const { metatraffic } of this.#upLinks()) {
      this.sent += 1;
      metatraffic.send(parts, multicastPort(this.#options.domainId), MULTICAST_GROUP);
    }
  }

  /**
   * Replaces the interfaces in use: binds sockets on new ones, closes those of interfaces not listed, and joins the
   * multicast group on each. Returns the interfaces on which no socket could be bound, with the reason.
   */
  async use(interfaces: readonly UsedInterface[]): Promise<readonly (readonly [NetworkInterface, string])[]> {
    const before = this.#links;
    const links: Link[] = [];
    const refused: (readonly [NetworkInterface, string])[] = [];
    for (const { network, isDown } of interfaces) {
      const known = before.find((link) => link.network.address === network.address);
      try {
        // An interface that was removed and created again has another index.
        if (known && this.#multicast) known.metatraffic.setMulticastInterface(network.address);
        const sockets = known ?? (await this.#bindAnyPorts(network));
        links.push({ network, metatraffic: sockets.metatraffic, user: sockets.user, isDown });
      } catch (error) {
        if (known) links.push({ ...known, isDown });
        else refused.push([network, error instanceof Error ? error.message : String(error)]);
      }
    }
    if (this.#isClosed) {
      await closeLinks(links);
      return refused;
    }
    this.#links = links;
    const closing = before.filter(({ metatraffic }) => !links.some((link) => link.metatraffic === metatraffic));
    const sockets = closing.flatMap(({ metatraffic, user }) => [metatraffic, user]);
    if (this.#multicast) {
      // Linux keeps memberships of removed interfaces and allows twenty per socket. A new socket has none.
      const fresh = await joinMulticast(this.#options, links).catch(() => undefined);
      if (fresh) {
        sockets.push(this.#isClosed ? fresh : this.#multicast);
        if (!this.#isClosed) this.#multicast = fresh;
      }
    }
    for (const { sendFailures } of sockets) this.#closedSendFailures += sendFailures.count;
    await Promise.all(sockets.map((socket) => socket.close()));
    return refused;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all(this.#sockets().map((socket) => socket.close()));
  }

  /** Binds the ports of this participant id on a new interface, or those of another id if they are in use there. */
  async #bindAnyPorts(network: NetworkInterface): Promise<Link> {
    const ids = lastParticipantId(this.#options.domainId) + 1;
    for (let tried = 0; tried < ids; tried += 1) {
      const [link] = (await bindLinks(this.#options, [network], (this.participantId + tried) % ids)) ?? [];
      if (link) return link;
    }
    throw new NoFreeParticipantId(`all ports of domain ${this.#options.domainId} are in use on ${network.address}`);
  }

  #linkTo(address: string): Link | undefined {
    if (this.#links.length <= 1) return this.#links[0];
    return (
      this.#links.find(({ network, isDown }) => !isDown && isOnLink(address, network)) ??
      this.#links.find(({ network }) => isOnLink(address, network)) ??
      this.#links.find(({ network, isDown }) => !isDown && !network.loopback) ??
      this.#links.find(({ network }) => !network.loopback) ??
      this.#links[0]
    );
  }

  #upLinks(): readonly Link[] {
    const up = this.#links.filter(({ isDown }) => !isDown);
    return up.length > 0 ? up : this.#links;
  }

  #sockets(): readonly DatagramSocket[] {
    const unicast = this.#links.flatMap(({ metatraffic, user }) => [metatraffic, user]);
    return this.#multicast ? [...unicast, this.#multicast] : unicast;
  }
}

/** Binds the first participant id whose ports are free on every interface. Throws `NoFreeParticipantId`. */
export async function openTransport(options: TransportOptions): Promise<Transport> {
  const { domainId } = options;
  const last = lastParticipantId(domainId);
  for (let participantId = 0; participantId <= last; participantId += 1) {
    const links = await bindLinks(options, options.reachability.chosen, participantId);
    if (!links) continue;
    try {
      const multicast = options.multicast ? await joinMulticast(options, links) : undefined;
      return new Transport(options, participantId, links, multicast);
    } catch (error) {
      await closeLinks(links);
      throw error;
    }
  }
  throw new NoFreeParticipantId(
    `the ports of all ${last + 1} participants of domain ${domainId} are in use (${metatrafficPort(domainId, 0)} to ` +
      `${userPort(domainId, last)}): end some participants, or choose another domain`,
  );
}

const closeLinks = (links: readonly Link[]) =>
  Promise.all(links.flatMap(({ metatraffic, user }) => [metatraffic.close(), user.close()]));

async function bindLinks(
  options: TransportOptions,
  networks: readonly NetworkInterface[],
  participantId: number,
): Promise<readonly Link[] | undefined> {
  const { datagrams, domainId, receiveBufferBytes, multicast } = options;
  const open: DatagramSocket[] = [];
  const bind = async (network: NetworkInterface, port: number): Promise<DatagramSocket> => {
    const socket = await datagrams.bind({
      address: network.address,
      port,
      onDatagram: unicastListener(options, network),
      receiveBufferBytes,
      sendBufferBytes: receiveBufferBytes,
    });
    open.push(socket);
    return socket;
  };
  try {
    const links: Link[] = [];
    for (const network of networks) {
      const metatraffic = await bind(network, metatrafficPort(domainId, participantId));
      const user = await bind(network, userPort(domainId, participantId));
      if (multicast) metatraffic.setMulticastInterface(network.address);
      links.push({ network, metatraffic, user, isDown: false });
    }
    return links;
  } catch (error) {
    await Promise.all(open.map((socket) => socket.close()));
    if (error instanceof AddressInUse) return undefined;
    throw error;
  }
}

/**
 * Classifies the arrival of each datagram. Consecutive datagrams often have the same sender, so the result is cached.
 */
function unicastListener({ reachability, onUnicast }: TransportOptions, network: NetworkInterface): DatagramListener {
  let chosen: readonly NetworkInterface[] = [];
  let source = '';
  let arrival: Arrival = 'direct';
  return (bytes, from) => {
    if (from.address !== source || reachability.chosen !== chosen) {
      source = from.address;
      chosen = reachability.chosen;
      const isOffLink = chosen.some(({ address }) => address !== network.address) && !isOnLink(source, network);
      arrival = isOffLink && chosen.some((other) => isOnLink(source, other)) ? 'roundabout' : 'direct';
    }
    onUnicast(bytes, from, arrival);
  };
}

/** Joins the multicast group on all interfaces. Throws only if the operating system refuses it on every interface. */
async function joinMulticast(options: TransportOptions, links: readonly Link[]): Promise<DatagramSocket> {
  const { datagrams, reachability, domainId, receiveBufferBytes, onMulticast, onForeign } = options;
  const accepts = (source: string): boolean =>
    reachability.chosen.some((network) => !network.loopback) || isLocalHost(reachability, source);
  const socket = await datagrams.bind({
    address: '0.0.0.0',
    port: multicastPort(domainId),
    shared: true,
    receiveBufferBytes,
    onDatagram: (bytes, from) => (accepts(from.address) ? onMulticast(bytes, from) : onForeign()),
  });
  const failures: unknown[] = [];
  for (const { network } of links) {
    try {
      socket.joinGroup(MULTICAST_GROUP, network.address);
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length < links.length) return socket;
  await socket.close();
  throw failures[0];
}
