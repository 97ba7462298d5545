import { type AddressInfo, createServer, type Socket } from 'node:net';
import type { HostileAnswer } from './hostile-answers.ts';

/** Bytes of an answer that does not end by itself. */
const ENDLESS_BYTES = 64 * 1024 * 1024;

/** Answer of a gateway on loopback to a path below the base of the API, byte by byte. */
export type Answering = (path: string) => HostileAnswer;

/** Starts a gateway with the given answers, well-formed or not. */
export async function hostilePeer(answering: Answering) {
  let answered = 0;
  let mostWritten = 0;
  const sockets = new Set<Socket>();
  const send = async (socket: Socket, { status, headers, body, manner }: HostileAnswer): Promise<void> => {
    answered++;
    const lines = [`HTTP/1.1 ${status} X`, ...headers.map(([name, text]) => `${name}: ${text}`), 'connection: close'];
    socket.write(Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'));
    if (manner === 'in pieces') {
      for (const part of [body.subarray(0, 1), body.subarray(1, 2), body.subarray(2)]) socket.write(part);
    } else if (manner === 'endless') {
      const part = Buffer.concat([body, Buffer.alloc(65_536, 'x')]);
      let written = 0;
      for (; written < ENDLESS_BYTES && !socket.destroyed; written += part.length) {
        if (socket.write(part)) continue;
        await new Promise<void>((resolve) => {
          const goOn = (): void => {
            socket.off('drain', goOn).off('close', goOn);
            resolve();
          };
          socket.on('drain', goOn).on('close', goOn);
        });
      }
      mostWritten = Math.max(mostWritten, written);
    } else socket.write(manner === 'cut' ? body.subarray(0, body.length >> 1) : body);
    if (manner === 'never ends') return;
    if (manner === 'cut') socket.resetAndDestroy();
    else socket.end();
  };
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    let text = '';
    let isAnswered = false;
    socket.on('data', (chunk) => {
      if (isAnswered) return;
      text += chunk.toString('latin1');
      if (!text.includes('\r\n\r\n')) return;
      isAnswered = true;
      const path = text.split(' ', 2)[1]?.replace('/api/v1', '') ?? '';
      void send(socket, answering(path));
    });
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answered: () => answered,
    /** Returns the most bytes that were read of an endless answer. */
    mostWritten: () => mostWritten,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
