import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/**
 * A client that means harm to the gateway at `<port>` of this machine, and says `done` when it has done it: `silent` opens
 * connections and says nothing, `json` sends JSON that is costly to read. It keeps its connections until it is killed.
 */
const [, , attack = '', port = ''] = process.argv;

const SILENT = 5000;
/** Connections that are opened at a time, below what the system keeps for a server that is about to take them. */
const AT_ONCE = 250;
const BODY_BYTES = 16 * 1024 * 1024;
const PIECE_BYTES = 65_536;
/** For as long as the other side may take to give an answer to a body, or to cut it off. */
const PATIENCE_MS = 20_000;

async function open(): Promise<Socket> {
  const socket = connect(Number(port), '127.0.0.1');
  socket.on('error', () => undefined).resume();
  await Promise.race([of(socket, 'connect'), of(socket, 'close')]);
  return socket;
}

/** The next of these events, whatever errors come before: to be cut off is what it is there for. */
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

/** A body whose length is told, or one that comes in chunks, of which the end is not known. */
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
// Whoever started it ends it.
setInterval(() => undefined, 60_000);
