/** One IPv4 address of one network interface. */
export interface NetworkInterface {
  readonly name: string;
  /** Dotted quad. */
  readonly address: string;
  /** Dotted quad. */
  readonly netmask: string;
  /** True for a loopback interface (127.0.0.0/8). */
  readonly loopback: boolean;
}

export interface SocketAddress {
  /** Dotted quad. */
  readonly address: string;
  readonly port: number;
}

/**
 * Called once per datagram. `bytes` belongs to the listener from then on: it is never written again, so views of it may
 * be kept.
 */
export type DatagramListener = (bytes: Uint8Array, from: SocketAddress) => void;

export interface BindOptions {
  /** The local address to bind; `0.0.0.0` for all. */
  readonly address: string;
  /** 0 lets the system choose. */
  readonly port: number;
  /** Share the port with other sockets of this machine, as every participant of a domain does with the multicast port. */
  readonly shared?: boolean;
  /** Receive buffer to ask for, octets; the system may grant less, see `receiveBufferBytes`. */
  readonly receiveBufferBytes?: number;
  readonly sendBufferBytes?: number;
  /** Routers that a multicast datagram may pass, and one more (default 1). */
  readonly multicastHops?: number;
  readonly onDatagram: DatagramListener;
}

export interface DatagramSocket {
  readonly local: SocketAddress;
  /** What the system really granted, octets. */
  readonly receiveBufferBytes: number;
  /** Datagrams that could not be sent, and the last reason, since the socket was opened. */
  readonly sendFailures: { readonly count: number; readonly last: string };
  /** Sends one datagram made of `parts`, in order. Never throws and never waits: a failure is counted. */
  send(parts: readonly Uint8Array[], port: number, address: string): void;
  /** Joins a multicast group on the interface that has `interfaceAddress`. Throws when the system refuses. */
  joinGroup(group: string, interfaceAddress: string): void;
  /** Chooses the interface that multicast datagrams of this socket leave through. */
  setMulticastInterface(interfaceAddress: string): void;
  close(): Promise<void>;
}

/** The port or address to bind is taken. */
export class AddressInUse extends Error {
  override readonly name = 'AddressInUse';
}

/** A way to send and receive datagrams: UDP, or a simulated network. */
export interface Datagrams {
  interfaces(): readonly NetworkInterface[];
  /** Throws `AddressInUse` when the port is taken, another error when the system refuses. */
  bind(options: BindOptions): Promise<DatagramSocket>;
}
