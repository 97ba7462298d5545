import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '@medkit/edges';
import { openPrincipals } from '../security/identify.ts';
import { type TestGateway, testConfig, testGateway } from '../testing/test-gateway.ts';
import { hubAccess } from '../uplink/hub-access.ts';

const API = '/api/v1';
const TOKEN = 'a-long-enough-secret';
const UI = 'https://ui.example.com';

async function limited(changes: object = {}, more: Parameters<typeof testConfig>[0] = {}) {
  const config = await testConfig();
  return testGateway({ ...more, rate_limiting: { ...config.rate_limiting, enabled: true, ...changes } });
}

interface RequestOptions {
  readonly from?: string;
  readonly method?: 'GET' | 'PUT' | 'POST' | 'DELETE' | 'HEAD' | 'OPTIONS';
  readonly headers?: Record<string, string>;
}

const ask = (
  { app }: TestGateway,
  path: string,
  { from = '192.0.2.1', method = 'GET', headers = {} }: RequestOptions = {},
) => app.inject({ url: path.startsWith('/') ? API + path : path, method, headers, remoteAddress: from });

/** Sends requests and returns how often each status occurred. */
async function statuses(gateway: TestGateway, times: number, path: string, options: RequestOptions = {}) {
  const counts: Record<number, number> = {};
  for (let time = 0; time < times; time += 1) {
    const { statusCode } = await ask(gateway, path, options);
    counts[statusCode] = (counts[statusCode] ?? 0) + 1;
  }
  return counts;
}

