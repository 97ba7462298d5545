import type { Clock } from '../clock.ts';
import {
  AddressInUse,
  type BindOptions,
  type DatagramSocket,
  type Datagrams,
  type NetworkInterface,
  type SocketAddress,
} from '../datagrams.ts';
import type { Random } from '../random.ts';

/** Conditions of a simulated network. Probabilities are in [0, 1], times in milliseconds. */
export interface NetworkConditions {
  readonly loss?: number;
  readonly duplication?: number;
  /** Probability that a datagram is held back for up to `reorderMs`, so that later ones overtake it. */
  readonly reordering?: number;
  readonly reorderMs?: number;
  readonly latencyMs?: number;
}

const FIRST_EPHEMERAL_PORT = 49_152;
const ANY_ADDRESS = '0.0.0.0';

const isMulticast = (address: string): boolean => {
  const first = Number.parseInt(address, 10);
  return first >= 224 && first <= 239;
};

class SimulatedSocket implements DatagramSocket {
  readonly local: SocketAddress;
  readonly receiveBufferBytes: number;
  readonly sendFailures = { count: 0, last: '' };
  readonly groups = new Set<string>();
  readonly host: SimulatedHost;
  readonly options: BindOptions;
  multicastInterface: string;

  constructor(host: SimulatedHost, options: BindOptions, port: number) {
    this.host = host;
    this.options = options;
    this.local = { address: options.address, port };
    this.receiveBufferBytes = options.receiveBufferBytes ?? 212_992;
    this.multicastInterface = host.interfaces()[0].address;
  }

  send(parts: readonly Uint8Array[], port: number, address: string): void {
    const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    let offset = 0;
    for (const part of parts) {
      bytes.set(part, offset);
      offset += part.length;
    }
    this.host.network.carry(this, bytes, port, address);
  }

  joinGroup(group: string, interfaceAddress: string): void {
    this.groups.add(`${group}@${interfaceAddress}`);
  }

  setMulticastInterface(interfaceAddress: string): void {
    this.multicastInterface = interfaceAddress;
  }

  async close(): Promise<void> {
    this.host.network.remove(this);
  }
}

/** A host of a simulated network, whose addresses may change while it runs. */
export interface ChangingHost extends Datagrams {
  /** Sets the addresses of the host. Those of `down` have no carrier and are not listed. */
  setAddresses(addresses: readonly string[], down?: readonly string[]): void;
}

class SimulatedHost implements ChangingHost {
  readonly network: SimulatedNetwork;
  #interfaces: readonly NetworkInterface[] = [];
  #down: readonly string[] = [];

  constructor(network: SimulatedNetwork, addresses: readonly string[]) {
    this.network = network;
    this.setAddresses(addresses);
  }

  setAddresses(addresses: readonly string[], down: readonly string[] = []): void {
    this.#down = down;
    this.#interfaces = addresses.map((address, index) => ({
      name: address.startsWith('127.') ? 'lo' : `eth${index}`,
      address,
      netmask: '255.255.255.0',
      loopback: address.startsWith('127.'),
    }));
  }

  interfaces(): readonly NetworkInterface[] {
    return this.#interfaces;
  }

  async bind(options: BindOptions): Promise<DatagramSocket> {
    const { address } = options;
    const local = [ANY_ADDRESS, ...this.#down, ...this.#interfaces.map((each) => each.address)];
    if (!local.includes(address) && !isMulticast(address)) throw new Error(`EADDRNOTAVAIL ${address}`);
    return this.network.open(this, options);
  }
}

/** Hosts and the links between them, in memory. Every interface of every host is on one link per /24 network. */
export class SimulatedNetwork {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #sockets = new Map<number, Set<SimulatedSocket>>();
  readonly #cut = new Set<string>();
  /** May be changed while the network runs. */
  conditions: NetworkConditions;
  /** Datagrams carried and dropped so far. */
  readonly counters = { carried: 0, dropped: 0 };

  constructor({ clock, random, conditions = {} }: { clock: Clock; random: Random; conditions?: NetworkConditions }) {
    this.#clock = clock;
    this.#random = random;
    this.conditions = conditions;
  }

