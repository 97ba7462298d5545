import type { Server as HttpsServer } from 'node:https';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { answerPlainHttp } from '../http/client-error.ts';
import { HANDSHAKE_TIMEOUT_MS } from './tls-options.ts';

/** First byte of a TLS handshake record (RFC 8446, 5.1); no HTTP request begins with it. */
const HANDSHAKE = 22;

/** Tracks connections whose TLS handshake is not complete. */
export interface SecuredPort {
  /** Closes those connections without a reply. */
  cutOff(): void;
}

/**
 * Accepts only TLS connections. Plain HTTP receives an error in plain text that this is HTTPS, which is better than a
 * broken connection; nothing else is read. Calls `onSecured` with the raw connection and its TLS socket.
 */
export function securePort(server: HttpsServer, onSecured: (raw: Socket, secured: TLSSocket) => void): SecuredPort {
  const waiting = new Map<string, Socket>();
  const takeUp = server.listeners('connection') as ((socket: Socket) => void)[];
  server.removeAllListeners('connection');
  server.on('connection', (socket: Socket) => {
    const name = endsOf(socket);
    waiting.set(name, socket);
    const forget = () => {
      if (waiting.get(name) === socket) waiting.delete(name);
    };
    // No other error handler is attached yet: a broken connection must not end the process.
    const ignore = () => undefined;
    socket.once('close', forget).on('error', ignore);
    socket.setTimeout(HANDSHAKE_TIMEOUT_MS, () => socket.destroy());
    socket.once('readable', () => {
      const first: Buffer | null = socket.read(1);
      if (first === null) return;
      socket.setTimeout(0).removeAllListeners('timeout');
      socket.unshift(first);
      if (first[0] === HANDSHAKE) for (const take of takeUp) take.call(server, socket);
      else answerPlainHttp(socket);
    });
  });
  server.on('secureConnection', (secured) => {
    const raw = waiting.get(endsOf(secured));
    if (raw === undefined) return;
    waiting.delete(endsOf(raw));
    onSecured(raw, secured);
  });
  return {
    cutOff: () => {
      for (const socket of waiting.values()) socket.destroy();
    },
  };
}

/** Returns a key that is unique among the open connections of a server. */
function endsOf({ remoteAddress, remotePort, localAddress, localPort }: Socket): string {
  return `${remoteAddress} ${remotePort} ${localAddress} ${localPort}`;
}