describe('a gateway with rate limits', () => {
  it('sends every client its remaining requests, and refuses a client that has used up its allowance', async () => {
    const gateway = await limited({ client_requests_per_minute: 3 });
    const left: unknown[] = [];
    for (let time = 0; time < 3; time += 1) {
      const { statusCode, headers } = await ask(gateway, '/apps');
      assert.equal(statusCode, 200);
      left.push([headers['x-ratelimit-limit'], headers['x-ratelimit-remaining']]);
      const seconds = Number(headers['x-ratelimit-reset']) - gateway.clock.wallMs() / 1000;
      assert.ok(seconds > 0 && seconds <= 60, String(seconds));
    }
    assert.deepEqual(left, [
      ['3', '2'],
      ['3', '1'],
      ['3', '0'],
    ]);
    const refused = await ask(gateway, '/apps');
    const reset = Math.floor(gateway.clock.wallMs() / 1000) + 20;
    assert.equal(refused.statusCode, 429);
    assert.deepEqual(refused.json(), {
      error_code: 'rate-limit-exceeded',
      message: 'Too many requests: try again in 20 s',
      parameters: { retry_after: 20, limit: 3, reset },
    });
    const { headers } = refused;
    assert.deepEqual(
      ['retry-after', 'x-ratelimit-limit', 'x-ratelimit-remaining', 'x-ratelimit-reset'].map((name) => headers[name]),
      ['20', '3', '0', String(reset)],
    );
    gateway.clock.advance(20_000);
    assert.equal((await ask(gateway, '/apps')).statusCode, 200);
    await gateway.app.close();
  });

  it('has an allowance for each address, and one for a whole network of IPv6', async () => {
    const gateway = await limited({ client_requests_per_minute: 2 });
    assert.deepEqual(await statuses(gateway, 4, '/apps'), { 200: 2, 429: 2 });
    assert.deepEqual(await statuses(gateway, 2, '/apps', { from: '192.0.2.2' }), { 200: 2 });
    assert.deepEqual(await statuses(gateway, 2, '/apps', { from: '2001:db8::1' }), { 200: 2 });
    assert.deepEqual(await statuses(gateway, 2, '/apps', { from: '2001:db8::2' }), { 429: 2 });
    await gateway.app.close();
  });

  it('counts a change as two requests, and a download or a check of the audit log as twenty', async () => {
    const gateway = await limited({ client_requests_per_minute: 50 });
    const left = async (path: string, method: RequestOptions['method'] = 'GET') =>
      Number((await ask(gateway, path, { method })).headers['x-ratelimit-remaining']);
    assert.equal(await left('/apps'), 49);
    assert.equal(await left('/apps', 'HEAD'), 48);
    assert.equal(await left('/faults', 'DELETE'), 46);
    assert.equal(await left('/x-medkit-audit/verify'), 26);
    assert.equal(await left('/apps/lidar_driver/bulk-data/rosbags/none'), 6);
    assert.equal(await left('/no/such/route'), 5);
    await gateway.app.close();
  });

  it('counts neither health, nor pages without data of the robot, nor CORS preflight requests', async () => {
    const gateway = await limited({ client_requests_per_minute: 1 }, { cors: { allowed_origins: [UI] } });
    assert.deepEqual(await statuses(gateway, 2, '/apps'), { 200: 1, 429: 1 });
    for (const path of ['/health', '/docs']) assert.deepEqual(await statuses(gateway, 3, path), { 200: 3 }, path);
    const start = await gateway.app.inject('/');
    assert.deepEqual([start.statusCode, start.headers['x-ratelimit-limit']], [200, undefined]);
    const preflight = { origin: UI, 'access-control-request-method': 'PUT' };
    assert.deepEqual(await statuses(gateway, 3, '/apps', { method: 'OPTIONS', headers: preflight }), { 204: 3 });
    await gateway.app.close();
  });

  it('lets the page of an allowed origin read why its request was refused', async () => {
    const gateway = await limited({ client_requests_per_minute: 1 }, { cors: { allowed_origins: [UI] } });
    await ask(gateway, '/apps', { headers: { origin: UI } });
    const { statusCode, headers } = await ask(gateway, '/apps', { headers: { origin: UI } });
    assert.equal(statusCode, 429);
    assert.equal(headers['access-control-allow-origin'], UI);
    assert.match(String(headers['access-control-expose-headers']), /X-RateLimit-Reset, Retry-After/);
    await gateway.app.close();
  });

  it('has separate limits for some paths, also if these are encoded differently', async () => {
    const gateway = await limited({
      client_requests_per_minute: 5,
      endpoint_limits: ['/api/v1/apps/lidar_driver/data/*:2', '/api/v1/**/data/**:3'],
    });
    const of = async (path: string) => {
      const { headers } = await ask(gateway, path);
      return [headers['x-ratelimit-limit'], headers['x-ratelimit-remaining']].join();
    };
    assert.equal(await of('/apps/lidar_driver/data/%2Fscan'), '2,1');
    assert.equal(await of('/apps/lidar_driver/data/front/left/scan'), '2,0');
    assert.equal(await of('/apps/lid%61r_driver/d%61ta/%2Fscan/'), '2,0', 'refused');
    assert.equal(await of('/apps/lidar_driver/data'), '3,2');
    assert.equal(await of('/apps/battery_monitor/data/voltage'), '3,1');
    assert.equal(await of('/apps'), '5,4');
    await gateway.app.close();
  });

  it('has a global limit, which counts only authenticated clients', async () => {
    const gateway = await limited(
      { client_requests_per_minute: 3, global_requests_per_minute: 5 },
      { server: { token: TOKEN } },
    );
    const headers = { authorization: `Bearer ${TOKEN}` };
    for (const from of ['192.0.2.1', '192.0.2.2', '192.0.2.3']) {
      assert.deepEqual(await statuses(gateway, 4, '/apps', { from }), { 401: 3, 429: 1 });
    }
    assert.deepEqual(await statuses(gateway, 4, '/apps', { from: '192.0.2.1', headers }), { 200: 3, 429: 1 });
    assert.deepEqual(await statuses(gateway, 4, '/apps', { from: '192.0.2.2', headers }), { 200: 2, 429: 2 });
    await gateway.app.close();
  });

  it('does not count the requests of other clients at the same address against a client with the token', async () => {
    const gateway = await limited({ client_requests_per_minute: 3 }, { server: { token: TOKEN } });
    assert.deepEqual(await statuses(gateway, 9, '/apps'), { 401: 3, 429: 6 });
    const headers = { authorization: `Bearer ${TOKEN}` };
    assert.deepEqual(await statuses(gateway, 3, '/apps', { headers }), { 200: 3 });
    await gateway.app.close();
  });

  it('counts an event stream once, when it is opened', async () => {
    const gateway = await limited({ client_requests_per_minute: 3 });
    const head = await ask(gateway, '/faults/stream', { method: 'HEAD' });
    assert.deepEqual([head.statusCode, head.headers['x-ratelimit-remaining']], [200, '2']);
    const opened = await gateway.app.inject({
      url: `${API}/faults/stream`,
      remoteAddress: '192.0.2.1',
      payloadAsStream: true,
    });
    assert.deepEqual([opened.statusCode, opened.headers['x-ratelimit-remaining']], [200, '1']);
    assert.equal((await ask(gateway, '/apps')).headers['x-ratelimit-remaining'], '0');
    opened.stream().destroy();
    await gateway.app.close();
  });

  it('has no limit by default, and then sends no headers about limits', async () => {
    const gateway = await testGateway();
    assert.deepEqual(await statuses(gateway, 700, '/version-info'), { 200: 700 });
    assert.equal((await ask(gateway, '/apps')).headers['x-ratelimit-limit'], undefined);
    await gateway.app.close();
  });
});

