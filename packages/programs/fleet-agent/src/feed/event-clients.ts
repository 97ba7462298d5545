import type { ServerResponse } from 'node:http';
import type { Clock } from '@medkit/edges';

/** A robot has one client of its own, and a person or two who look. */
const MAX_CLIENTS = 32;
/** A client that is so far behind is let go: it comes again, and begins with what is so by then. */
const MAX_BEHIND_BYTES = 256 * 1024;
/** So that what is between sees that the connection is used, and we that nobody is there any more. */
const COMMENT_MS = 15_000;

/** Those who follow a text as server-sent events. */
export interface EventClients {
  /** False where there are too many; then nothing was said. */
  add(response: ServerResponse, text: string): boolean;
  send(text: string): void;
  close(): void;
}

export function eventClients(clock: Clock): EventClients {
  const clients = new Set<ServerResponse>();
  const write = (chunk: string): void => {
    for (const client of clients) {
      if (client.writableLength > MAX_BEHIND_BYTES) client.destroy();
      else client.write(chunk);
    }
  };
  const comments = clock.every(COMMENT_MS, () => write(': \n\n'));
  const eventOf = (text: string): string => `event: errors\ndata: ${text}\n\n`;
  return {
    add(response, text) {
      if (clients.size >= MAX_CLIENTS) return false;
      clients.add(response);
      response.on('close', () => clients.delete(response));
      response
        .writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' })
        .write(eventOf(text));
      return true;
    },
    send: (text) => write(eventOf(text)),
    close() {
      comments.cancel();
      for (const client of clients) client.end();
    },
  };
}
