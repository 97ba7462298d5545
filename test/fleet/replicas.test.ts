import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import https from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../federation/free-port.ts';
import { makeCertificate } from '../harness/certificates.ts';
import { eventually } from '../harness/eventually.ts';
import { startNats } from '../harness/nats.ts';
import { MEASURED_SETTINGS, startPostgres } from '../harness/postgres.ts';
import { type Program, startProgram } from '../harness/program.ts';
import { startProxy } from '../harness/reverse-proxy.ts';
import { IS_FULL_LENGTH, scaledStorm } from '../harness/storm.ts';
import { missingSystemPackages } from '../harness/system-packages.ts';
import { postgresRecord } from './live/hub-record.ts';
import { startLiveFleet } from './live/live-fleet.ts';
import { verifyRecord } from './live/live-hub.ts';
import { seconds, timeOf } from './live/scene-figures.ts';
import { publishedMessages } from './published-messages.ts';

const FLEET = '/api/v1/x-medkit-fleet';
const ROBOTS = scaledStorm(500, 30);
/** Events of each robot per second. */
const RATE = 1;
const PART_MS = IS_FULL_LENGTH ? 20_000 : 2000;
/** Bound that only prevents a hang: the figures are printed. */
const LIMIT_MS = 120_000;

/** Two hubs with one database and one server of NATS, behind HAProxy with the configuration of the guide. */
async function startReplicas(stack: AsyncDisposableStack) {
  const folder = mkdtempSync(join(tmpdir(), 'medkit-replicas-'));
  stack.defer(() => rmSync(folder, { recursive: true }));
  const database = stack.use(await startPostgres(IS_FULL_LENGTH ? MEASURED_SETTINGS : {}));
  const nats = stack.use(await startNats());
  writeFileSync(join(folder, 'url'), database.url);
  writeFileSync(join(folder, 'secret'), randomBytes(32).toString('hex'), { mode: 0o600 });
  const startHub = async (name: string) => {
    const [port, replicaPort] = [await freePort(), await freePort()];
    const start = (): Program =>
      startProgram(['hub', '--port', `${port}`, '--data-dir', join(folder, name)], {
        env: {
          MEDKIT_FLEET_DATABASE: join(folder, 'url'),
          MEDKIT_FLEET_SECRET_FILE: join(folder, 'secret'),
          MEDKIT_FLEET_STANDBY: 'true',
          MEDKIT_FLEET_REPLICA_ADDRESS: `127.0.0.1:${replicaPort}`,
          MEDKIT_FLEET_EVIDENCE: join(folder, 'evidence'),
          MEDKIT_FLEET_NATS_SERVERS: nats.url,
          MEDKIT_FLEET_NATS_HUB_NAME: 'replicas',
          MEDKIT_SERVER_TRUSTED_PROXIES: '127.0.0.1',
        },
      });
    const hub = { port, program: start(), restart: () => (hub.program = start()) };
    stack.defer(async () => void (await hub.program.end('SIGKILL')));
    return hub;
  };
  const a = await startHub('a');
  await a.program.printed(/http:\/\/127\.0\.0\.1:\d+/);
  const b = await startHub('b');
  await b.program.printed(/holds connections of robots for the hub at/);
  const certificate = makeCertificate({ folder, name: 'proxy', subject: 'DNS:localhost' });
  const balancer = stack.use(
    await startProxy({
      ...{ name: 'haproxy', guide: 'guides/hub.md', folder, certificate, gateway: '127.0.0.1:1' },
      replace: { 'hub-a.example:8080': `127.0.0.1:${a.port}`, 'hub-b.example:8080': `127.0.0.1:${b.port}` },
    }),
  );
  const call = async (path: string, { method = 'GET', body = undefined as unknown } = {}) => {
    const request = https.request(balancer.url + path, {
      ...{ method, agent: false, ca: certificate.cert, headers: { 'content-type': 'application/json' } },
    });
    request.end(body === undefined ? undefined : JSON.stringify(body));
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    let text = '';
    for await (const chunk of response.setEncoding('utf8')) text += chunk;
    return { status: response.statusCode ?? 0, text, json: () => JSON.parse(text) };
  };
  return { a, b, database, nats, certificate, call };
}

type Replicas = Awaited<ReturnType<typeof startReplicas>>;

