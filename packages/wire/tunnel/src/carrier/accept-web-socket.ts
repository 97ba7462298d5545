import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Clock } from '@medkit/edges';
import { type WebSocket, WebSocketServer } from 'ws';
import { UplinkFailed } from '../handshake/uplink-end.ts';
import type { Carrier } from './carrier.ts';
import { WEB_SOCKET_OPTIONS, webSocketCarrier } from './web-socket-carrier.ts';

/** An upgrade request, as the event `upgrade` of an HTTP server has it. */
export interface UpgradeRequest {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
}

/** Answers an upgrade request. An invalid one is answered with 400, and `UplinkFailed` is thrown. */
export async function acceptWebSocket({ request, socket, head }: UpgradeRequest, clock: Clock): Promise<Carrier> {
  const server = new WebSocketServer({ ...WEB_SOCKET_OPTIONS, noServer: true, clientTracking: false });
  const webSocket = await new Promise<WebSocket>((resolve, reject) => {
    server.once('wsClientError', (error) => {
      socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
      reject(
        new UplinkFailed({ kind: 'protocol', code: 'malformed', reason: `not a valid WebSocket: ${error.message}` }),
      );
    });
    socket.once('close', () => reject(new UplinkFailed({ kind: 'lost', reason: 'the connection ended' })));
    server.handleUpgrade(request, socket, head, resolve);
  });
  return webSocketCarrier(webSocket, clock, socket);
}
