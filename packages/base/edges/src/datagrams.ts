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
  /**
   * Shares the port with other sockets of this machine, as every participant of a domain does with the multicast port.
   */
  readonly shared?: boolean;
  /** Requested receive buffer in bytes; the system may grant less, see `receiveBufferBytes`. */
  readonly receiveBufferBytes?: number;
  readonly sendBufferBytes?: number;
  /** Time to live of multicast datagrams: the number of routers that they may pass, plus one (default 1). */
  readonly multicastHops?: number;
  readonly onDatagram: DatagramListener;
}

export interface DatagramSocket {
  readonly local: SocketAddress;
  /** Receive buffer that the system granted, in bytes. */
  readonly receiveBufferBytes: number;
  /** Datagrams that could not be sent, and the last reason, since the socket was opened. */
  readonly sendFailures: { readonly count: number; readonly last: string };
  /** Sends one datagram made of `parts`, in order. Never throws and never waits: a failure is counted. */
  send(parts: readonly Uint8Array[], port: number, address: string): void;
  /** Joins a multicast group on the interface that has `interfaceAddress`. Throws if the system refuses. */
  joinGroup(group: string, interfaceAddress: string): void;
  /** Sets the interface through which this socket sends multicast datagrams. */
  setMulticastInterface(interfaceAddress: string): void;
  close(): Promise<void>;
}

/** The port or address to bind is taken. */
export class AddressInUse extends Error {
  override readonly name = 'AddressInUse';
}

/** Sends and receives datagrams: over UDP, or over a simulated network. */
export interface Datagrams {
  interfaces(): readonly NetworkInterface[];
  /** Throws `AddressInUse` if the port is taken, another error if the system refuses. */
  bind(options: BindOptions): Promise<DatagramSocket>;
}
