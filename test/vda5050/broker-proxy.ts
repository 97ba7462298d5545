import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A proxy to a broker that can be cut or blocked. */
export interface BrokerProxy extends AsyncDisposable {
  readonly url: string;
  /** Breaks the connection on both sides. */
  cut(): void;
  /** Blocks all data without closing the connection. */
  block(): void;
  /** Forwards the blocked data. */
  unblock(): void;
}

export async function startBrokerProxy(brokerUrl: string): Promise<BrokerProxy> {
  const sockets = new Set<Socket>();
  let isBlocked = false;
  const keep = (socket: Socket): Socket => {
    sockets.add(socket.on('close', () => sockets.delete(socket)).on('error', () => socket.destroy()));
    return socket;
  };
  const server = createServer((near) => {
    const far = connect(Number(new URL(brokerUrl).port), '127.0.0.1');
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      keep(from).pipe(to);
      from.on('close', () => to.destroy());
      if (isBlocked) from.pause();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const all = (change: (socket: Socket) => void): void => {
    for (const socket of sockets) change(socket);
  };
  return {
    url: `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut: () => all((socket) => socket.destroy()),
    block() {
      isBlocked = true;
      all((socket) => socket.pause());
    },
    unblock() {
      isBlocked = false;
      all((socket) => socket.resume());
    },
    async [Symbol.asyncDispose]() {
      all((socket) => socket.destroy());
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
