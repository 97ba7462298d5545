import assert from 'node:assert/strict';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { after, suite, test } from 'node:test';
import { ROUTES, type Route } from '@medkit/contract';
import { systemClock, systemFiles, systemWritableFiles } from '@medkit/edges/node';
import { httpStreamsOver } from '@medkit/edges/node/http-streams';
import { type GatewayConfig, type RunningGateway, startGateway } from '@medkit/gateway';
import { enrolRobot, readInvitation } from '@medkit/gateway/enrol';
import type { HubUplink } from '@medkit/tunnel';
import { testConfig } from '../../packages/gateway/src/testing/test-gateway.ts';
import { eventually } from '../harness/eventually.ts';
import { startTestHub, type TestHub } from '../harness/test-hub.ts';

const root = mkdtempSync(join(tmpdir(), 'medkit-robot-uplink-'));
after(() => rmSync(root, { recursive: true }));
let robots = 0;
const files = { ...systemFiles, ...systemWritableFiles };

interface Robot extends AsyncDisposable {
  readonly gateway: RunningGateway;
  readonly config: GatewayConfig;
  readonly lines: readonly string[];
  // biome-ignore lint/suspicious/noExplicitAny: bodies of several routes
  json(path: string): Promise<any>;
  // biome-ignore lint/suspicious/noExplicitAny: the status as the route has it
  status(): Promise<any>;
}

const folderOf = (name = `robot-${++robots}`): string => join(root, name);

async function configOf(folder: string, hub: Partial<GatewayConfig['hub']> = {}): Promise<GatewayConfig> {
  return {
    ...(await testConfig({
      server: { port: 0 },
      ros: { enabled: false },
      hub,
    })),
    data_dir: folder,
  };
}

async function startRobot(folder: string, hub: Partial<GatewayConfig['hub']> = {}): Promise<Robot> {
  const config = await configOf(folder, hub);
  const lines: string[] = [];
  const log = (level: string, line: string) => lines.push(`${level}: ${line}`);
  const gateway = await startGateway({ config, environment: {}, log });
  const json = async (path: string) => (await fetch(`${gateway.url}/api/v1${path}`)).json();
  return {
    gateway,
    config,
    lines,
    json,
    status: () => json('/x-medkit-uplink'),
    [Symbol.asyncDispose]: () => gateway.close(),
  };
}

const enrol = async (folder: string, link: string) =>
  enrolRobot({
    config: await configOf(folder),
    files,
    clock: systemClock,
    invitation: readInvitation(link),
    machine: { name: 'robot', system: 'test' },
  });

async function connected(hub: TestHub, hubSettings: Partial<GatewayConfig['hub']> = {}): Promise<Robot> {
  const folder = folderOf();
  await enrol(folder, hub.link);
  const before = hub.open.length;
  const robot = await startRobot(folder, hubSettings);
  await eventually('an open uplink', async () => hub.open.length > before);
  return robot;
}

/** Waits for the warnings about the uplink: `/health` may be a tenth of a second old. */
async function warned(robot: Robot, expected: readonly string[]): Promise<void> {
  await eventually(`the warnings ${expected}`, async () => {
    const { warnings } = await robot.json('/health');
    const codes = warnings.map(({ code }: { code: string }) => code);
    return codes.filter((code: string) => code.startsWith('uplink')).join() === expected.join();
  });
}

