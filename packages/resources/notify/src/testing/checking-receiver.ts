import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ReceiverType } from '../kinds/receiver-kinds.ts';
import { CHECKS, type Received } from './checks.ts';

/** An accepted request, with the key by which the receiver identifies the message. */
export interface Taken extends Received {
  readonly key: string;
  readonly atMs: number;
}

/**
 * Opens a receiver of one kind on loopback. It accepts only requests that match the documentation of its kind; to
 * others it replies 400 with the reason. While `door.open` is false, it drops every connection, as on a broken network.
 */
export async function openCheckingReceiver(type: ReceiverType, { port = 0 }: { readonly port?: number } = {}) {
  const taken: Taken[] = [];
  const refused: string[] = [];
  const door = { open: true };
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    if (!door.open) {
      request.socket.destroy();
      return;
    }
    const { method = '', url: path = '', headers } = request;
    const received = { method, path, headers, body };
    try {
      taken.push({ ...received, key: CHECKS[type](received), atMs: performance.now() });
      // Status codes as each service returns them: 202 if it processes requests later.
      response.writeHead(['pagerduty', 'opsgenie', 'teams'].includes(type) ? 202 : 200).end('ok');
    } catch (error) {
      refused.push(`${error instanceof Error ? error.message : error}: ${body}`);
      response.writeHead(400).end(String(error));
    }
  });
  await once(server.listen(port, '127.0.0.1'), 'listening');
  const bound = (server.address() as AddressInfo).port;
  return {
    taken,
    refused,
    door,
    port: bound,
    url: `http://127.0.0.1:${bound}`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
