import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { ALL_ROUTES, API_BASE, type Route } from '@medkit/contract';
import { systemFiles } from '@medkit/edges/node';
import { loadConfig, loadTenants } from '@medkit/gateway';
import { tenantState } from '@medkit/gateway/tenant-state';
import { type RunningTenants, startTenants } from '@medkit/gateway/tenants';
import { takeOwnerLock } from '@medkit/store';
import { UplinkFailed } from '@medkit/tunnel';
import { connectTestRobot, type TestRobot, useInvitation } from '../../packages/gateway/src/testing/test-hub.ts';
import { eventually } from '../harness/eventually.ts';
import { type Postgres, startPostgres } from '../harness/postgres.ts';
import { startProgram } from '../harness/program.ts';
import { missingSystemPackages } from '../harness/system-packages.ts';

/** Two tenants whose names are those of loopback, so that robots and clients can dial them. */
const TENANTS = { alpha: 'localhost', beta: '127.0.0.1' } as const;
type Name = keyof typeof TENANTS;
const CANARY = { alpha: 'canary-of-alpha', beta: 'canary-of-beta' } as const;
const OTHER = { alpha: 'beta', beta: 'alpha' } as const;
const tokenOf = (name: Name): string => `token-${CANARY[name]}`;

const isStream = ({ responses }: Route): boolean => JSON.stringify(responses).includes('text/event-stream');
const STREAMS = ALL_ROUTES.filter((route) => route.method === 'get' && isStream(route));
const addressOf = ({ path }: Route): string =>
  API_BASE + path.replace('{robot}', 'amr-1').replaceAll(/\{[^}]*\}/g, 'amr-1');

for (const engine of ['sqlite', 'postgres'] as const) {
  describe(
    `a hub with tenants on ${engine}`,
    {
      skip: engine === 'postgres' && missingSystemPackages('postgres'),
      timeout: 120_000,
    },
    () => tenantsOn(engine),
  );
}

