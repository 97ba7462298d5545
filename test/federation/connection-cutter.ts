import { connect, createServer, type Socket } from 'node:net';

/** A proxy to a port of this machine that can be cut and restored. */
export interface ConnectionCutter {
  readonly url: string;
  /** Ends the current connections. */
  cut(): void;
  close(): Promise<void>;
}

/** Opens a proxy on loopback to the server on this port. */
export async function openConnectionCutter(port: number): Promise<ConnectionCutter> {
  const sockets = new Set<Socket>();
  const keep = (socket: Socket, other: Socket): void => {
    sockets.add(socket);
    socket.on('error', () => other.destroy());
    socket.on('close', () => {
      sockets.delete(socket);
      other.destroy();
    });
  };
  const server = createServer((client) => {
    const target = connect(port, '127.0.0.1');
    keep(client, target);
    keep(target, client);
    client.pipe(target).pipe(client);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`,
    cut,
    close: async () => {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
