import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Answers every delivery with 204 until it is killed. Prints its port. */
const server = createServer((request, response) => {
  request.resume();
  request.on('end', () => response.writeHead(204).end());
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`));