  /** Returns a host with one interface per address, each with netmask 255.255.255.0. */
  host(...addresses: readonly string[]): ChangingHost {
    return new SimulatedHost(this, addresses);
  }

  /** Disconnects the cable of an interface, or connects it again. */
  setLink(address: string, up: boolean): void {
    if (up) this.#cut.delete(address);
    else this.#cut.add(address);
  }

  open(host: SimulatedHost, options: BindOptions): SimulatedSocket {
    let port = options.port;
    const taken = (candidate: number) =>
      [...this.#on(candidate)].some(
        (socket) =>
          socket.host === host &&
          overlap(socket.local.address, options.address) &&
          !(options.shared && socket.options.shared),
      );
    if (port === 0) for (port = FIRST_EPHEMERAL_PORT; taken(port); ) port += 1;
    else if (taken(port)) throw new AddressInUse(`simulated ${options.address}:${port} is taken`);
    const socket = new SimulatedSocket(host, options, port);
    this.#sockets.set(port, this.#on(port).add(socket));
    return socket;
  }

  remove(socket: SimulatedSocket): void {
    this.#on(socket.local.port).delete(socket);
  }

  carry(sender: SimulatedSocket, bytes: Uint8Array, port: number, address: string): void {
    const source = this.#sourceAddress(sender, address);
    if (source === undefined || this.#cut.has(source)) {
      this.#drop();
      return;
    }
    for (const receiver of this.#on(port)) {
      if (!this.#reaches(source, sender, receiver, address)) continue;
      if (this.#random.float() < (this.conditions.loss ?? 0)) {
        this.#drop();
        continue;
      }
      const copies = this.#random.float() < (this.conditions.duplication ?? 0) ? 2 : 1;
      for (let copy = 0; copy < copies; copy += 1)
        this.#deliver(receiver, bytes, { address: source, port: sender.local.port });
    }
  }

  #on(port: number): Set<SimulatedSocket> {
    return this.#sockets.get(port) ?? new Set();
  }

  #drop(): void {
    this.counters.dropped += 1;
  }

  #deliver(receiver: SimulatedSocket, bytes: Uint8Array, from: SocketAddress): void {
    const held = this.#random.float() < (this.conditions.reordering ?? 0);
    const delayMs =
      (this.conditions.latencyMs ?? 0) + (held ? this.#random.float() * (this.conditions.reorderMs ?? 5) : 0);
    this.#clock.after(delayMs, () => {
      if (!this.#on(receiver.local.port).has(receiver)) return;
      this.counters.carried += 1;
      receiver.options.onDatagram(bytes.slice(), from);
    });
  }

  #sourceAddress(sender: SimulatedSocket, target: string): string | undefined {
    if (isMulticast(target)) return sender.multicastInterface;
    const interfaces = sender.host.interfaces();
    const exact = interfaces.find((candidate) => candidate.address === target);
    return (exact ?? interfaces.find((candidate) => sameNetwork(candidate.address, target)))?.address;
  }

  #reaches(source: string, sender: SimulatedSocket, receiver: SimulatedSocket, target: string): boolean {
    if (source.startsWith('127.') && receiver.host !== sender.host) return false;
    if (isMulticast(target)) {
      return receiver.host
        .interfaces()
        .some(
          ({ address }) =>
            sameNetwork(address, source) && !this.#cut.has(address) && receiver.groups.has(`${target}@${address}`),
        );
    }
    if (this.#cut.has(target)) return false;
    const bound = receiver.local.address;
    return (
      (bound === target || bound === ANY_ADDRESS) &&
      receiver.host.interfaces().some(({ address }) => address === target)
    );
  }
}

/** Returns whether sockets bound to these two addresses of one host would receive the same datagrams. */
const overlap = (a: string, b: string): boolean => a === b || a === ANY_ADDRESS || b === ANY_ADDRESS;

function sameNetwork(a: string, b: string): boolean {
  return a.slice(0, a.lastIndexOf('.')) === b.slice(0, b.lastIndexOf('.'));
}
