import type { ServerResponse } from 'node:http';
import { type Clock, OwnedMap, type QuotaFigures } from '@medkit/edges';

/** A robot has one client of its own, and a person or two who look. */
const MAX_CLIENTS = 32;
/** A client that is so far behind is let go: it comes again, and begins with what is so by then. */
const MAX_BEHIND_BYTES = 256 * 1024;
/** So that what is between sees that the connection is used, and we that nobody is there any more. */
const COMMENT_MS = 15_000;

/** Those who follow a text as server-sent events. */
export interface EventClients {
  /** False if there are too many, or too many of `owner`; then nothing was said. */
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
