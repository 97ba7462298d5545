import type { Server as HttpsServer } from 'node:https';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { answerPlainHttp } from '../http/client-error.ts';
import { HANDSHAKE_TIMEOUT_MS } from './tls-options.ts';

/** With this a record of a handshake begins (RFC 8446, 5.1), and no request of HTTP does. */
const HANDSHAKE = 22;

/** Connections that have not agreed on keys yet, and how one that has came in. */
export interface SecuredPort {
  /** Ends those that have not: nobody is told anything on them. */
  cutOff(): void;
}

/**
 * Lets nobody but who speaks TLS come to a server. Who speaks HTTP is answered in the clear that this is HTTPS, which is better than
 * a connection that breaks; nothing else is read of what they send. `onSecured` is called with the connection as it came in
 * and the one over TLS.
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
    // It is nobody's yet: who breaks it off is not to end the process.
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

/** What no two open connections of a server have in common. */
function endsOf({ remoteAddress, remotePort, localAddress }: Socket): string {
  return `${remoteAddress} ${remotePort} ${localAddress}`;
}