describe('the users of a fleet hub', () => {
  /** A robot whose requests all come from its hub. */
  async function robotOfHub(limit: number) {
    const config = await testConfig();
    const rates = { ...config.rate_limiting, enabled: true, client_requests_per_minute: limit };
    const hubs = ['hub.example', 'hub2.example'].map((name) => hubAccess(config, name));
    /** Number of the hub that sends the next requests. */
    const sender = { number: 0 };
    const identityOf = (connection: object) => {
      const hub = hubs[sender.number]!;
      hub.admit(connection, 'gateway');
      return hub.identityOf(connection);
    };
    const principalOf = (credential: string) => hubs.flatMap((hub) => hub.principalOf(credential) ?? [])[0];
    const principals = openPrincipals({ token: '', random: seededRandom(1), hub: { identityOf, principalOf } });
    return { ...(await testGateway({ rate_limiting: rates }, undefined, {}, { principals })), sender };
  }
  const by = (user: string) => ({ headers: { 'x-medkit-on-behalf-of': `user:${user}@hub` } });

  it('have separate allowances', async () => {
    const gateway = await robotOfHub(3);
    assert.deepEqual(await statuses(gateway, 5, '/apps', by('ada')), { 200: 3, 429: 2 });
    assert.deepEqual(await statuses(gateway, 5, '/apps', by('jan')), { 200: 3, 429: 2 });
    assert.deepEqual(await statuses(gateway, 5, '/apps'), { 200: 3, 429: 2 }, 'of the hub itself');
  });

  it('have separate allowances from those of another hub with the same names', async () => {
    const gateway = await robotOfHub(3);
    for (const number of [0, 1]) {
      gateway.sender.number = number;
      assert.deepEqual(await statuses(gateway, 5, '/apps', by('ada')), { 200: 3, 429: 2 }, `of hub ${number}`);
    }
  });

  it('share them above 16 users, so that invented users give no more', async () => {
    const gateway = await robotOfHub(3);
    const total: Record<number, number> = {};
    for (let user = 0; user < 100; user += 1) {
      const counts = await statuses(gateway, 5, '/apps', by(`u${user}`));
      for (const [status, count] of Object.entries(counts))
        total[Number(status)] = (total[Number(status)] ?? 0) + count;
    }
    assert.deepEqual(total, { 200: 48, 429: 452 });
  });
});
