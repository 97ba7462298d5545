import type { ServerResponse } from 'node:http';
import { type Clock, OwnedMap, type QuotaFigures } from '@medkit/edges';

/** Maximum number of clients: a robot has one VDA 5050 client and perhaps two viewers. */
const MAX_CLIENTS = 32;
/** Backlog after which a slow client is disconnected. It reconnects and starts with the current text. */
const MAX_BEHIND_BYTES = 256 * 1024;
/** Interval of comments, so that proxies keep the connection open and dead clients are detected. */
const COMMENT_MS = 15_000;

/** Clients that follow a text as server-sent events. */
export interface EventClients {
  /** Returns false, without a response, if there are too many clients, or too many of `owner`. */
  add(response: ServerResponse, text: string, owner?: string): boolean;
  figures(): QuotaFigures;
  send(text: string): void;
  close(): void;
}

export function eventClients(clock: Clock): EventClients {
  const clients = new OwnedMap<ServerResponse, string | undefined>(MAX_CLIENTS, (owner) => owner);
  const write = (chunk: string): void => {
    for (const client of clients.keys()) {
      if (client.writableLength > MAX_BEHIND_BYTES) client.destroy();
      else client.write(chunk);
    }
  };
  const comments = clock.every(COMMENT_MS, () => write(': \n\n'));
  const eventOf = (text: string): string => `event: errors\ndata: ${text}\n\n`;
  return {
    figures: () => clients.quota.figures(),
    add(response, text, owner) {
      if (!clients.quota.admits(owner)) {
        clients.quota.refuse();
        return false;
      }
      clients.set(response, owner);
      response.on('close', () => clients.delete(response));
      response
        .writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' })
        .write(eventOf(text));
      return true;
    },
    send: (text) => write(eventOf(text)),
    close() {
      comments.cancel();
      for (const client of clients.keys()) client.end();
    },
  };
}
