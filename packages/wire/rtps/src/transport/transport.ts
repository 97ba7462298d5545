import {
  AddressInUse,
  type DatagramListener,
  type DatagramSocket,
  type Datagrams,
  type NetworkInterface,
  type SocketAddress,
} from '@medkit/edges';
import { isOnLink } from './ipv4.ts';
import { lastParticipantId, MULTICAST_GROUP, metatrafficPort, multicastPort, userPort } from './ports.ts';
import { isOwnHost, type Reachability } from './route.ts';

/** Every participant id of the domain is taken on this machine. */
export class NoFreeParticipantId extends Error {
  override readonly name = 'NoFreeParticipantId';
}

interface Link {
  readonly network: NetworkInterface;
  readonly metatraffic: DatagramSocket;
  readonly user: DatagramSocket;
}

/**
 * How a datagram came in. `roundabout`: from an address on the network of one of our interfaces, but through another one,
 * as hosts with several interfaces send; it says nothing of the way to that address.
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
  /** A multicast datagram from a network we do not use: Linux hands them to every socket of the port. */
  readonly onForeign: () => void;
}

/** The sockets of one participant: two unicast ones per interface, and one for the domain's multicast group. */
export class Transport {
  readonly participantId: number;
  readonly #domainId: number;
  readonly #links: readonly Link[];
  readonly #multicast: DatagramSocket | undefined;
  sent = 0;

  constructor(domainId: number, participantId: number, links: readonly Link[], multicast: DatagramSocket | undefined) {
    this.#domainId = domainId;
    this.participantId = participantId;
    this.#links = links;
    this.#multicast = multicast;
  }

  get metatrafficLocators(): readonly SocketAddress[] {
    return this.#links.map(({ metatraffic }) => metatraffic.local);
  }

  get userLocators(): readonly SocketAddress[] {
    return this.#links.map(({ user }) => user.local);
  }

  get multicastLocators(): readonly SocketAddress[] {
    return this.#multicast ? [{ address: MULTICAST_GROUP, port: multicastPort(this.#domainId) }] : [];
  }

  get grantedBufferBytes(): number {
    return Math.min(...this.#sockets().map((socket) => socket.receiveBufferBytes));
  }

  get sendFailures(): number {
    return this.#sockets().reduce((sum, socket) => sum + socket.sendFailures.count, 0);
  }

  /** Sends one datagram to each target. */
  send(parts: readonly Uint8Array[], targets: readonly SocketAddress[]): void {
    for (const target of targets) {
      this.sent += 1;
      this.#linkTo(target.address).metatraffic.send(parts, target.port, target.address);
    }
  }

  /** Sends one datagram to the domain's group through every interface. */
  sendMulticast(parts: readonly Uint8Array[]): void {
    if (!this.#multicast) return;
    for (const { metatraffic } of this.#links) {
      this.sent += 1;
      metatraffic.send(parts, multicastPort(this.#domainId), MULTICAST_GROUP);
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#sockets().map((socket) => socket.close()));
  }

  #linkTo(address: string): Link {
    if (this.#links.length === 1) return this.#links[0];
    return (
      this.#links.find(({ network }) => isOnLink(address, network)) ??
      this.#links.find(({ network }) => !network.loopback) ??
      this.#links[0]
    );
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
    const links = await bindLinks(options, participantId);
    if (!links) continue;
    try {
      return new Transport(
        domainId,
        participantId,
        links,
        options.multicast ? await joinMulticast(options) : undefined,
      );
    } catch (error) {
      await closeLinks(links);
      throw error;
    }
  }
  throw new NoFreeParticipantId(
    `the ports of all ${last + 1} participants of domain ${domainId} are taken (${metatrafficPort(domainId, 0)} to ` +
      `${userPort(domainId, last)}): end some participants, or choose another domain`,
  );
}

const closeLinks = (links: readonly Link[]) =>
  Promise.all(links.flatMap(({ metatraffic, user }) => [metatraffic.close(), user.close()]));

async function bindLinks(options: TransportOptions, participantId: number): Promise<readonly Link[] | undefined> {
  const { datagrams, reachability, domainId, onUnicast, receiveBufferBytes, multicast } = options;
  const open: DatagramSocket[] = [];
  const bind = async (network: NetworkInterface, port: number): Promise<DatagramSocket> => {
    const others = reachability.chosen.filter((other) => other !== network);
    const arrivalOf = (source: string): Arrival =>
      !isOnLink(source, network) && others.some((other) => isOnLink(source, other)) ? 'roundabout' : 'direct';
    const socket = await datagrams.bind({
      address: network.address,
      port,
      onDatagram:
        others.length === 0
          ? (bytes, from) => onUnicast(bytes, from, 'direct')
          : (bytes, from) => onUnicast(bytes, from, arrivalOf(from.address)),
      receiveBufferBytes,
      sendBufferBytes: receiveBufferBytes,
    });
    open.push(socket);
    return socket;
  };
  try {
    const links: Link[] = [];
    for (const network of reachability.chosen) {
      const metatraffic = await bind(network, metatrafficPort(domainId, participantId));
      const user = await bind(network, userPort(domainId, participantId));
      if (multicast) metatraffic.setMulticastInterface(network.address);
      links.push({ network, metatraffic, user });
    }
    return links;
  } catch (error) {
    await Promise.all(open.map((socket) => socket.close()));
    if (error instanceof AddressInUse) return undefined;
    throw error;
  }
}

async function joinMulticast(options: TransportOptions): Promise<DatagramSocket> {
  const { datagrams, reachability, domainId, receiveBufferBytes, onMulticast, onForeign } = options;
  const accepts = (source: string): boolean =>
    reachability.chosen.some((own) => !own.loopback) || isOwnHost(reachability, source);
  const socket = await datagrams.bind({
    address: '0.0.0.0',
    port: multicastPort(domainId),
    shared: true,
    receiveBufferBytes,
    onDatagram: (bytes, from) => (accepts(from.address) ? onMulticast(bytes, from) : onForeign()),
  });
  try {
    for (const { address } of reachability.chosen) socket.joinGroup(MULTICAST_GROUP, address);
    return socket;
  } catch (error) {
    await socket.close();
    throw error;
  }
}
