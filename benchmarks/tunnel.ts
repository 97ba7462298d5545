import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer as createPlainServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { systemClock } from '@medkit/edges/node';
import { httpStreamsOver, systemHttpStreams } from '@medkit/edges/node/http-streams';
import { acceptUplink, type HubUplink, identityFrom, newIdentityKey } from '@medkit/tunnel';
import { type WebSocket, WebSocketServer } from 'ws';
import { makeCertificate } from '../packages/gateway/src/tls/self-signed/make-certificate.ts';
import { PeerLink } from '../packages/runtimes/peer/src/peer-link.ts';
import { formatRounds, median } from './process.ts';
import type { RobotTask } from './tunnel-robot.ts';

const ROUNDS = 7;
const GETS = 800;
const SESSIONS = 100;
const BIG_BYTES = 134_217_728;

const cpuUs = (): number => {
  const { user, system } = process.cpuUsage();
  return user + system;
};

/** Processor time of this process while `work` runs, microseconds. */
async function costUs(work: () => Promise<unknown>): Promise<number> {
  const before = cpuUs();
  await work();
  return cpuUs() - before;
}

/**
 * Costs of uplinks at the hub, which is this process; the robots are in another one. Each row is compared with its
 * calibrator in alternating rounds: requests with the same ones over TCP, bodies, sessions and connects with a bare
 * WebSocket over TLS.
 */
export async function tunnel(): Promise<void> {
  await using hub = await startHub();
  for (const row of [small, big, connects, idle]) await row(hub);
}

async function startHub() {
  const identity = identityFrom(newIdentityKey());
  const uplinks: HubUplink[] = [];
  const record = {
    welcome: async () => ({ robot: 'r', next: '1.x.y', policy: { keepalive_max_sec: 3600, reconnect_spread_ms: 0 } }),
    outdated: async () => undefined,
    enrol: async () => ({ refused: 'invite-unknown' as const }),
    confirm: async () => ({ isNewKeyStored: false }),
  };
  const plain = createPlainServer().listen(0, '127.0.0.1');
  plain.on('upgrade', async (request, socket, head) => {
    const uplink = await acceptUplink({ request, socket, head }, { identity, record, clock: systemClock });
    if (uplink.kind === 'open') uplinks.push(uplink);
  });
  const year = { notBeforeMs: Date.UTC(2020, 0, 1), notAfterMs: Date.UTC(2090, 0, 1) };
  const certificate = makeCertificate({ names: ['localhost'], ...year, serial: Buffer.alloc(16, 1) });
  const secure = createTlsServer({ ...certificate, requestCert: true, rejectUnauthorized: false });
  const sockets: WebSocket[] = [];
  new WebSocketServer({ server: secure, perMessageDeflate: false }).on('connection', (socket) => sockets.push(socket));
  secure.listen(0, '127.0.0.1');
  await Promise.all([once(plain, 'listening'), once(secure, 'listening')]);
  const portOf = (server: { address(): unknown }): number => (server.address() as AddressInfo).port;
  const child = fork(join(import.meta.dirname, 'tunnel-robot.ts'));
  const [robotPort] = await once(child, 'message');
  const ask = async (task: RobotTask['task'], count = 0): Promise<void> => {
    const url = task === 'sockets' ? `wss://localhost:${portOf(secure)}` : `ws://127.0.0.1:${portOf(plain)}/`;
    child.send({ task, count, url, hubFingerprint: identity.fingerprint } satisfies RobotTask);
    await once(child, 'message');
  };
  return {
    ask,
    uplinks,
    sockets,
    robotUrl: `http://127.0.0.1:${robotPort}`,
    /** Closes all connections. */
    reset: async (): Promise<void> => {
      await ask('close');
      await Promise.all(uplinks.splice(0).map(({ ended }) => ended));
      for (const socket of sockets.splice(0)) socket.terminate();
    },
    [Symbol.asyncDispose]: async (): Promise<void> => {
      child.kill();
      plain.close();
      secure.close();
    },
  };
}

type Hub = Awaited<ReturnType<typeof startHub>>;

const names = { addressesOf: async () => ['127.0.0.1'] };