function tenantsOn(engine: 'sqlite' | 'postgres'): void {
  /** The state of a tenant has no number of robots if they are in PostgreSQL. */
  const robotsInFiles = engine === 'sqlite' ? 1 : undefined;
  const root = mkdtempSync(join(tmpdir(), 'medkit-tenants-'));
  const lines: string[] = [];
  const robots = new Map<Name, TestRobot>();
  let hub: RunningTenants;
  let states: () => Promise<Record<string, string>>;
  let lock: ReturnType<typeof takeOwnerLock>;
  let server: Postgres | undefined;

  const urlOf = (name: Name): string => `http://${TENANTS[name]}:${new URL(hub.url).port}`;
  async function ask(
    name: Name,
    method: string,
    path: string,
    { body, token = tokenOf(name) }: { readonly body?: unknown; readonly token?: string } = {},
  ) {
    const response = await fetch(`${urlOf(name)}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: response.status, headers: JSON.stringify([...response.headers]), text: await response.text() };
  }

  before(async () => {
    const file = join(root, 'hub.yaml');
    const ofTenants = join(root, 'config');
    mkdirSync(ofTenants);
    writeFileSync(
      file,
      `fleet: {enabled: true, tenant_config_dir: ${ofTenants}, tenants: ["alpha = localhost", "beta = 127.0.0.1", "gamma = gamma.example"]}\n` +
        `ros.enabled: false\nserver.port: 0\ndata_dir: ${root}\n`,
    );
    if (engine === 'postgres') server = await startPostgres();
    for (const name of ['alpha', 'beta'] as const) {
      writeFileSync(join(root, `${name}.url`), server?.address({ user: name, password: tokenOf(name) }) ?? '');
      server?.psql(
        `CREATE ROLE ${name} LOGIN PASSWORD '${tokenOf(name)}'; GRANT CREATE ON DATABASE postgres TO ${name}`,
      );
      const database = server ? `fleet.database: ${join(root, `${name}.url`)}\n` : '';
      writeFileSync(join(ofTenants, `${name}.yaml`), `server.token: ${tokenOf(name)}\n${database}`);
    }
    const folders = { environment: {}, home: root, working: root };
    const sources = { files: systemFiles, folders, flags: {}, defaultFile: file };
    const { config, reading } = await loadConfig(sources);
    const tenants = await loadTenants(sources, reading);
    states = async () =>
      Object.fromEntries(
        await Promise.all(
          tenants.map(async ({ name, loaded }) => {
            const { state, robots } = await tenantState(loaded.config);
            return [name, `${state} ${robots}`] as const;
          }),
        ),
      );
    // Another process uses the folder of the third tenant.
    const locked = join(root, 'tenants/gamma');
    mkdirSync(locked, { recursive: true });
    lock = takeOwnerLock(join(locked, 'gateway.lock'), { pid: process.pid, host: 'elsewhere', since: '2026-01-01' });
    const log = (level: string, line: string): void => void lines.push(`${level}: ${line}`);
    hub = await startTenants({ config, tenants, environment: {}, log });
    for (const name of ['alpha', 'beta'] as const) {
      const invite = { robot: 'amr-1', site: CANARY[name], auto_approve: true };
      const { text } = await ask(name, 'POST', `${API_BASE}/x-medkit-fleet/invites`, { body: invite });
      const { link } = JSON.parse(text);
      assert.ok(link.startsWith(urlOf(name)), link);
      robots.set(name, await useInvitation(link));
    }
  });
  after(async () => {
    lock.release();
    await server?.[Symbol.asyncDispose]();
    rmSync(root, { recursive: true });
  });

  it('names no canary of one tenant in any reply of another', async () => {
    for (const name of ['alpha', 'beta'] as const) {
      let seen = 0;
      for (const route of ALL_ROUTES.filter((each) => each.method === 'get' && !isStream(each))) {
        const { headers, text } = await ask(name, 'GET', addressOf(route));
        assert.ok(!(headers + text).includes(CANARY[OTHER[name]]), `${name} ${route.path}`);
        if (text.includes(CANARY[name])) seen += 1;
      }
      assert.ok(seen >= 3, `${name} has its canary in ${seen} replies`);
    }
  });

  it('sends no event of one tenant to another', async () => {
    const ending = new AbortController();
    const texts = { alpha: '', beta: '' };
    const follow = async (name: Name, route: Route): Promise<void> => {
      const headers = { authorization: `Bearer ${tokenOf(name)}`, accept: 'text/event-stream' };
      const response = await fetch(`${urlOf(name)}${addressOf(route)}`, { headers, signal: ending.signal });
      const decoder = new TextDecoder();
      for await (const chunk of response.body ?? []) texts[name] += decoder.decode(chunk, { stream: true });
    };
    const names = ['alpha', 'beta'] as const;
    const open = names.flatMap((name) => STREAMS.map((route) => follow(name, route)));
    const ended = Promise.allSettled(open);
    let count = 0;
    // Repeated, because a stream may open after the first change.
    await eventually('each tenant receives its events', async () => {
      count += 1;
      for (const name of names) {
        const body = { labels: { of: CANARY[name], count: `${count}` } };
        assert.equal((await ask(name, 'PUT', `${API_BASE}/x-medkit-fleet/robots/amr-1`, { body })).status, 200);
      }
      return names.every((name) => texts[name].includes('amr-1'));
    });
    ending.abort();
    await ended;
    for (const name of names) assert.ok(!texts[name].includes(CANARY[OTHER[name]]), name);
  });

  it('refuses the credentials of another tenant', async () => {
    for (const name of ['alpha', 'beta'] as const) {
      const path = `${API_BASE}/x-medkit-fleet/robots`;
      assert.equal((await ask(name, 'GET', path)).status, 200);
      assert.equal((await ask(name, 'GET', path, { token: tokenOf(OTHER[name]) })).status, 401);
    }
  });

  it('connects a robot at its tenant, and refuses it at another', async () => {
    const robot = robots.get('alpha') as TestRobot;
    const uplink = await connectTestRobot(robot, () => undefined);
    uplink.close();
    const there = new URL(robot.url);
    there.hostname = TENANTS.beta;
    await assert.rejects(
      connectTestRobot(
        { ...robot, url: there.href, hubFingerprint: robots.get('beta')!.hubFingerprint },
        () => undefined,
      ),
      UplinkFailed,
    );
    assert.notEqual(robot.hubFingerprint, robots.get('beta')!.hubFingerprint);
  });

  it('answers 421 at unknown host names and names no tenant, also to a robot', async () => {
    const { status, text } = await askAt('delta.example');
    assert.equal(status, 421);
    assert.equal(JSON.parse(text).error_code, 'forbidden');
    assert.doesNotMatch(text, /alpha|beta|gamma|localhost/);
    assert.equal((await askAt('delta.example', { connection: 'upgrade', upgrade: 'medkit-uplink' })).status, 421);
  });

  it('runs without a tenant that fails to start, and names it in the log', async () => {
    assert.match(
      lines.join('\n'),
      /error: the tenant gamma does not start, and is tried again in 30 s: .*gateway\.lock/,
    );
    const { status, text } = await askAt('gamma.example');
    assert.equal(status, 503, text);
    assert.deepEqual(await states(), {
      alpha: `running ${robotsInFiles}`,
      beta: `running ${robotsInFiles}`,
      gamma: 'running undefined',
    });
  });

  if (engine === 'postgres') {
    it('stores each tenant in schemas whose tables no other tenant may use', () => {
      const tables = (server as Postgres).psql(
        `SELECT n.nspname, c.relname, pg_get_userbyid(c.relowner), r.rolname,
           has_schema_privilege(r.oid, n.oid, 'USAGE') OR has_schema_privilege(r.oid, n.oid, 'CREATE')
           OR has_table_privilege(r.oid, c.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER')
         FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace CROSS JOIN pg_roles r
         WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND r.rolname IN ('alpha', 'beta')
           AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')`,
      );
      const rows = tables.split('\n').map((line) => line.split('|'));
      assert.ok(rows.length > 100, tables);
      for (const [schema, table, owner, role, mayUse] of rows) {
        assert.match(schema ?? '', new RegExp(`^medkit_t_${owner}(_|$)`), table);
        assert.equal(mayUse, role === owner ? 't' : 'f', `${role} on ${schema}.${table}`);
      }
    });

    it('starts a tenant again, and no other, if its database is older than its memory', async () => {
      const { psql } = server as Postgres;
      psql("UPDATE medkit_t_alpha_gateway.store_writer SET process = 'another process'");
      psql("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE usename = 'alpha'");
      const again = /the tenant alpha is started again: .* does not have the last changes of this process/;
      await eventually('the start', async () => again.test(lines.join('\n')));
      const marked = "SELECT count(*) FROM medkit_t_alpha_gateway.store_writer WHERE process = 'another process'";
      await eventually('a new process', async () => psql(marked) === '0');
      const isServed = async () => (await ask('alpha', 'GET', `${API_BASE}/x-medkit-fleet`)).status === 200;
      await eventually('the tenant', isServed);
      assert.doesNotMatch(lines.join('\n'), /the tenant beta is started again/);
    });
  }

  it('lists the tenants with a command, and copies the record of one', async () => {
    const run = async (...args: readonly string[]) => {
      const program = startProgram(['hub', ...args, '--config', join(root, 'hub.yaml')]);
      return { status: await program.ended, text: program.output() };
    };
    const listed = await run('tenants');
    assert.equal(listed.status, 0, listed.text);
    assert.match(listed.text, new RegExp(`alpha +running +${robotsInFiles ?? '-'} +localhost`));
    assert.match(listed.text, /gamma +\w+ +- +gamma\.example/);
    const refused = await run('backup', '--to', join(root, 'copy'));
    assert.match(refused.text, /this hub has tenants: name one of alpha, beta, gamma with --tenant/);
    const copied = await run('backup', '--to', join(root, 'copy'), '--tenant', 'beta');
    assert.equal(copied.status, 0, copied.text);
    assert.match(
      copied.text,
      engine === 'sqlite' ? /copy\/fleet\.db/ : /--schema=medkit_t_beta --schema=medkit_t_beta_gateway /,
    );
    assert.match(copied.text, /tenants\/beta\/fleet\.secret/);
  });

  it('ends all tenants when it stops', async () => {
    await hub.close();
    await assert.rejects(fetch(hub.url));
    const { alpha, beta } = await states();
    assert.deepEqual([alpha, beta], [`stopped ${robotsInFiles}`, `stopped ${robotsInFiles}`]);
  });

  /** Sends a request with a host name that this machine need not resolve. */
  async function askAt(host: string, headers: Readonly<Record<string, string>> = {}) {
    const request = get(`${hub.url}${API_BASE}/health`, { headers: { host, ...headers } });
    const [response] = await once(request, 'response');
    let text = '';
    for await (const chunk of response) text += chunk;
    return { status: response.statusCode as number, text };
  }
}
