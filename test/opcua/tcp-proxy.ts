import { once } from 'node:events';
import { type AddressInfo, createConnection, createServer, type Socket } from 'node:net';

/** A proxy to a server that can be observed, muted and cut. */
export interface TcpProxy {
  readonly endpointUrl: string;
  /** Number of current connections. */
  readonly connections: number;
  /** From now on drops all data of the server without closing connections, like a pulled cable. */
  mute(): void;
  /** Forwards later data again. */
  unmute(): void;
  /** Ends all connections. */
  cut(): void;
  close(): Promise<void>;
}

/** Receives the data that passes through. */
export interface ProxyListener {
  onRequest?(octets: Buffer): void;
  onAnswer?(octets: Buffer): void;
}

/** Opens a proxy to the server of `endpointUrl`. */
export async function openProxy(endpointUrl: string, listener: ProxyListener = {}): Promise<TcpProxy> {
  const { hostname, port } = new URL(endpointUrl);
  const sockets = new Set<Socket>();
  let isMute = false;
  const server = createServer((client) => {
    const upstream = createConnection({ host: hostname, port: Number(port) });
    const end = () => {
      client.destroy();
      upstream.destroy();
    };
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', end);
      socket.on('close', () => {
        sockets.delete(socket);
        if (!isMute) end();
      });
    }
    client.on('data', (octets) => {
      if (isMute) return;
      listener.onRequest?.(octets);
      upstream.write(octets);
    });
    upstream.on('data', (octets) => {
      if (isMute) return;
      listener.onAnswer?.(octets);
      client.write(octets);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    endpointUrl: `opc.tcp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get connections() {
      return sockets.size / 2;
    },
    mute: () => {
      isMute = true;
    },
    unmute: () => {
      isMute = false;
    },
    cut,
    close: async () => {
      cut();
      server.close();
      await once(server, 'close');
    },
  };
}
