import { createServer, get, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * The calibrator of an aggregating gateway: a bare `node:http` server that forwards the streams at the given addresses
 * to its clients, chunk by chunk. It reads them only while a client is connected.
 */
const clients = new Set<ServerResponse>();
let reading: AbortController | undefined;

const server = createServer((_request, response) => {
  clients.add(response);
  response.on('close', () => {
    if (clients.delete(response) && clients.size === 0) reading?.abort();
  });
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write(':connected\n\n');
  if (clients.size === 1) read();
});

function read(): void {
  reading = new AbortController();
  for (const url of process.argv.slice(2)) {
    get(url, { signal: reading.signal, headers: { 'last-event-id': String(Number.MAX_SAFE_INTEGER) } }, (reply) => {
      reply.on('data', (octets: Buffer) => {
        for (const client of clients) client.write(octets);
      });
      reply.on('error', () => undefined);
    }).on('error', () => undefined);
  }
}

server.listen(0, '127.0.0.1', () => process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
process.on('disconnect', () => process.exit(0));
