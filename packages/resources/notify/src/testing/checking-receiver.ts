import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ReceiverType } from '../receiver/receiver.ts';
import { CHECKS, type Received } from './checks.ts';

/** A request that a receiver took, with the key by which it knows a message. */
export interface Taken extends Received {
  readonly key: string;
  readonly atMs: number;
}

/**
 * A receiver of one kind on loopback that takes what the documentation of its kind has, and nothing else: it answers 400 and why.
 * While its door is shut it hangs up on whoever comes, as a network that is cut.
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
      // As each of them does it: some have a word for it, others take it in and look at it later.
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