/** Lists robots through the balancer until it is stopped, and counts the replies by status; 0 for a cut connection. */
function keepAsking(call: Replicas['call']) {
  const counts = new Map<number, number>();
  let isOver = false;
  const done = (async () => {
    while (!isOver) {
      const status = await call(`${FLEET}/robots?limit=1`).then(
        (reply) => reply.status,
        () => 0,
      );
      counts.set(status, (counts.get(status) ?? 0) + 1);
      await delay(20);
    }
  })();
  return async (): Promise<ReadonlyMap<number, number>> => {
    isOver = true;
    await done;
    return counts;
  };
}

test(`${ROBOTS} robots at two hubs lose nothing while a hub, NATS and PostgreSQL are killed`, {
  skip: missingSystemPackages('postgres') ?? missingSystemPackages('nats') ?? missingSystemPackages('proxies'),
  timeout: 10 * LIMIT_MS,
}, async (context: TestContext) => {
  await using stack = new AsyncDisposableStack();
  const { a, b, database, nats, certificate, call } = await startReplicas(stack);
  const invite = async (uses: number): Promise<string> => {
    const body = { name_pattern: 'r{serial}', uses, auto_approve: true };
    const { status, text } = await call(`${FLEET}/invites`, { method: 'POST', body });
    assert.equal(status, 201, text);
    // The address of the balancer is known after the start of the hubs: their `server.public_url` is not set.
    return JSON.parse(text).link.replace(/^http:/, 'https:');
  };
  const fleet = stack.use(
    await startLiveFleet({ robots: ROBOTS, invite, env: { NODE_EXTRA_CA_CERTS: certificate.certFile } }),
  );
  const presence = async () => (await call(FLEET)).json().presence.online;
  const allOnline = () =>
    eventually(
      'all robots',
      async () => {
        await delay(100);
        return (await presence()) === ROBOTS;
      },
      LIMIT_MS,
    );
  const disturb = async (what: string, work: () => Promise<unknown>): Promise<void> => {
    const ms = await timeOf(async () => {
      await work();
      await allOnline();
    });
    context.diagnostic(`${what}: all robots are connected after ${seconds(ms)}`);
    await delay(PART_MS);
  };
  await fleet.connect();
  await allOnline();
  const atStandby = async (): Promise<number> =>
    (await call('/api/v1/health')).json()['x-medkit-fleet'].standbys[0].robots;
  const divided = await atStandby();
  context.diagnostic(`${divided} of ${ROBOTS} robots are connected to the standby`);
  assert.ok(divided > 0 && divided < ROBOTS);

  const stopAsking = keepAsking(call);
  await fleet.write(RATE, 'usual');
  await delay(PART_MS);
  await disturb('the hub that serves is killed', async () => {
    await a.program.end('SIGKILL');
    await b.program.printed(/this one takes over/);
  });
  a.restart();
  await a.program.printed(/holds connections of robots for the hub at/);
  await disturb('NATS is killed', async () => {
    await nats.kill();
    await delay(PART_MS);
    await nats.restart();
  });
  await disturb('PostgreSQL is killed', () => database.restart());
  await disturb('the other hub is killed', async () => {
    await b.program.end('SIGKILL');
    await a.program.printed(/this one takes over/);
  });

  await fleet.write(0, '');
  const isRead = async (): Promise<boolean> => {
    await delay(250);
    return (await fleet.reports()).every(({ acknowledged, newest }) => acknowledged === newest);
  };
  await eventually('the records of the robots', isRead, LIMIT_MS);
  const replies = await stopAsking();
  context.diagnostic(`requests by status: ${[...replies].map(([status, count]) => `${status}: ${count}`).join(', ')}`);
  // HAProxy answers 502 for a hub that was killed before it answered.
  assert.ok([...replies.keys()].every((status) => [0, 200, 502, 503].includes(status)));
  const record = postgresRecord(database);
  const count = (sql: string): number => Number(record.rows(`SELECT count(*) AS n FROM ${sql}`)[0]!['n']);
  await eventually('the publication of all changes', async () => count('fleet_changes') === 0, LIMIT_MS);
  verifyRecord(record, await fleet.reports());
  const messages = await publishedMessages(nats.url, 'CHANGES_replicas');
  assert.equal(new Set(messages.map(({ id }) => id)).size, messages.length);
  const faults = messages.filter(({ body }) => body.topic === 'fault').length;
  assert.equal(faults, count("fleet_events WHERE kind = 'fault' AND code IS NOT NULL"));
});
