import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import type { Clock } from '@medkit/edges';
import type { WebSocket } from 'ws';
import { BUFFER_BYTES } from '../stream/relay-stream.ts';
import type { Carrier } from './carrier.ts';

/** Maximum length of a received message, bytes. This end sends at most `BUFFER_BYTES`; a proxy may join messages. */
export const MAX_MESSAGE_BYTES = 1_048_576;

/** Options of `ws` that both ends use: TLS inside does not compress. */
export const WEB_SOCKET_OPTIONS = { perMessageDeflate: false, maxPayload: MAX_MESSAGE_BYTES } as const;

/**
 * Carries bytes in the binary messages of an open WebSocket, with back-pressure in both directions.
 * @param outer the socket of the WebSocket
 */
export function webSocketCarrier(socket: WebSocket, clock: Clock, outer: Socket | Duplex): Carrier {
  let listener: Parameters<Carrier['listen']>[0] = {};
  let activeMs = clock.monotonicMs();
  const touch = (): void => {
    activeMs = clock.monotonicMs();
  };
  const send = (chunk: Buffer, done: (error?: Error | null) => void): void => {
    touch();
    for (let at = BUFFER_BYTES; at < chunk.length; at += BUFFER_BYTES) {
      socket.send(chunk.subarray(at - BUFFER_BYTES, at), { binary: true });
    }
    const last = Math.floor(Math.max(0, chunk.length - 1) / BUFFER_BYTES) * BUFFER_BYTES;
    socket.send(chunk.subarray(last), { binary: true }, done);
  };
  const stream = new Duplex({
    highWaterMark: BUFFER_BYTES,
    read: () => void (socket.isPaused && socket.resume()),
    write: (chunk, _encoding, done) => send(chunk, done),
    writev: (chunks, done) => send(Buffer.concat(chunks.map(({ chunk }) => chunk)), done),
    final: (done) => {
      socket.close();
      done();
    },
    destroy: (error, done) => {
      socket.terminate();
      done(error);
    },
  });
  stream.on('error', () => undefined);
  socket.on('message', (data: Buffer, isBinary) => {
    touch();
    if (!isBinary)
      stream.destroy(new Error('the other end sent a text message: it does not speak the uplink protocol'));
    else if (!stream.push(data)) socket.pause();
  });
  socket.on('ping', () => {
    touch();
    listener.ping?.();
  });
  socket.on('pong', () => {
    touch();
    listener.pong?.();
  });
  socket.on('error', (error) => stream.destroy(error));
  socket.on('close', () => {
    // What arrived before stays readable: it may state why the other end closes.
    stream.push(null);
    stream.end();
  });
  return {
    stream,
    ping: () => {
      touch();
      if (socket.readyState === socket.OPEN) socket.ping();
    },
    listen: (next) => {
      listener = next;
    },
    get activeMs() {
      return activeMs;
    },
    get octets() {
      const { bytesRead = 0, bytesWritten = 0, writableLength } = outer as Partial<Socket>;
      // What is still in buffers of this process has not left.
      return { sent: Math.max(0, bytesWritten - (writableLength ?? 0)), received: bytesRead };
    },
  };
}
