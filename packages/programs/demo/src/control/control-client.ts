import { connect } from 'node:net';
import { type ControlReply, type ControlRequest, decodeReply, encodeLine, MAX_LINE_LENGTH } from './protocol.ts';
import { ControlUnusable } from './socket-path.ts';

/** Timeout of a command: restarting a node takes a second, and much longer on a slow machine. */
const TIMEOUT_MS = 120_000;
const RESTART = 'stop it, and start it again with this version of medkit';

/** No demo listens at the socket. */
export class NoDemoRunning extends Error {
  override readonly name = 'NoDemoRunning';
}

/** Sends a command to the running demo. Throws `NoDemoRunning`, or `ControlUnusable` for an invalid reply. */
export function askDemo(path: string, request: ControlRequest): Promise<ControlReply> {
  return new Promise((resolve, reject) => {
    let text = '';
    const socket = connect(path, () => socket.write(encodeLine(request)));
    socket.setEncoding('utf8');
    const noReply = `the demo sent no reply within ${TIMEOUT_MS / 1000} s: ${RESTART}`;
    socket.setTimeout(TIMEOUT_MS, () => socket.destroy(new ControlUnusable(noReply)));
    const tooLong = `the demo sent a reply of more than ${MAX_LINE_LENGTH} characters: ${RESTART}`;
    socket.on('data', (chunk: string) => {
      text += chunk;
      if (text.length > MAX_LINE_LENGTH) socket.destroy(new ControlUnusable(tooLong));
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      const absent = error.code === 'ENOENT' || error.code === 'ECONNREFUSED';
      reject(absent ? new NoDemoRunning('no demo is running: start one with `npm start`') : error);
    });
    socket.on('end', () => {
      try {
        resolve(decodeReply(text.trimEnd()));
      } catch (cause) {
        reject(new ControlUnusable(`the demo sent an invalid reply: ${RESTART}`, { cause }));
      }
    });
  });
}
