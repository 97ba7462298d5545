import { createSocket, type Socket } from 'node:dgram';
import { networkInterfaces } from 'node:os';
import {
  AddressInUse,
  type BindOptions,
  type DatagramSocket,
  type Datagrams,
  type NetworkInterface,
  type SocketAddress,
} from '../datagrams.ts';

/**
 * dgram resolves even literal addresses on a later tick. Answering synchronously keeps the order and saves the tick.
 */
const literalLookup = (
  host: string,
  _options: unknown,
  done: (error: Error | null, address: string, family: number) => void,
) => done(null, host, 4);

function ipv4Interfaces(): readonly NetworkInterface[] {
  return Object.entries(networkInterfaces()).flatMap(([name, addresses]) =>
    (addresses ?? [])
      .filter((info) => info.family === 'IPv4')
      .map((info) => ({ name, address: info.address, netmask: info.netmask, loopback: info.internal })),
  );
}

class UdpSocket implements DatagramSocket {
  readonly #socket: Socket;
  readonly local: SocketAddress;
  readonly receiveBufferBytes: number;
  readonly sendFailures = { count: 0, last: '' };

  constructor(socket: Socket) {
    this.#socket = socket;
    const { address, port } = socket.address();
    this.local = { address, port };
    // Linux reports twice the payload it grants (socket(7), SO_RCVBUF).
    this.receiveBufferBytes = Math.floor(socket.getRecvBufferSize() / (process.platform === 'linux' ? 2 : 1));
    socket.on('error', this.#onFailure);
  }

  #onFailure = (error: Error | null): void => {
    if (!error) return;
    this.sendFailures.count += 1;
    this.sendFailures.last = error.message;
  };

  send(parts: readonly Uint8Array[], port: number, address: string): void {
    try {
      this.#socket.send(parts, port, address, this.#onFailure);
    } catch (error) {
      this.#onFailure(error as Error);
    }
  }

  joinGroup(group: string, interfaceAddress: string): void {
    this.#socket.addMembership(group, interfaceAddress);
  }

  setMulticastInterface(interfaceAddress: string): void {
    this.#socket.setMulticastInterface(interfaceAddress);
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.#socket.close(() => resolve()));
  }
}

function bind({ address, port, shared, multicastHops, onDatagram, ...buffers }: BindOptions): Promise<DatagramSocket> {
  return new Promise((resolve, reject) => {
    const socket = createSocket({
      type: 'udp4',
      reuseAddr: shared === true,
      lookup: literalLookup as never,
      ...(buffers.receiveBufferBytes && { recvBufferSize: buffers.receiveBufferBytes }),
      ...(buffers.sendBufferBytes && { sendBufferSize: buffers.sendBufferBytes }),
    });
    socket.once('error', (error: NodeJS.ErrnoException) => {
      socket.close();
      reject(
        error.code === 'EADDRINUSE'
          ? new AddressInUse(`UDP ${address}:${port} is already in use`, { cause: error })
          : error,
      );
    });
    socket.bind({ address, port, exclusive: true }, () => {
      socket.removeAllListeners('error');
      socket.setMulticastLoopback(true);
      if (multicastHops !== undefined) socket.setMulticastTTL(multicastHops);
      socket.on('message', onDatagram);
      resolve(new UdpSocket(socket));
    });
  });
}

/** UDP over IPv4 through Node's dgram. */
export const udpDatagrams: Datagrams = { interfaces: ipv4Interfaces, bind };
