import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/**
 * A hostile client of the gateway at `<port>` of this machine; prints `done` when its attack is complete. `silent`
 * opens connections and sends nothing, `json` sends JSON that is expensive to parse. It holds its connections until it
 * is killed.
 */
const [, , attack = '', port = ''] = process.argv;

const SILENT = 5000;
/** Connections opened at the same time, below the system's backlog of a listening socket. */
const AT_ONCE = 250;
const BODY_BYTES = 16 * 1024 * 1024;
const PIECE_BYTES = 65_536;
/** Maximum time until the gateway answers a body or disconnects. */
const PATIENCE_MS = 20_000;

async function open(): Promise<Socket> {
  const socket = connect(Number(port), '127.0.0.1');
  socket.on('error', () => undefined).resume();
  await Promise.race([of(socket, 'connect'), of(socket, 'close')]);
  return socket;
}

/** Waits for the next of these events and ignores errors: being disconnected is expected. */
function of(socket: Socket, event: 'connect' | 'drain' | 'close'): Promise<void> {
  return new Promise((resolve) => socket.once(event, () => resolve()));
}

async function beSilent(): Promise<void> {
  for (let opened = 0; opened < SILENT; opened += AT_ONCE) {
    await Promise.all(Array.from({ length: AT_ONCE }, open));
  }
}

/** Long integers, escapes and one-letter lists: each made a parser slow. */
const TEXTS = [
  `["\\u005f"${',1'.repeat(BODY_BYTES / 2)}]`,
  `[${'9223372036854775807,'.repeat(BODY_BYTES / 20)}1]`,
  `[${'[[]],'.repeat(BODY_BYTES / 5)}1]`,
];
const ADDRESSES = [
  'PUT /api/v1/apps/planner/data/cmd_vel',
  'POST /api/v1/apps/planner/operations/plan/executions',
  'POST /api/v1/apps/planner/triggers',
];

/** Sends a body with a known length, or in chunks without one. */
async function send(address: string, text: string, isChunked: boolean): Promise<void> {
  const socket = await open();
  const ended = of(socket, 'close');
  const size = isChunked ? 'Transfer-Encoding: chunked' : `Content-Length: ${text.length}`;
  socket.write(`${address} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n${size}\r\n\r\n`);
  for (let at = 0; at < text.length && !socket.destroyed; at += PIECE_BYTES) {
    const piece = text.slice(at, at + PIECE_BYTES);
    const goesOn = socket.write(isChunked ? `${piece.length.toString(16)}\r\n${piece}\r\n` : piece);
    if (!goesOn) await Promise.race([of(socket, 'drain'), ended]);
  }
  if (isChunked) socket.write('0\r\n\r\n');
  await Promise.race([ended, delay(PATIENCE_MS, undefined, { ref: false })]);
}

async function sendJson(): Promise<void> {
  for (const isChunked of [false, true]) {
    for (const [at, text] of TEXTS.entries()) await send(ADDRESSES[at] as string, text, isChunked);
  }
}

await (attack === 'silent' ? beSilent() : sendJson());
console.log('done');
// The parent process kills this one.
setInterval(() => undefined, 60_000);
