import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { freePort } from '../federation/free-port.ts';
import { makeCertificate } from '../harness/certificates.ts';
import { eventually } from '../harness/eventually.ts';
import { startPostgres } from '../harness/postgres.ts';
import { type Program, startProgram } from '../harness/program.ts';
import { IS_FULL_LENGTH } from '../harness/storm.ts';
import { missingSystemPackages } from '../harness/system-packages.ts';
import { type SimulatedRobot, simulatedRobot } from './live/simulated-robot.ts';

const FLEET = '/api/v1/x-medkit-fleet';
/** A reply of a robot that is larger than all windows of a link together. */
const BIG = 'b'.repeat(5 << 20);
/** Longest time for a hub to take over, and for its robots to be connected. */
const TAKEOVER_MS = 30_000;

/** Connects robots with the first of two ports that accepts, and counts their connections. */
async function startEntry(first: number, second: number) {
  const sockets = new Set<Socket>();
  let accepted = 0;
  const track = (socket: Socket): Socket => {
    sockets.add(socket);
    return socket.on('error', () => undefined).once('close', () => sockets.delete(socket));
  };
  const pass = (client: Socket, [port, ...others]: readonly number[]): void => {
    if (port === undefined) return void client.destroy();
    const server = track(connect(port, '127.0.0.1'));
    const next = (): void => pass(client, others);
    server.once('error', next).once('connect', () => {
      server.off('error', next);
      client.pipe(server).pipe(client);
      client.once('close', () => server.destroy());
      server.once('close', () => client.destroySoon());
    });
  };
  const listener = createServer((client) => {
    accepted += 1;
    pass(track(client), [first, second]);
  }).listen(0, '127.0.0.1');
  await once(listener, 'listening');
  return {
    host: `127.0.0.1:${(listener.address() as AddressInfo).port}`,
    accepted: () => accepted,
    [Symbol.dispose]: () => {
      listener.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** Two hubs with one database. `a` serves first. */
async function startPair(stack: AsyncDisposableStack, isSecure: boolean) {
  const root = mkdtempSync(join(tmpdir(), 'medkit-uplinks-'));
  stack.defer(() => rmSync(root, { recursive: true }));
  const database = stack.use(await startPostgres());
  const certificate = makeCertificate({ folder: root, name: 'hub', subject: 'IP:127.0.0.1' });
  writeFileSync(join(root, 'url'), database.url);
  writeFileSync(join(root, 'secret'), randomBytes(32).toString('hex'), { mode: 0o600 });
  const authorities = isSecure ? [certificate.cert] : undefined;
  const hub = async (name: string) => {
    const [port, replicaPort] = [await freePort(), await freePort()];
    const start = (): Program =>
      startProgram(['hub', '--port', `${port}`, '--data-dir', join(root, name)], {
        env: {
          MEDKIT_FLEET_DATABASE: join(root, 'url'),
          MEDKIT_FLEET_SECRET_FILE: join(root, 'secret'),
          MEDKIT_FLEET_STANDBY: 'true',
          MEDKIT_FLEET_REPLICA_ADDRESS: `127.0.0.1:${replicaPort}`,
          MEDKIT_FLEET_EVIDENCE: join(root, 'evidence'),
          ...(isSecure && {
            MEDKIT_SERVER_TLS_ENABLED: 'true',
            MEDKIT_SERVER_TLS_CERT_FILE: certificate.certFile,
            MEDKIT_SERVER_TLS_KEY_FILE: certificate.keyFile,
          }),
        },
      });
    const call = async (path: string, { method = 'GET', body = undefined as unknown, host = '' } = {}) => {
      const request = (isSecure ? https : http).request({
        ...{ host: '127.0.0.1', port, path, method, agent: false },
        ...(isSecure && { ca: certificate.cert }),
        headers: { 'content-type': 'application/json', ...(host !== '' && { host }) },
      });
      request.end(body === undefined ? undefined : JSON.stringify(body));
      const [response] = (await once(request, 'response')) as [IncomingMessage];
      let text = '';
      for await (const chunk of response.setEncoding('utf8')) text += chunk;
      return { status: response.statusCode ?? 0, text, json: () => JSON.parse(text) };
    };
    const running = { program: start() };
    stack.defer(async () => void (await running.program.end('SIGKILL')));
    const restart = (): void => {
      running.program = start();
    };
    return { name, port, call, restart, program: () => running.program };
  };
  const a = await hub('a');
  await eventually('a serves', async () => (await a.call(`${FLEET}/robots`)).status === 200);
  const b = await hub('b');
  await b.program().printed(/holds connections of robots for the hub at/);
  return { a, b, database, authorities };
}

type Pair = Awaited<ReturnType<typeof startPair>>;
type Hub = Pair['a'];

async function startRobots(stack: AsyncDisposableStack, pair: Pair, { each }: { readonly each: number }) {
  const entries = [
    stack.use(await startEntry(pair.a.port, pair.b.port)),
    stack.use(await startEntry(pair.b.port, pair.a.port)),
  ] as const;
  const robots: SimulatedRobot[][] = [];
  for (const entry of entries) {
    const group: SimulatedRobot[] = [];
    for (let at = 0; at < each; at++) {
      const body = { auto_approve: true, robot: `r${robots.length}-${at}` };
      const invitation = await pair.a.call(`${FLEET}/invites`, { method: 'POST', body, host: entry.host });
      assert.equal(invitation.status, 201, invitation.text);
      const api = async ({ path }: { readonly path: string }) =>
        path === '/big' ? { status: 200, body: { big: BIG } } : undefined;
      const robot = await simulatedRobot(invitation.json().link, body.robot, at, api, pair.authorities);
      stack.defer(() => robot.close());
      group.push(robot);
    }
    robots.push(group);
  }
  const all = robots.flat();
  for (const robot of all) robot.connect();
  const allOnline = async (hub: Hub, count = all.length) =>
    eventually(
      `${count} robots at ${hub.name}`,
      async () => (await hub.call(`${FLEET}/robots?presence=online&limit=1`)).json().total === count,
      TAKEOVER_MS,
    );
  /** Each record of each robot is stored once, except for those that are revoked. */
  const hasAllOnce = async (revoked: readonly SimulatedRobot[] = []) => {
    const reports = await Promise.all(all.filter((robot) => !revoked.includes(robot)).map((robot) => robot.report()));
    const rows = () =>
      pair.database
        .psql(
          `SELECT r.name, count(*), count(DISTINCT e.seq), min(e.seq), max(e.seq)
           FROM medkit.fleet_events e JOIN medkit.fleet_robots r ON r.id = e.robot
           WHERE r.state = 'approved' GROUP BY r.name`,
        )
        .split('\n')
        .filter(Boolean);
    const expected = reports.map(({ name, newest }) => [name, newest, newest, 1, newest].join('|')).sort();
    await eventually('each record once', async () => rows().sort().join() === expected.join(), TAKEOVER_MS);
    assert.deepEqual(rows().sort(), expected);
  };
  return { entries, held: robots[1]!, direct: robots[0]!, all, allOnline, hasAllOnce };
}

/** Writes events until it is stopped. */
function writeLoad(robots: readonly SimulatedRobot[]) {
  let isOver = false;
  const done = (async () => {
    while (!isOver) {
      await Promise.all(robots.map((robot) => robot.addEvent('load')));
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  })();
  return async (): Promise<void> => {
    isOver = true;
    await done;
  };
}

const healthOf = async (hub: Hub) => (await hub.call('/api/v1/health')).json()['x-medkit-fleet'];

for (const isSecure of [true, false]) {
  const each = IS_FULL_LENGTH ? 200 : isSecure ? 15 : 3;
  test(`${isSecure ? 'TLS' : 'plain'}: ${each} robots at a standby stay connected while the hub that serves is killed under load`, {
    skip: missingSystemPackages('postgres'),
    timeout: 240_000,
  }, async (t: TestContext) => {
    await using stack = new AsyncDisposableStack();
    const pair = await startPair(stack, isSecure);
    const { a, b } = pair;
    const { entries, held, direct, all, allOnline, hasAllOnce } = await startRobots(stack, pair, { each });
    await allOnline(a);
    assert.deepEqual(
      (await healthOf(a)).standbys.map(({ robots }: { robots: number }) => robots),
      [each],
    );
    assert.match(b.program().output(), /r1-0 has enrolled from 127\.0\.0\.1/);
    const big = await a.call('/fleet/r1-0/api/v1/big');
    assert.equal(big.json().big.length, BIG.length);
    const together = held.map((_robot, at) => a.call(`/fleet/r1-${at}/api/v1/big`));
    for (const { text } of await Promise.all(together)) assert.equal(text.length, big.text.length);

    const connections = entries[1].accepted();
    const stopLoad = writeLoad(all);
    const killedMs = performance.now();
    await a.program().end('SIGKILL');
    await b.program().printed(/this one takes over/);
    await allOnline(b, all.length);
    t.diagnostic(
      `all ${all.length} robots are back ${((performance.now() - killedMs) / 1000).toFixed(1)} s after the kill`,
    );
    assert.equal(entries[1].accepted(), connections, 'no robot of the standby connected again');
    assert.equal((await b.call('/fleet/r1-0/api/v1/big')).json().big.length, BIG.length);
    await stopLoad();
    await hasAllOnce();

    // Back: `a` holds its group now, and the other hub stops in good order.
    a.restart();
    await a.program().printed(/holds connections of robots for the hub at/);
    for (const robot of direct) {
      await robot.disconnect();
      robot.connect();
    }
    await eventually('the group of a', async () => (await healthOf(b)).standbys[0]?.robots === each, TAKEOVER_MS);
    await allOnline(b);
    const revoked = await b.call(`${FLEET}/robots/r0-0/revoke`, { method: 'POST' });
    assert.equal(revoked.status, 200, revoked.text);
    await eventually('the end of the revoked one', async () => (await direct[0]!.report()).state !== 'connected');
    const others = entries[0].accepted();
    const stopAgain = writeLoad(all);
    assert.equal(await b.program().end('SIGTERM'), 0);
    await a.program().printed(/this one takes over/);
    await allOnline(a, all.length - 1);
    await stopAgain();
    assert.equal((await direct[0]!.report()).state === 'connected', false, 'the revoked one stays away');
    assert.ok(entries[0].accepted() <= others + 2, 'only the revoked one tried to connect again');

    // A standby that is killed: its robots come to the hub that serves.
    b.restart();
    await b.program().printed(/holds connections of robots for the hub at/);
    for (const robot of held) {
      await robot.disconnect();
      robot.connect();
    }
    await eventually('the group of b', async () => (await healthOf(a)).standbys[0]?.robots === each, TAKEOVER_MS);
    const before = entries[1].accepted();
    await b.program().end('SIGKILL');
    await eventually('the end of the link', async () => (await healthOf(a)).standbys.length === 0);
    await eventually('new connections of the group', async () => entries[1].accepted() >= before + each, TAKEOVER_MS);
    await allOnline(a, all.length - 1);
    await hasAllOnce([direct[0]!]);
  });
}
