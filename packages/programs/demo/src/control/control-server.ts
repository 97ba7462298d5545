import type { Socket } from 'node:net';
import { openPrivateSocket, type PrivateSocket } from './private-socket.ts';
import { type ControlReply, type ControlRequest, decodeRequest, encodeLine, MAX_LINE_LENGTH } from './protocol.ts';

/** Time after which a connection without a complete line is closed. */
const IDLE_MS = 5000;

/** Listens for commands at `path`, accessible only to this user. Throws `DemoAlreadyRunning` if another demo does. */
export function openControlServer(
  path: string,
  answer: (request: ControlRequest) => Promise<ControlReply>,
): Promise<PrivateSocket> {
  return openPrivateSocket(path, (socket) => serve(socket, answer));
}

function serve(socket: Socket, answer: (request: ControlRequest) => Promise<ControlReply>): void {
  let text = '';
  socket.setEncoding('utf8');
  socket.setTimeout(IDLE_MS, () => socket.destroy());
  // Ignores a client that disconnects before its reply is written.
  socket.on('error', () => socket.destroy());
  const onText = async (chunk: string): Promise<void> => {
    text += chunk;
    const end = text.indexOf('\n');
    if (end < 0 && text.length <= MAX_LINE_LENGTH) return;
    socket.off('data', onText);
    const reply = await Promise.resolve()
      .then(() => answer(decodeRequest(text.slice(0, Math.max(0, end)))))
      .catch((error: Error): ControlReply => ({ ok: false, error: error.message }));
    socket.end(encodeLine(reply));
  };
  socket.on('data', onText);
}
