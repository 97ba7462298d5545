import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import { pipeline } from 'node:stream/promises';
import { createWebSocketStream, WebSocketServer } from 'ws';

/**
 * WebSockets at `/mqtt` in front of a broker, like a plant's reverse proxy: Debian's Mosquitto does not support them.
 */
export async function webSocketBridge(broker: string): Promise<AsyncDisposable & { readonly url: string }> {
  const { hostname, port } = new URL(broker);
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, path: '/mqtt' });
  server.on('connection', (socket) => {
    const near = createWebSocketStream(socket);
    const far = connect(Number(port), hostname);
    // However the connection ends, both sides are closed.
    pipeline(near, far, near).catch(() => far.destroy());
  });
  await once(server, 'listening');
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      for (const socket of server.clients) socket.terminate();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
