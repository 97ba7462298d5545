import { type Log, reasonOf } from '@medkit/core';
import type { Clock, DatagramSocket, Datagrams, NetworkInterface } from '@medkit/edges';
import { type Message, messageBytes, messageIn, type OwnMessage } from './message.ts';

/** Where multicast DNS is spoken (RFC 6762, 3). */
const GROUP = '224.0.0.251';
const PORT = 5353;
/** As the standard wants it; such a datagram leaves no network either, for nobody forwards this group. */
const HOPS = 255;
/** How often the interfaces are looked at: a gateway is found 3 s after its machine has an address. */
const LOOK_MS = 1000;

/** How far is listened and told: to programs of this machine, or on the networks that it is on. */
export type Scope = 'loopback' | 'network';

/** Somebody on a network of this machine. */
export interface Sender {
  readonly address: string;
  /** On which of the own interfaces. */
  readonly on: NetworkInterface;
}

/** What hears messages and is told of networks. */
export interface LinkListener {
  heard(message: Message, from: Sender): void;
  /** There is another interface to be heard on. */
  joined(on: NetworkInterface): void;
}

export interface LocalLinkOptions {
  readonly datagrams: Datagrams;
  readonly clock: Clock;
  readonly scope: Scope;
  /** What is to be heard has this type of service in it; other devices say much more. */
  readonly type: string;
  readonly listener: LinkListener;
  readonly log: Log;
}

/** The local networks as multicast DNS sees them. */
export interface LocalLink {
  readonly interfaces: readonly NetworkInterface[];
  /** What came and was not taken. */
  readonly dropped: { readonly malformed: number; readonly foreign: number };
  /** Sends to everybody on one interface, or on each what there is to be said on it. */
  send(message: (on: NetworkInterface) => OwnMessage, on?: NetworkInterface): void;
  close(): Promise<void>;
}

/**
 * Listens where the system's own responders do too, and hears what is for all alone: what is sent to one of those goes to them.
 * Throws where the port cannot be shared.
 */
export async function openLocalLink(options: LocalLinkOptions): Promise<LocalLink> {
  const { datagrams, clock, scope, type, listener, log } = options;
  const marker = markerOf(type);
  const dropped = { malformed: 0, foreign: 0 };
  let interfaces: readonly NetworkInterface[] = [];
  const refused = new Set<string>();

  const hear = (bytes: Uint8Array, { address, port }: { readonly address: string; readonly port: number }): void => {
    if (Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).indexOf(marker) < 0) return;
    // Linux hands over what came on any interface that anybody on this machine listens on.
    const on = interfaces.find((own) => isOnNetwork(own, address));
    if (!on || port !== PORT) {
      dropped.foreign++;
      return;
    }
    const message = messageIn(bytes);
    if (message) listener.heard(message, { address, on });
    else dropped.malformed++;
  };
  // The address of the group: what is sent to one machine belongs to the responder of its system.
  const bind = () =>
    datagrams.bind({ address: GROUP, port: PORT, shared: true, multicastHops: HOPS, onDatagram: hear });
  let socket = await bind();
  let isClosed = false;
  let isRenewing = false;

  const look = (): void => {
    const there = datagrams.interfaces().filter(({ loopback }) => loopback === (scope === 'loopback'));
    const known = interfaces.filter((own) => there.some(({ address }) => address === own.address));
    const isGone = known.length < interfaces.length;
    const added = there.filter(({ address }) => !known.some((own) => own.address === address)).filter(joins);
    interfaces = [...known, ...added];
    added.forEach(listener.joined);
    if (isGone) void renew();
  };
  /**
   * Replaces the socket after an interface was removed: Linux keeps the membership of one that is no more, refuses to join
   * again where it is back, and admits twenty memberships of one socket.
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
      log('warn', `Gateways may not be found after the change of the network: ${reasonOf(error)}`);
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
      if (!refused.has(address)) log('warn', `Gateways on ${name} (${address}) are not found: ${reasonOf(error)}`);
      refused.add(address);
      return false;
    }
  };
  const looking = clock.every(LOOK_MS, look);
  // Whoever opened it knows it before it is told of interfaces.
  const first = clock.after(0, look);

  return {
    get interfaces() {
      return interfaces;
    },
    dropped,
    send: (message, on) => {
      for (const own of on ? [on] : interfaces) sendOn(socket, own, message(own));
    },
    close: () => {
      isClosed = true;
      looking.cancel();
      first.cancel();
      return socket.close();
    },
  };
}

function sendOn(socket: DatagramSocket, { address }: NetworkInterface, message: OwnMessage): void {
  try {
    socket.setMulticastInterface(address);
  } catch {
    // The interface has gone, which the next look at them finds.
    return;
  }
  socket.send([messageBytes(message)], PORT, GROUP);
}

/** `_medkit` as it stands in a message, where nothing before it can be pointed at. */
function markerOf(type: string): Buffer {
  const [label = ''] = type.split('.');
  return Buffer.concat([Uint8Array.of(label.length), Buffer.from(label)]);
}

/** Whether an address is on the network of an interface. */
export function isOnNetwork({ address, netmask }: NetworkInterface, other: string): boolean {
  const [a, b, mask] = [address, other, netmask].map(numberOf);
  return (a! & mask!) === (b! & mask!);
}

const numberOf = (address: string): number => address.split('.').reduce((sum, part) => (sum << 8) | Number(part), 0);
