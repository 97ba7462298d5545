import { errorMessage, type Log } from '@medkit/core';
import type { Clock, DatagramSocket, Datagrams, NetworkInterface } from '@medkit/edges';
import { type Message, messageBytes, messageIn, type OutgoingMessage } from './message.ts';

/** Group of multicast DNS (RFC 6762, 3). */
const GROUP = '224.0.0.251';
const PORT = 5353;
/** Required by the standard; routers do not forward this group. */
const HOPS = 255;
/** Interval at which the interfaces are read: a gateway is found 3 s after its machine has an address. */
const LOOK_MS = 1000;

/** Range of discovery: programs on this machine, or the networks of this machine. */
export type Scope = 'loopback' | 'network';

/** The sender of a message. */
export interface Sender {
  readonly address: string;
  /** The local interface of the message. */
  readonly on: NetworkInterface;
}

/** Receives messages and new interfaces. */
export interface LinkListener {
  heard(message: Message, from: Sender): void;
  /** Called when another interface is available. */
  joined(on: NetworkInterface): void;
}

export interface LocalLinkOptions {
  readonly datagrams: Datagrams;
  readonly clock: Clock;
  readonly scope: Scope;
  /** Only messages with this service type are processed; other devices send many others. */
  readonly type: string;
  readonly listener: LinkListener;
  readonly log: Log;
}

/** The local networks of multicast DNS. */
export interface LocalLink {
  readonly interfaces: readonly NetworkInterface[];
  /** Number of ignored datagrams. */
  readonly dropped: { readonly malformed: number; readonly foreign: number };
  /** Sends a message on one interface, or on each, with the content for that interface. */
  send(message: (on: NetworkInterface) => OutgoingMessage, on?: NetworkInterface): void;
  close(): Promise<void>;
}

/**
 * Listens in addition to the system's responders and receives only multicast: unicast goes to those responders. Throws
 * if the port cannot be shared.
 */
export async function openLocalLink(options: LocalLinkOptions): Promise<LocalLink> {
  const { datagrams, clock, scope, type, listener, log } = options;
  const marker = markerOf(type);
  const dropped = { malformed: 0, foreign: 0 };
  let interfaces: readonly NetworkInterface[] = [];
  const refused = new Set<string>();

  const receive = (bytes: Uint8Array, { address, port }: { readonly address: string; readonly port: number }): void => {
    if (Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).indexOf(marker) < 0) return;
    // Linux delivers datagrams from every interface on which any program of this machine listens.
    const on = interfaces.find((network) => isOnNetwork(network, address));
    if (!on || port !== PORT) {
      dropped.foreign++;
      return;
    }
    const message = messageIn(bytes);
    if (message) listener.heard(message, { address, on });
    else dropped.malformed++;
  };
  // Bound to the group's address: unicast belongs to the system's responder.
  const bind = () =>
    datagrams.bind({ address: GROUP, port: PORT, shared: true, multicastHops: HOPS, onDatagram: receive });
  let socket = await bind();
  let isClosed = false;
  let isRenewing = false;

  const look = (): void => {
    const current = datagrams.interfaces().filter(({ loopback }) => loopback === (scope === 'loopback'));
    const known = interfaces.filter((network) => current.some(({ address }) => address === network.address));
    const isGone = known.length < interfaces.length;
    const added = current.filter(({ address }) => !known.some((network) => network.address === address)).filter(joins);
    interfaces = [...known, ...added];
    added.forEach(listener.joined);
    if (isGone) void renew();
  };
  /**
   * Replaces the socket after an interface was removed. Linux keeps the membership of a removed interface, refuses to
   * join again when it returns, and allows twenty memberships per socket.
   */
  const renew = async (): Promise<void> => {
    if (isRenewing) return;
    isRenewing = true;
    try {
      const fresh = await bind();
      const old = isClosed ? fresh : socket;
      if (!isClosed) {
        socket = fresh;
        interfaces = interfaces.filter(joins);
      }
      await old.close();
    } catch (error) {
      log('warn', `Gateways may not be discovered after the network change: ${errorMessage(error)}`);
    } finally {
      isRenewing = false;
    }
  };
  const joins = ({ name, address }: NetworkInterface): boolean => {
    try {
      socket.joinGroup(GROUP, address);
      refused.delete(address);
      return true;
    } catch (error) {
      if (!refused.has(address))
        log('warn', `Cannot discover gateways on ${name} (${address}): ${errorMessage(error)}`);
      refused.add(address);
      return false;
    }
  };
  const looking = clock.every(LOOK_MS, look);
  // The caller has the link before interfaces are reported.
  const first = clock.after(0, look);

  return {
    get interfaces() {
      return interfaces;
    },
    dropped,
    send: (message, on) => {
      for (const network of on ? [on] : interfaces) sendOn(socket, network, message(network));
    },
    close: () => {
      isClosed = true;
      looking.cancel();
      first.cancel();
      return socket.close();
    },
  };
}

function sendOn(socket: DatagramSocket, { address }: NetworkInterface, message: OutgoingMessage): void {
  try {
    socket.setMulticastInterface(address);
  } catch {
    // The interface was removed; the next check notices it.
    return;
  }
  socket.send([messageBytes(message)], PORT, GROUP);
}

/** Returns `_medkit` in the form used in a message, where no earlier name can be referenced. */
function markerOf(type: string): Buffer {
  const [label = ''] = type.split('.');
  return Buffer.concat([Uint8Array.of(label.length), Buffer.from(label)]);
}

/** Returns whether an address is in the network of an interface. */
export function isOnNetwork({ address, netmask }: NetworkInterface, other: string): boolean {
  const [a, b, mask] = [address, other, netmask].map(numberOf);
  return (a! & mask!) === (b! & mask!);
}

const numberOf = (address: string): number => address.split('.').reduce((sum, part) => (sum << 8) | Number(part), 0);
