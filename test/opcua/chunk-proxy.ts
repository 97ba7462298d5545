import { once } from 'node:events';
import { type AddressInfo, createConnection, createServer, type Socket } from 'node:net';
import { ChunkReader } from '../../packages/wire/opcua/src/channel/uacp.ts';
import { chunksOf } from './recorded-answers.ts';

/** Handles the chunks of one connection: returns the chunks to forward instead of each. */
export interface ChunkWay {
  onRequest?(chunk: Buffer): readonly Buffer[];
  onAnswer?(chunk: Buffer): readonly Buffer[];
}

export interface ChunkProxy {
  readonly endpointUrl: string;
  close(): Promise<void>;
}

/** Opens a proxy to the server of `endpointUrl` that manipulates messages, with one `way` for each connection. */
export async function openChunkProxy(endpointUrl: string, way: () => ChunkWay): Promise<ChunkProxy> {
  const { hostname, port } = new URL(endpointUrl);
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = createConnection({ host: hostname, port: Number(port) });
    const handlers = way();
    const answers = new ChunkReader();
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
    client.on('data', (octets) => {
      for (const chunk of chunksOf(octets))
        for (const each of handlers.onRequest?.(chunk) ?? [chunk]) upstream.write(each);
    });
    upstream.on('data', (octets) => {
      for (const chunk of answers.take(octets)) {
        for (const each of handlers.onAnswer?.(Buffer.from(chunk)) ?? [chunk]) client.write(each);
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpointUrl: `opc.tcp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
