import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import {
  connectTestRobot,
  enrolTestRobot,
  type TestHub,
  type TestRobot,
} from '../../packages/gateway/src/testing/test-hub.ts';
import { testUplinkRobot } from '../../packages/gateway/src/testing/test-uplink-robot.ts';
import { freePort } from '../federation/free-port.ts';
import { makeCertificate } from '../harness/certificates.ts';
import { eventually } from '../harness/eventually.ts';
import { startPostgres } from '../harness/postgres.ts';
import { type Program, startProgram } from '../harness/program.ts';
import { startProxy } from '../harness/reverse-proxy.ts';
import { missingSystemPackages } from '../harness/system-packages.ts';

const FLEET = '/api/v1/x-medkit-fleet';
const missing = missingSystemPackages('postgres') || missingSystemPackages('proxies');

/** One of two hubs: `/health` answers 200 if it serves, and 503 while it is the standby. */
interface Hub {
  readonly url: string;
  readonly folder: string;
  program: Program;
}

/** Two hubs with one database behind a balancer, and a robot that connects through it, and again after each end. */
async function startPair(balancer: 'caddy' | 'haproxy', stack: AsyncDisposableStack) {
  const root = mkdtempSync(join(tmpdir(), 'medkit-standby-'));
  stack.defer(() => rmSync(root, { recursive: true }));
  const server = stack.use(await startPostgres());
  const [urlFile, secretFile] = [join(root, 'url'), join(root, 'fleet.secret')];
  writeFileSync(urlFile, server.url);
  writeFileSync(secretFile, randomBytes(32).toString('hex'), { mode: 0o600 });
  const start = (hub: Pick<Hub, 'folder' | 'url'>): Program =>
    startProgram(['hub', '--port', new URL(hub.url).port, '--data-dir', join(root, hub.folder)], {
      env: {
        MEDKIT_FLEET_DATABASE: urlFile,
        MEDKIT_FLEET_SECRET_FILE: secretFile,
        MEDKIT_FLEET_STANDBY: 'true',
        MEDKIT_FLEET_EVIDENCE: join(root, 'evidence'),
        MEDKIT_SERVER_TRUSTED_PROXIES: '127.0.0.1',
      },
    });
  const startHub = async (folder: string): Promise<Hub> => {
    const hub = { folder, url: `http://127.0.0.1:${await freePort()}` };
    return { ...hub, program: start(hub) };
  };
  const statusOf = ({ url }: Hub): Promise<number> =>
    fetch(`${url}/api/v1/health`).then(
      ({ status }) => status,
      () => 0,
    );
  const answers = (hub: Hub, status: number) =>
    eventually(`${hub.folder} answers ${status}`, async () => (await statusOf(hub)) === status);
  const a = await startHub('a');
  stack.defer(async () => void (await a.program.end('SIGKILL')));
  await answers(a, 200);
  const b = await startHub('b');
  stack.defer(async () => void (await b.program.end('SIGKILL')));
  await answers(b, 503);

  const certificate = makeCertificate({ folder: root, name: 'proxy', subject: 'DNS:localhost' });
  const proxy = stack.use(
    await startProxy({
      ...{ name: balancer, guide: 'guides/hub.md', folder: root, certificate, gateway: '127.0.0.1:1' },
      replace: { 'hub-a.example:8080': new URL(a.url).host, 'hub-b.example:8080': new URL(b.url).host },
    }),
  );
  const robot = await testUplinkRobot(7);
  stack.defer(() => robot.close());
  const fleetOf = (url: string): TestHub['fleet'] =>
    (async (method: string, path: string, body?: unknown) => {
      const response = await fetch(`${url}${FLEET}${path}`, {
        method,
        headers: { 'content-type': 'application/json' },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      return { status: response.status, headers: response.headers, text, json: () => JSON.parse(text) };
    }) as TestHub['fleet'];
  const key: TestRobot = {
    ...(await enrolTestRobot({ fleet: fleetOf(a.url) } as TestHub, 'amr-7')),
    url: `${proxy.url.replace('https', 'wss')}${FLEET}/uplink`,
  };
  let isClosed = false;
  const connect = async (): Promise<boolean> => {
    const uplink = await connectTestRobot(key, robot.server, [certificate.cert]);
    if (isClosed) uplink.close();
    stack.defer(() => uplink.close());
    void uplink.ended.then(() => isClosed || eventually('a session', connect));
    return true;
  };
  stack.defer(() => {
    isClosed = true;
  });
  /** Waits until the serving hub lists the robot as online, and has each of its records once. */
  const hasAllOnce = (hub: Hub) =>
    eventually('each record once, and the robot', async () => {
      const { newest } = await robot.uplink.log()!.head();
      const stored = server.psql('SELECT seq FROM medkit.fleet_events ORDER BY seq').split('\n').filter(Boolean);
      if (stored.length < newest) return false;
      assert.deepEqual(
        stored,
        Array.from({ length: newest }, (_, at) => `${at + 1}`),
      );
      return (await fleetOf(hub.url)('GET', '/robots/amr-7')).json().presence === 'online';
    });
  return { a, b, server, robot, connect, hasAllOnce, answers, start, fleetOf };
}

suite('two hubs with one database behind a balancer', { skip: missing, timeout: 240_000, concurrency: false }, () => {
  test('haproxy: the standby takes over from a killed hub and from one that hangs; the robot returns, and no record is lost', async () => {
    await using stack = new AsyncDisposableStack();
    const { a, b, robot, connect, hasAllOnce, answers, start, fleetOf } = await startPair('haproxy', stack);
    await eventually('a session', connect);
    await robot.report('ONE');
    await hasAllOnce(a);
    const refused = await fleetOf(b.url)('GET', '/robots');
    assert.equal(refused.status, 503);
    assert.match(refused.json().message, /is a standby/);

    await a.program.end('SIGKILL');
    await robot.report('TWO');
    await answers(b, 200);
    await hasAllOnce(b);

    a.program = start(a);
    await answers(a, 503);
    process.kill(b.program.pid, 'SIGSTOP');
    await robot.report('THREE');
    await answers(a, 200);
    assert.match(a.program.output(), /medkit process \d+ .* sends nothing to the database, and is excluded from it/);
    process.kill(b.program.pid, 'SIGCONT');
    assert.equal(await b.program.ended, 1);
    assert.match(b.program.output(), /another process has taken over: .* is in use by medkit process/);
    await hasAllOnce(a);
  });

  test('caddy: the standby takes over from a hub that stops and from one that loses its database; it ends when it is stopped', async () => {
    await using stack = new AsyncDisposableStack();
    const { a, b, server, robot, connect, hasAllOnce, answers, start } = await startPair('caddy', stack);
    await eventually('a session', connect);
    await robot.report('ONE');
    await hasAllOnce(a);
    assert.equal(await a.program.end('SIGTERM'), 0);
    await robot.report('TWO');
    await answers(b, 200);
    await hasAllOnce(b);

    a.program = start(a);
    await answers(a, 503);
    assert.equal(await a.program.end('SIGTERM'), 0);

    a.program = start(a);
    await answers(a, 503);
    // The database is away for both: whichever has it first serves, and the other one is the standby.
    await server.kill();
    await robot.report('THREE');
    await server.restart();
    const serving = await eventually('a hub that serves', async () => {
      for (const hub of [a, b]) if ((await fetchStatus(hub.url)) === 200) return hub;
      return undefined;
    });
    await hasAllOnce(serving);
  });
});

/** A hub without its database answers 200 to `/health`, with a warning; its list of robots does not. */
const fetchStatus = (url: string): Promise<number> =>
  fetch(`${url}${FLEET}/robots`).then(
    ({ status }) => status,
    () => 0,
  );
