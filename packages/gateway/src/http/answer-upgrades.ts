import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** The route whose requests become other connections. */
export interface UpgradeRoute {
  /** Returns whether a request with `Upgrade` is for this route. */
  matches(request: IncomingMessage): boolean;
  /** Answers the request and takes over its connection. Does not reject. */
  accept(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void>;
}

interface UpgradesOptions {
  readonly connections: { release(socket: Socket): void };
  readonly isClosing: () => boolean;
}

const NO_BODY = 'Content-Length: 0\r\nConnection: close\r\n\r\n';

/**
 * Lets one route upgrade its requests. Other requests with `Upgrade`, such as `h2c` of some clients, are answered as
 * requests without it; versions of Node.js before 24.9 cannot do that, and close their connections with 400.
 */
export function answerUpgrades(server: Server, route: UpgradeRoute, { connections, isClosing }: UpgradesOptions): void {
  Object.assign(server, { shouldUpgradeCallback: (request: IncomingMessage) => route.matches(request) });
  server.on('upgrade', (request, socket, head) => {
    if (!route.matches(request) || isClosing()) {
      const status = isClosing() ? '503 Service Unavailable\r\nRetry-After: 5' : '400 Bad Request';
      socket.end(`HTTP/1.1 ${status}\r\n${NO_BODY}`, () => socket.destroy());
      return;
    }
    connections.release(socket as Socket);
    void route.accept(request, socket, head);
  });
}