suite('a robot with a fleet hub', { timeout: 180_000 }, () => {
  test('enrols with a link, connects, and serves its log and its API to the hub', async () => {
    await using hub = await startTestHub();
    await using robot = await connected(hub);
    const state = await hub.ask('GET', '/x-medkit-uplink/state', { authority: 'uplink' });
    assert.equal(state.status, 200, state.text);
    const log = await hub.ask('GET', '/x-medkit-uplink/log', { authority: 'uplink' });
    assert.match(log.text, /"kind":"boot"/);
    const { log: id, newest } = state.json;
    const cursor = { hub: 'any name', log: id, seq: newest };
    const put = await hub.ask('PUT', '/x-medkit-uplink/cursor', { authority: 'uplink', body: cursor });
    assert.equal(put.status, 204, put.text);
    assert.equal((await hub.ask('GET', '/version-info')).status, 200);
    const me = await hub.ask('GET', '/x-medkit-me');
    const name = new URL(hub.url).host;
    assert.deepEqual([me.json.principal, me.json.role, me.json.method], [`hub:${name}`, 'operator', 'hub']);

    const status = await robot.status();
    assert.equal(status.state, 'connected');
    assert.equal(status.robot, 'amr-17');
    assert.deepEqual(status.log.hubs, [{ hub: name, seq: newest }]);
    assert.ok(status.permissions.includes('operations.run') && !status.permissions.includes('accounts'));
    const health = await robot.json('/health');
    assert.deepEqual(
      health.warnings.filter(({ code }: { code: string }) => code.startsWith('uplink')),
      [],
    );
  });

  test('the routes of the log stay closed to the API destination, and the API to the log destination', async () => {
    await using hub = await startTestHub();
    await using _robot = await connected(hub);
    assert.equal((await hub.ask('GET', '/x-medkit-uplink/log')).status, 403);
    const lock = { authority: 'uplink', body: { lock_expiration: 60 } } as const;
    assert.equal((await hub.ask('DELETE', '/faults', lock)).status, 403);
    assert.equal((await hub.ask('DELETE', '/faults', { authority: 'files' })).status, 403);
  });

  test('is known as the hub by its connection alone: no header, credential or address changes that', async () => {
    await using hub = await startTestHub();
    await using robot = await connected(hub);
    const forged = {
      authorization: `Bearer ${robot.gateway.processToken}`,
      cookie: 'medkit=1',
      'x-forwarded-for': '127.0.0.1',
      origin: 'https://evil.example',
    };
    const me = await hub.ask('GET', '/x-medkit-me', { headers: forged });
    assert.match(me.json.principal, /^hub:/);
    assert.equal((await hub.ask('GET', '/auth/users', { headers: forged })).status, 403);
    const direct = await fetch(`${robot.gateway.url}/api/v1/x-medkit-me`, {
      headers: { 'x-medkit-on-behalf-of': 'hub:x' },
    });
    assert.equal(((await direct.json()) as { principal: string }).principal, 'anonymous');
  });

  test('narrows a request to the permissions of its user, and audits user, hub and way', async () => {
    await using hub = await startTestHub();
    await using robot = await connected(hub);
    const ada = { 'x-medkit-on-behalf-of': 'user:ada@hub' };
    const narrowed = { ...ada, 'x-medkit-permissions': 'read' };
    assert.equal((await hub.ask('DELETE', '/faults', { headers: narrowed })).status, 403);
    assert.equal((await hub.ask('DELETE', '/faults', { headers: { 'x-medkit-permissions': 'read' } })).status, 403);
    assert.equal((await hub.ask('GET', '/faults', { headers: narrowed })).status, 200);
    const wide = { ...ada, 'x-medkit-permissions': 'read,faults.clear,accounts' };
    assert.equal((await hub.ask('DELETE', '/faults', { headers: wide })).status, 204);
    assert.equal((await hub.ask('GET', '/auth/users', { headers: wide })).status, 403);
    const { items } = await robot.json('/x-medkit-audit');
    const [record] = items.flatMap(({ request }: { request: Record<string, unknown> }) =>
      request['method'] === 'DELETE' && request['status'] === 204 ? [request] : [],
    );
    assert.deepEqual(
      [record?.['principal'], record?.['on_behalf_of'], record?.['remote_address']],
      [`hub:${new URL(hub.url).host}`, 'user:ada@hub', 'uplink'],
    );
  });

  test('enforces its data budget, which a hub with the permission may exceed on record', async () => {
    await using hub = await startTestHub();
    const folder = folderOf();
    await enrol(folder, hub.link);
    const day = new Date();
    const today = [day.getFullYear(), day.getMonth() + 1, day.getDate()].map((part) => String(part).padStart(2, '0'));
    const traffic = { day: today.join('-'), sent: [0, 0, 0, 2_000_000, 0, 0], received: [0, 0, 0, 0, 0, 0] };
    mkdirSync(join(folder, 'uplink'), { recursive: true });
    writeFileSync(join(folder, 'uplink', 'traffic.json'), JSON.stringify(traffic));
    await using robot = await startRobot(folder, { role: 'configurator', budget_mb_per_day: 2 });
    await eventually('an open uplink', async () => hub.open.length > 0);
    const refused = await hub.ask('GET', '/version-info');
    assert.equal(refused.status, 429, refused.text);
    const { parameters, vendor_code } = refused.json;
    assert.equal(vendor_code, 'x-medkit-data-budget');
    assert.deepEqual([parameters.limit_bytes, parameters.left_bytes, parameters.class], [2_000_000, 0, 3]);
    assert.ok(parameters.used_bytes >= 2_140_000 && Date.parse(parameters.renews) > Date.now(), refused.text);
    // The refusal of bulk data does not wait as bulk data does.
    const bulk = { authority: 'files', headers: { 'x-medkit-class': '4' } } as const;
    assert.equal((await hub.ask('GET', '/version-info', bulk)).status, 429);
    const state = await hub.ask('GET', '/x-medkit-uplink/state', { authority: 'uplink' });
    assert.equal(state.json.budget.used_bytes >= 2_140_000, true, state.text);
    assert.equal((await robot.status()).budget.left_bytes, 0);
    const extra = { 'x-medkit-over-budget': '1', 'x-medkit-on-behalf-of': 'user:ada@hub' };
    const narrowed = { ...extra, 'x-medkit-permissions': 'read' };
    assert.equal((await hub.ask('GET', '/version-info', { headers: narrowed })).status, 429);
    assert.equal((await hub.ask('GET', '/version-info', { headers: extra })).status, 200);
    const { items } = await robot.json('/x-medkit-audit');
    const records = items.filter(({ request }: { request: Record<string, unknown> }) =>
      String(request['path']).endsWith('/version-info'),
    );
    assert.deepEqual(
      records.map(({ request }: { request: Record<string, unknown> }) => [request['on_behalf_of'], request['status']]),
      [['user:ada@hub', 200]],
    );
    assert.match(records[0].request.notes.over_budget, /^\d+ of 2000000 bytes$/);
    // Beyond 120 %, frames and log windows wait too; the log never does.
    assert.equal((await hub.ask('GET', '/x-medkit-uplink/log', { authority: 'uplink' })).status, 200);
  });

  test('sends bulk data that is not urgent only when its setting permits it, and says why it waits', async () => {
    await using hub = await startTestHub();
    await using robot = await connected(hub, { bulk_when: 'unmetered', metered: 'true' });
    const asClass = (trafficClass: number) =>
      hub.ask('GET', '/version-info', { authority: 'files', headers: { 'x-medkit-class': String(trafficClass) } });
    const refused = await asClass(5);
    assert.equal(refused.status, 503, refused.text);
    assert.equal(refused.json.vendor_code, 'x-medkit-bulk-waits');
    assert.equal(refused.json.parameters.retry_after, 60);
    assert.equal((await asClass(4)).status, 200);
    assert.equal((await asClass(3)).status, 200);
    const reason = 'the link is metered, and hub.bulk_when is unmetered';
    assert.equal((await robot.status()).budget.bulk_waits, reason);
    const state = await hub.ask('GET', '/x-medkit-uplink/state', { authority: 'uplink' });
    assert.equal(state.json.budget.bulk_waits, reason, state.text);
  });

  for (const [name, settings] of [
    ['the role viewer', { role: 'viewer' }],
    ['read_only', { role: 'admin', read_only: true }],
    ['denied permissions', { deny: ['faults.clear', 'operations.run', 'data.write', 'locks', 'files.write'] }],
  ] as const) {
    test(`a hub in the hands of an attacker changes nothing on a robot with ${name}`, async () => {
      await using hub = await startTestHub();
      await using robot = await connected(hub, settings);
      const granted: readonly string[] = (await robot.status()).permissions;
      const changing = Object.values(ROUTES)
        .flatMap((family) => family as readonly Route[])
        .filter(({ method, permission }) => method !== 'get' && permission !== 'public');
      let refused = 0;
      for (const { method, path, permission, operationId, observes } of changing) {
        const address = path.replaceAll(/\{[^}]+\}/g, 'x');
        for (const authority of ['gateway', 'files'] as const) {
          const { status, text } = await hub.ask(method.toUpperCase(), address, {
            authority,
            body: {},
            headers: { 'x-medkit-permissions': `${granted.join(',')},admin,accounts,uplink` },
          });
          if (!granted.includes(permission)) {
            assert.equal(status, 403, `${operationId} over ${authority}: ${text}`);
            refused += 1;
          } else assert.ok(status >= 400 || observes, `${operationId} over ${authority}: ${status} ${text}`);
        }
      }
      assert.ok(refused > (name === 'denied permissions' ? 50 : 100), `${refused}`);
    });
  }

  test('comes back through a cut, and to a hub that was restarted, with the next step of the ratchet', async () => {
    const key = await keyOf();
    await using first = await startTestHub({ key });
    await using robot = await connected(first);
    const ratchet = () => readFileSync(join(robot.config.data_dir, 'uplink', 'ratchet'), 'utf8');
    const before = ratchet();
    first.open[0]?.destroy();
    await eventually('a new uplink', async () => first.open.length === 1 && ratchet() !== before);
    assert.notEqual(ratchet(), before);
    assert.equal((await first.ask('GET', '/version-info')).status, 200);
    assert.equal((await robot.status()).last_end.code, 'lost');
  });

  test('sends nothing to another hub at the same address, and says so', async () => {
    const key = await keyOf();
    const hub = await startTestHub({ key });
    const folder = folderOf();
    await enrol(folder, hub.link);
    const port = Number(new URL(hub.url).port);
    await hub[Symbol.asyncDispose]();
    await using other = await startTestHub({ port });
    await using robot = await startRobot(folder);
    await eventually('a refusal', async () => (await robot.status()).last_end?.code === 'other-hub');
    assert.equal(other.open.length, 0);
    await warned(robot, ['uplink_refused']);
    await assert.rejects(enrol(folderOf(), hub.link), /hub-not-the-one-invited/);
    assert.equal(other.record.robots.size, 0);
  });

  for (const code of ['pending', 'revoked', 'cloned', 'unknown', 'too-many', 'too-old'] as const) {
    test(`reports the refusal ${code} with what to do, once in the log`, async () => {
      await using hub = await startTestHub();
      const folder = folderOf();
      await enrol(folder, hub.link);
      for (const robot of hub.record.robots.values()) {
        if (code !== 'unknown') robot.refusal = { refused: code, retry_ms: 3_600_000, why: 'because of this test' };
      }
      if (code === 'unknown') hub.record.robots.clear();
      await using robot = await startRobot(folder);
      await eventually('a refusal', async () => (await robot.status()).state === 'waiting');
      const { last_end: end, next_attempt: next } = await robot.status();
      assert.equal(end.code, code);
      assert.ok(Date.parse(next) > Date.now());
      assert.equal(end.remedy !== undefined, code !== 'too-many', JSON.stringify(end));
      assert.equal(robot.lines.filter((line) => line.includes(`(${code})`)).length, 1);
      await warned(robot, { pending: ['uplink_pending'], 'too-many': [] }[code as string] ?? ['uplink_refused']);
    });
  }

  test('an enrolment goes on after a kill with the same link, and another robot cannot use another code', async () => {
    await using hub = await startTestHub();
    const folder = folderOf();
    const first = await enrol(folder, hub.link);
    rmSync(join(folder, 'uplink', 'hub.json'));
    const second = await enrol(folder, hub.link);
    assert.deepEqual([second.robot, second.fingerprint], [first.robot, first.fingerprint]);
    assert.equal(hub.record.robots.size, 1);
    await using other = await startTestHub();
    await assert.rejects(enrol(folder, other.link), /enrolled at 127\.0\.0\.1:\d+ as amr-17.*--seal/);
  });

  test('a broken file is named with the remedy, is not replaced, and the gateway runs without the hub', async () => {
    await using hub = await startTestHub();
    for (const [name, text] of [
      ['hub.json', '{'],
      ['key.pem', 'no key'],
      ['ratchet', 'no step'],
    ] as const) {
      const folder = folderOf();
      await enrol(folder, hub.link);
      const path = join(folder, 'uplink', name);
      writeFileSync(path, text);
      await using robot = await startRobot(folder);
      const status = await robot.status();
      assert.equal(status.state, 'broken');
      assert.match(status.problem, new RegExp(`${name}.*enrol --seal`));
      assert.equal(readFileSync(path, 'utf8'), text);
    }
    assert.equal(hub.open.length, 0);
  });

  test('connects again after the hub died between the two steps of the ratchet, and after it was busy', async () => {
    await using hub = await startTestHub();
    const { confirm } = hub.record;
    let [confirmed, dies] = [0, true];
    Object.assign(hub.record, {
      confirm: async (...args: Parameters<typeof confirm>) => {
        confirmed += 1;
        if (dies) throw new Error('the hub dies');
        return confirm(...args);
      },
    });
    const folder = folderOf();
    await enrol(folder, hub.link);
    await using robot = await startRobot(folder);
    await eventually('a first step', async () => confirmed > 0);
    const stored = readFileSync(join(folder, 'uplink', 'ratchet'), 'utf8').trim();
    assert.match(stored, /^1\./);
    dies = false;
    await eventually('a connection', async () => hub.open.length === 1);
    assert.equal(hub.open[0]?.hello.ratchet, stored);
    hub.refuse = 503;
    hub.open[0]?.destroy();
    await eventually('a busy hub', async () => (await robot.status()).last_end?.code === 'busy');
    hub.refuse = undefined;
    await eventually('a connection', async () => hub.open.length === 1);
  });

  test('a copy of the disk is refused once the original has connected again', async () => {
    await using hub = await startTestHub();
    const folder = folderOf();
    await enrol(folder, hub.link);
    {
      await using _first = await startRobot(folder);
      await eventually('a connection', async () => hub.open.length === 1);
    }
    const copy = folderOf();
    cpSync(folder, copy, { recursive: true });
    await using _original = await startRobot(folder);
    await eventually('a connection', async () => hub.open.length === 1);
    await using clone = await startRobot(copy);
    await eventually('a refusal', async () => (await clone.status()).last_end?.code === 'cloned');
    await warned(clone, ['uplink_refused']);
  });

  test('sends events to the hub while they happen, and ends a stream that the hub cancels', async () => {
    await using hub = await startTestHub();
    await using robot = await connected(hub);
    const { open } = httpStreamsOver(hub.open[0]!.dial('gateway'));
    const url = 'http://amr-17.uplink/api/v1/x-medkit-audit/events';
    const reply = await open({ method: 'GET', url, headers: { accept: 'text/event-stream' }, timeoutMs: 30_000 });
    assert.equal(reply.status, 403, 'an operator does not read the audit log');
    const faults = 'http://amr-17.uplink/api/v1/x-medkit-tree/events';
    const events = await open({ method: 'GET', url: faults, headers: {}, timeoutMs: 30_000 });
    assert.equal(events.status, 200);
    const clients = async () => (await robot.json('/health'))['x-medkit-quotas'].event_streams.held as number;
    await eventually('an open stream', async () => (await clients()) === 1);
    events.close();
    await eventually('no open stream', async () => (await clients()) === 0);
  });

  test('survives a hub that sends no HTTP, cancels streams, and opens too many', async () => {
    await using hub = await startTestHub();
    await using robot = await connected(hub);
    const uplink = hub.open[0]!;
    const texts = [
      '\0\x01garbage\r\n\r\n',
      'GET / HTTP/9.9\r\n\r\n',
      `GET /${'x'.repeat(70_000)}`,
      'POST / HTTP/1.1\r\n',
    ];
    for (const authority of ['uplink', 'gateway', 'files'] as const) {
      for (const text of texts) {
        const stream = await dialled(uplink, authority);
        stream.write(text);
        stream.resume();
        await Promise.race([once(stream, 'close'), once(stream, 'end'), new Promise((done) => setTimeout(done, 50))]);
        stream.destroy();
      }
    }
    const many = await Promise.allSettled(Array.from({ length: 120 }, () => dialled(uplink, 'gateway')));
    for (const each of many) if (each.status === 'fulfilled') each.value.destroy();
    await eventually('an answer', async () => (await hub.ask('GET', '/version-info')).status === 200);
    assert.equal((await robot.status()).state, 'connected');
  });

  test('two robots of one hub have separate keys, logs and connections', async () => {
    await using hub = await startTestHub();
    await using first = await connected(hub);
    await using second = await connected(hub);
    assert.equal(hub.open.length, 2);
    const [one, two] = [await first.status(), await second.status()];
    assert.notEqual(one.fingerprint, two.fingerprint);
    assert.notEqual(one.log.id, two.log.id);
  });
});

/** Opens a connection inside an uplink, without HTTP. */
function dialled(uplink: HubUplink, authority: 'uplink' | 'gateway' | 'files'): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    uplink.dial(authority)({ hostname: 'robot', protocol: 'http:', port: '80' }, (error, stream) => {
      if (stream) resolve(stream.on('error', () => undefined));
      else reject(error);
    });
  });
}

async function keyOf(): Promise<string> {
  return (await import('@medkit/tunnel')).newIdentityKey();
}
