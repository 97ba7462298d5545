import type { Duplex } from 'node:stream';
import { relayStream } from '../stream/relay-stream.ts';
import { MAX_LINE_BYTES } from './messages.ts';
import { UplinkFailed } from './uplink-end.ts';

/** Sends and receives lines, and then hands over the stream. */
export interface LineChannel {
  /** Sends a message as one line of JSON. */
  send(message: object): void;
  /** Returns the next line without its end. Throws `UplinkFailed`: `line-too-long`, or `lost` at the end. */
  read(): Promise<string>;
  /** Returns the bytes after the last line as a stream. The channel must not be used again. */
  intoStream(): Duplex;
}

/**
 * Splits the first line off the received bytes. Returns `undefined` if it is incomplete. Throws `UplinkFailed` if it is
 * longer than `MAX_LINE_BYTES`.
 */
export function takeLine(received: Buffer): { readonly line: string; readonly rest: Buffer } | undefined {
  const end = received.indexOf(0x0a);
  if ((end < 0 ? received.length : end) > MAX_LINE_BYTES) {
    const reason = `a line of the handshake has more than ${MAX_LINE_BYTES} bytes`;
    throw new UplinkFailed({ kind: 'protocol', code: 'line-too-long', reason });
  }
  return end < 0 ? undefined : { line: received.toString('utf8', 0, end), rest: received.subarray(end + 1) };
}

/** Opens a channel on a stream. Between two reads it receives nothing, so that a peer cannot fill its buffer. */
export function lineChannel(socket: Duplex): LineChannel {
  let received: Buffer = Buffer.alloc(0);
  let problem: string | undefined;
  let wake: (() => void) | undefined;

  const onData = (chunk: Buffer): void => {
    socket.pause();
    received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
    wake?.();
  };
  const end = (reason: string) => (): void => {
    problem ??= reason;
    wake?.();
  };
  const onError = (error: Error): void => end(error.message)();
  const onEnd = end('the connection ended during the handshake');
  socket.pause();
  socket.on('data', onData).on('end', onEnd).on('close', onEnd).on('error', onError);

  return {
    send: (message) => {
      if (!socket.destroyed) socket.write(`${JSON.stringify(message)}\n`);
    },
    read: async () => {
      for (;;) {
        const found = takeLine(received);
        if (found) {
          received = found.rest;
          return found.line;
        }
        if (problem !== undefined) throw new UplinkFailed({ kind: 'lost', reason: problem });
        const more = Promise.withResolvers<void>();
        wake = more.resolve;
        socket.resume();
        await more.promise;
      }
    },
    intoStream: () => {
      socket.off('data', onData).off('end', onEnd).off('close', onEnd);
      return relayStream(socket, { first: received });
    },
  };
}
