import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { systemClock } from '@medkit/edges/node';
import { connectUplink, identityFrom, newIdentityKey, type RobotUplink } from '@medkit/tunnel';
import { memoryRobot } from '@medkit/tunnel/testing';
import { WebSocket } from 'ws';

/** What the benchmark asks of this process. */
export interface RobotTask {
  /** `ping` pings all connections once and waits for the pongs; `close` closes all. */
  readonly task: 'uplinks' | 'sockets' | 'ping' | 'close';
  readonly count: number;
  readonly url: string;
  readonly hubFingerprint: string;
}

/** Connections that are opened together. */
const TOGETHER = 8;
const SMALL = Buffer.alloc(259, 'x');
const PIECE = Buffer.alloc(65_536, 'y');
const PIECES = 2048;

/** Robots in another process: they dial a hub, and answer with 259 bytes, or with 128 MB at `/api/v1/big`. */
const server = createServer((request, response) => {
  if (request.url !== '/api/v1/big') return void response.end(SMALL);
  let left = PIECES;
  const send = (): void => {
    while (left > 0) {
      left -= 1;
      if (!response.write(PIECE)) return void response.once('drain', send);
    }
    response.end();
  };
  send();
});
server.keepAliveTimeout = 60_000;

const identity = identityFrom(newIdentityKey());
const uplinks: RobotUplink[] = [];
const sockets: WebSocket[] = [];
const serve = (connection: unknown): void => void server.emit('connection', connection);

async function openUplink({ url, hubFingerprint }: RobotTask): Promise<void> {
  const options = { identity, hubFingerprint, clock: systemClock, maxKbitPerSec: 0 };
  const record = memoryRobot(3600);
  uplinks.push(await connectUplink({ ...options, url, record, serve: { gateway: serve, files: serve } }));
}

async function openSocket({ url }: RobotTask): Promise<void> {
  const { key, certificate: cert } = identity;
  const options = { perMessageDeflate: false, rejectUnauthorized: false, key, cert };
  const socket = new WebSocket(url, { ...options, generateMask: (mask) => mask.fill(0) });
  // A request for 128 MB in messages.
  socket.on('message', async () => {
    for (let left = PIECES; left > 0; left -= 1) await new Promise((resolve) => socket.send(PIECE, resolve));
  });
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  sockets.push(socket);
}

async function run(task: RobotTask): Promise<void> {
  if (task.task === 'close') {
    for (const uplink of uplinks.splice(0)) uplink.close();
    for (const socket of sockets.splice(0)) socket.terminate();
    return;
  }
  if (task.task === 'ping') {
    const pong = (socket: WebSocket) => new Promise((resolve) => socket.once('pong', resolve).ping());
    await Promise.all(sockets.map(pong));
    return;
  }
  const open = task.task === 'uplinks' ? openUplink : openSocket;
  let left = task.count;
  const worker = async (): Promise<void> => {
    while (left-- > 0) await open(task);
  };
  await Promise.all(Array.from({ length: TOGETHER }, worker));
}

process.on('message', async (task: RobotTask) => {
  await run(task);
  process.send?.('done');
});
process.on('disconnect', () => process.exit(0));
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
