import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A line to a broker that can be cut, or pass nothing on for a while. */
export interface TroubledLine extends AsyncDisposable {
  readonly url: string;
  /** Both ends see their connection break. */
  cut(): void;
  /** Nothing goes through, and nobody is told. */
  block(): void;
  /** What was on its way goes through. */
  unblock(): void;
}

export async function startTroubledLine(brokerUrl: string): Promise<TroubledLine> {
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
