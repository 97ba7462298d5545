import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import {
  connectTestRobot,
  enrolTestRobot,
  type TestHub,
  type TestRobot,
} from '../../packages/gateway/src/testing/test-hub.ts';
import { testUplinkRobot } from '../../packages/gateway/src/testing/test-uplink-robot.ts';
import { freePort } from '../federation/free-port.ts';
import { eventually } from '../harness/eventually.ts';
import { type Postgres, startPostgres } from '../harness/postgres.ts';
import { type Program, startProgram } from '../harness/program.ts';
import { missingSystemPackages } from '../harness/system-packages.ts';

const API = '/api/v1';

suite('a hub whose database is away', { skip: missingSystemPackages('postgres'), timeout: 180_000 }, () => {
  const root = mkdtempSync(join(tmpdir(), 'medkit-postgres-outage-'));
  const urlFile = join(root, 'url');
  const closing: (() => unknown)[] = [];
  let server: Postgres;
  let hub: Pick<TestHub, 'fleet'>;
  let robot: Awaited<ReturnType<typeof testUplinkRobot>>;
  let key: TestRobot;
  let program: Program;
  let url: string;

  const call = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, json: () => JSON.parse(text) };
  };
  const warnings = async (): Promise<readonly string[]> =>
    (await call('GET', `${API}/health`)).json().warnings.map(({ code }: { code: string }) => code);
  const records = (): readonly string[] =>
    server.psql('SELECT seq FROM medkit.fleet_events ORDER BY seq').split('\n').filter(Boolean);
  const once = (newest: number): readonly string[] => Array.from({ length: newest }, (_, at) => `${at + 1}`);
  const allOnce = () =>
    eventually('each record once', async () => {
      const { newest } = await robot.uplink.log()!.head();
      return records().length >= newest && assert.deepEqual(records(), once(newest)) === undefined;
    });
  /** Connects the robot, and again after each end, as a robot does. */
  let isClosed = false;
  const connect = async (): Promise<boolean> => {
    const uplink = await connectTestRobot(key, robot.server);
    closing.push(() => uplink.close());
    void uplink.ended.then(() => isClosed || eventually('a session', () => connect().catch(() => false)));
    return true;
  };

  const startHub = async (port: string): Promise<void> => {
    program = startProgram(['hub', '--port', port, '--data-dir', join(root, 'hub')], {
      env: { MEDKIT_FLEET_DATABASE: urlFile },
    });
    url = (await program.printed(/(http:\/\/\S+?)\/?\s/))[1] ?? '';
  };
  const isOnline = () =>
    eventually('its presence', async () => (await hub.fleet('GET', '/robots/amr-7')).json().presence === 'online');

  before(async () => {
    server = await startPostgres();
    writeFileSync(urlFile, server.url);
    await startHub(String(await freePort()));
    hub = { fleet: (method, path, body) => call(method, `${API}/x-medkit-fleet${path}`, body) };
    robot = await testUplinkRobot(7);
    key = await enrolTestRobot(hub as TestHub, 'amr-7');
  });
  after(async () => {
    isClosed = true;
    for (const close of closing) await close();
    await robot?.close();
    await program?.end();
    await server?.[Symbol.asyncDispose]();
    rmSync(root, { recursive: true });
  });

  test('forwards requests, refuses changes with the remedy, and reads each record once afterwards', async () => {
    await connect();
    await robot.report('BEFORE');
    await allOnce();
    await server.kill();
    await eventually('the warning', async () => (await warnings()).includes('hub_database_unavailable'));
    await robot.report('DURING');
    const forwarded = await call('GET', `/fleet/amr-7${API}/apps`);
    assert.equal(forwarded.status, 200, forwarded.text);
    const refused = await hub.fleet('POST', '/invites', { robot: 'amr-8' });
    assert.equal(refused.status, 503, refused.text);
    assert.match(refused.json().message, /postgres:\/\/medkit@.* is down .* is opened again shortly/);
    const keyed = await call('POST', `${API}/apps/x/locks`, { lock_expiration: 60 }, { 'Idempotency-Key': 'a' });
    assert.equal(keyed.status, 503, keyed.text);

    await server.restart();
    await eventually('the end of the warning', async () => !(await warnings()).includes('hub_database_unavailable'));
    await robot.report('AFTER');
    await allOnce();
    const invited = await hub.fleet('POST', '/invites', { robot: 'amr-8' });
    assert.equal(invited.status, 201, invited.text);
  });

  test('reads records again from robots after a failover to an older copy', async () => {
    await server.backUp();
    await eventually('the database', async () => !(await warnings()).includes('hub_database_unavailable'));
    for (const code of ['ONE', 'TWO', 'THREE']) await robot.report(code);
    await allOnce();
    await server.failOver();
    await allOnce();
    await robot.report('FOUR');
    await allOnce();
    await isOnline();
  });

  test('has the audit records of requests that it answered while the database was away, after it was killed', async () => {
    const locks = `/fleet/amr-7${API}/apps/lidar_driver/locks`;
    await server.kill();
    await eventually('the warning', async () => (await warnings()).includes('hub_database_unavailable'));
    const paths: string[] = [];
    for (let count = 0; count < 3; count += 1) {
      const client = { 'x-client-id': `page-${count}` };
      const locked = await call('POST', locks, { lock_expiration: 60 }, client);
      assert.equal(locked.status, 201, locked.text);
      const path = `${locks}/${locked.json().id}`;
      const unlocked = await call('DELETE', path, undefined, client);
      assert.equal(unlocked.status, 204, unlocked.text);
      paths.push(locks, path);
    }
    await program.end('SIGKILL');
    await server.restart();
    await startHub(new URL(url).port);
    const recorded = async (): Promise<readonly string[]> => {
      const { items } = (await call('GET', `${API}/x-medkit-audit?kind=request&limit=100`)).json();
      const found = items.map(({ request }: { request: { path: string } }) => request.path).toReversed();
      return found.filter((path: string) => path.startsWith(locks));
    };
    await eventually('the records', async () => (await recorded()).length >= paths.length);
    assert.deepEqual(await recorded(), paths);
    const verified = (await call('GET', `${API}/x-medkit-audit/verify`)).json();
    assert.equal(verified.intact, true, JSON.stringify(verified));
    await isOnline();
  });

  test('ends with the reason after a failover to a copy without its last changes, and is current after a start', async () => {
    await server.backUp();
    await eventually('the database', async () => !(await warnings()).includes('hub_database_unavailable'));
    const invite = { method: 'POST', path: `${API}/x-medkit-fleet/invites`, body: { robot: 'amr-9' } };
    const invited = await call(invite.method, invite.path, invite.body, { 'Idempotency-Key': 'nine' });
    assert.equal(invited.status, 201, invited.text);
    await server.failOver();
    assert.equal(await program.ended, 1);
    assert.match(program.output(), /does not have the last changes of this process.*start medkit again/);
    await startHub(new URL(url).port);
    const again = await call(invite.method, invite.path, invite.body, { 'Idempotency-Key': 'nine' });
    assert.equal(again.status, 201, again.text);
    assert.notEqual(again.json().link, invited.json().link);
    await isOnline();
  });
});