/** A GET of 259 bytes with `PeerLink`, alone and sixteen at a time. */
async function small(hub: Hub): Promise<void> {
  await hub.ask('uplinks', 1);
  const uplink = hub.uplinks[0] as HubUplink;
  const peer = { name: 'robot', url: hub.robotUrl };
  const over = httpStreamsOver(uplink.dial('gateway'));
  const links = [over, systemHttpStreams].map((http) => new PeerLink(peer, { clock: systemClock, http, names }));
  const get = (link: PeerLink) => link.document({ method: 'GET', path: '/x', headers: {}, timeoutMs: 5000 });
  for (const together of [1, 16]) {
    const flood = (link: PeerLink) =>
      costUs(() =>
        Promise.all(
          Array.from({ length: together }, async () => {
            for (let left = GETS / together; left > 0; left -= 1) await get(link);
          }),
        ),
      );
    const costs: number[][] = [[], []];
    for (const link of links) await flood(link);
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const [at, link] of links.entries()) costs[at]?.push((await flood(link)) / GETS);
    }
    report(`GET of 259 bytes, ${together} at a time, CPU at the hub`, costs, 'µs', 'PeerLink over TCP');
  }
  await hub.reset();
}

/** 128 MB from the robot. */
async function big(hub: Hub): Promise<void> {
  await hub.ask('uplinks', 1);
  await hub.ask('sockets', 1);
  const { open } = httpStreamsOver((hub.uplinks[0] as HubUplink).dial('files'));
  const tunnelled = async (): Promise<void> => {
    const reply = await open({ method: 'GET', url: 'http://robot/api/v1/big', headers: {}, timeoutMs: 60_000 });
    let bytes = 0;
    for await (const chunk of reply.body) bytes += chunk.length;
    if (bytes !== BIG_BYTES) throw new Error(`${bytes} bytes arrived`);
  };
  const baseline = (): Promise<void> =>
    new Promise((resolve) => {
      const socket = hub.sockets[0] as WebSocket;
      let bytes = 0;
      socket.removeAllListeners('message').on('message', (data: Buffer) => {
        bytes += data.length;
        if (bytes === BIG_BYTES) resolve();
      });
      socket.send('go');
    });
  const costs: number[][] = [[], []];
  await tunnelled();
  await baseline();
  for (let round = 0; round < ROUNDS; round += 1) {
    costs[0]?.push((await costUs(tunnelled)) / 128_000);
    costs[1]?.push((await costUs(baseline)) / 128_000);
  }
  report('128 MB down, CPU at the hub', costs, 'ms/MB', 'bare WebSocket over TLS');
  await hub.reset();
}

/** Connects until the session is open, or until the WebSocket is. */
async function connects(hub: Hub): Promise<void> {
  const costs: number[][] = [[], []];
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const [at, kind] of (['uplinks', 'sockets'] as const).entries()) {
      const cost = (await costUs(() => hub.ask(kind, SESSIONS))) / SESSIONS / 1000;
      if (round > 0) costs[at]?.push(cost);
      await hub.reset();
    }
  }
  report('connect, CPU at the hub', costs, 'ms', 'bare wss with a client certificate');
}

/** JavaScript heap and buffers of idle sessions after garbage collection. Native memory of TLS and HTTP/2 is not in it. */
async function idle(hub: Hub): Promise<void> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const usedKb = async (): Promise<number> => {
    for (let turn = 0; turn < 4; turn += 1) {
      collect();
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    const { heapUsed, external } = process.memoryUsage();
    return (heapUsed + external) / 1024;
  };
  const sizes: number[][] = [[], []];
  for (let round = 0; round < 3; round += 1) {
    for (const [at, kind] of (['uplinks', 'sockets'] as const).entries()) {
      const before = await usedKb();
      await hub.ask(kind, SESSIONS);
      sizes[at]?.push(((await usedKb()) - before) / SESSIONS);
      await hub.reset();
    }
  }
  report('idle session at the hub, JavaScript heap and buffers', sizes, 'KB', 'bare WebSocket over TLS');
}

function report(what: string, [measured = [], calibrator = []]: number[][], unit: string, name: string): void {
  const ratios = measured.map((value, round) => value / (calibrator[round] ?? 1));
  console.log(
    `${what}: ${median(measured).toFixed(2)} ${unit}, ${name} ${median(calibrator).toFixed(2)}; ratio ${formatRounds(ratios)}`,
  );
}
