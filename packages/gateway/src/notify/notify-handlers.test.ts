import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { memoryAudit } from '@medkit/audit/testing';
import type { HealthStatus } from '@medkit/contract';
import { SimulatedHttp } from '@medkit/edges/testing';
import type { IncidentSource } from '@medkit/notify';
import { IncidentStage, incidentOf, receiverOf } from '@medkit/notify/testing';
import { memoryDatabase } from '../testing/memory-database.ts';
import { type TestGateway, testConfig, testGateway } from '../testing/test-gateway.ts';

const BASE = '/api/v1/x-medkit-notify';
const URL = 'https://robots.example/amr-01';
const SLACK = {
  name: 'team',
  type: 'slack',
  url: 'http://10.0.0.7/services/very-secret',
  leastSeverity: 3,
  afterMs: 900_000,
} as const;
const RECEIVERS = [receiverOf({ topic: 'very-secret-topic' }), receiverOf(SLACK)];

interface Parts {
  readonly settings?: Parameters<typeof testConfig>[0];
  readonly incidents?: IncidentSource | undefined;
}

/** A gateway with two receivers and incidents from the test. */
async function setUp({ settings, ...parts }: Parts = {}) {
  const [http, source] = [new SimulatedHttp(), new IncidentStage()];
  const incidents = 'incidents' in parts ? parts.incidents : source;
  const base = await testConfig();
  const server = { ...base.server, public_url: URL };
  // Incidents from the test replace those of the gateway.
  const config = { receivers: RECEIVERS, server, incidents: { ...base.incidents, enabled: false }, ...settings };
  const gateway: TestGateway = await testGateway(config, undefined, {}, { http, ...(incidents && { incidents }) });
  source.events = gateway.model.events;
  const ask = async (method: 'GET' | 'POST', url: string, payload?: object | string) => {
    const headers = typeof payload === 'string' ? { 'content-type': 'application/x-www-form-urlencoded' } : {};
    const reply = await gateway.app.inject({ method, url, ...(payload !== undefined && { payload, headers }) });
    return { status: reply.statusCode, text: reply.payload, headers: reply.headers };
  };
  const json = async (...request: Parameters<typeof ask>) => JSON.parse((await ask(...request)).text);
  const health = async (): Promise<HealthStatus> => json('GET', '/api/v1/health');
  const warnings = async () =>
    (await health()).warnings.map(({ code }) => code).filter((code) => code.startsWith('notify'));
  await gateway.clock.advanceAsync(20);
  return { ...gateway, http, source, ask, json, health, warnings };
}

/** Returns the path of the link in the last message. */
const linkIn = (http: SimulatedHttp) =>
  new RegExp(`${URL}(/api/v1/x-medkit-notify/acknowledge/[\\w-]{43})`).exec(String(http.requests.at(-1)?.body))?.[1] ??
  '';

describe('receivers', () => {
  it('are listed with their waiting messages and the reason, and without their secrets', async () => {
    const { http, source, json, ask, clock, app, health, warnings } = await setUp();
    assert.deepEqual((await json('GET', `${BASE}/receivers`)).items, [
      { name: 'oncall', type: 'ntfy', severity: 'warning', waiting: 0, given_up: 0 },
      { name: 'team', type: 'slack', severity: 'critical', after_min: 15, waiting: 0, given_up: 0 },
    ]);
    source.tell('opened', incidentOf());
    await clock.advanceAsync(700, 10);
    const [receiver] = (await json('GET', `${BASE}/receivers`)).items;
    assert.match(receiver.last_delivered, /^2026-01-01T/);
    http.answer = ({ url }) => {
      throw new Error(`connect ECONNREFUSED ${url} very-secret-topic`);
    };
    source.tell('opened', incidentOf({ id: 'inc_18' }));
    await clock.advanceAsync(400_000, 500);
    const { text } = await ask('GET', `${BASE}/receivers`);
    const [failing] = JSON.parse(text).items;
    assert.deepEqual([failing.waiting, failing.problem], [1, 'connect ECONNREFUSED https://ntfy.example …']);
    const [block, seen] = [(await health())['x-medkit-notify'], await warnings()];
    assert.deepEqual([block?.told_total, block?.waiting, block?.links], [2, 0, true]);
    assert.deepEqual(seen, ['notify_receiver_failing']);
    assert.ok(!(await health()).warnings.some(({ code }) => code.startsWith('webhook')), 'it is said once');
    const listed = await ask('GET', '/api/v1/x-medkit-webhooks/deliveries');
    assert.equal(JSON.parse(listed.text).items[0].origin, 'receiver:oncall');
    const all = [
      text,
      listed.text,
      JSON.stringify(await health()),
      (await ask('GET', '/api/v1/x-medkit-webhooks/targets')).text,
    ];
    assert.ok(!all.join().includes('secret'), all.join());
    await Promise.all([app.close(), clock.advanceAsync(5000, 100)]);
  });

  it('are tested, all together or one of them', async () => {
    const { http, json, ask, clock, app } = await setUp();
    http.answer = ({ url }) =>
      url.includes('10.0.0.7') ? { status: 404, body: 'no_service very-secret' } : { status: 200, body: 'ok' };
    const tried = json('POST', `${BASE}/test`);
    const both = (await tried).items;
    assert.deepEqual(
      both.map(({ receiver, delivered, status, error }: Record<string, unknown>) => [
        receiver,
        delivered,
        status,
        error,
      ]),
      [
        ['oncall', true, 200, undefined],
        ['team', false, 404, 'HTTP 404: no_service very-secret'],
      ],
    );
    assert.equal((await json('POST', `${BASE}/test`, { receiver: 'oncall' })).items.length, 1);
    const { status, text } = await ask('POST', `${BASE}/test`, { receiver: 'oncal' });
    assert.equal(status, 400);
    assert.match(text, /There is no receiver oncal: did you mean oncall\?/);
    await Promise.all([app.close(), clock.advanceAsync(5000, 100)]);
  });

  it('are an empty list if none is configured, and receive nothing if incidents are switched off', async () => {
    const unconfigured = await setUp({ settings: { receivers: [] } });
    assert.deepEqual(await unconfigured.json('GET', `${BASE}/receivers`), { items: [] });
    const { status, text } = await unconfigured.ask('POST', `${BASE}/test`);
    assert.deepEqual([status, /set notify\.receivers/.test(text)], [501, true]);
    assert.equal((await unconfigured.ask('GET', `${BASE}/acknowledge/x`)).status, 404);
    assert.equal((await unconfigured.health())['x-medkit-notify'], undefined);
    await unconfigured.app.close();
    const base = await testConfig();
    const without = await setUp({ incidents: undefined, settings: { server: base.server } });
    assert.deepEqual(await without.warnings(), ['notify_no_links', 'notify_no_incidents']);
    await Promise.all([without.app.close(), without.clock.advanceAsync(5000, 100)]);
  });

  it('are notified also if webhooks of clients are switched off', async () => {
    const base = await testConfig();
    const { http, source, clock, app, ask } = await setUp({
      settings: { webhooks: { ...base.webhooks, enabled: false } },
    });
    source.tell('opened', incidentOf());
    await clock.advanceAsync(700, 10);
    assert.equal(http.requests.length, 1);
    assert.equal((await ask('GET', '/api/v1/x-medkit-webhooks/targets')).status, 501);
    await Promise.all([app.close(), clock.advanceAsync(5000, 100)]);
  });
});

describe('the link of a message', () => {
  it('shows a page with one button, which acknowledges once, and is not logged', async () => {
    const clock = (await testGateway()).clock;
    const auditFile = memoryAudit(clock);
    const [http, source] = [new SimulatedHttp(), new IncidentStage()];
    const base = await testConfig();
    const gateway = await testGateway(
      {
        receivers: RECEIVERS,
        server: { ...base.server, public_url: URL },
        incidents: { ...base.incidents, enabled: false },
      },
      undefined,
      {},
      { http, incidents: source, auditFile, database: memoryDatabase(clock) },
    );
    source.events = gateway.model.events;
    await gateway.clock.advanceAsync(20);
    source.tell('opened', incidentOf({ title: 'Stop <b>"now"</b>' }));
    await gateway.clock.advanceAsync(700, 10);
    const link = linkIn(http);
    const ask = (method: 'GET' | 'POST', url: string) =>
      gateway.app.inject({
        method,
        url,
        ...(method === 'POST' && { payload: '', headers: { 'content-type': 'application/x-www-form-urlencoded' } }),
      });

    for (let preview = 0; preview < 3; preview += 1) {
      const page = await ask('GET', link);
      assert.equal(page.statusCode, 200);
      assert.match(page.payload, /<form method="post"><button>Acknowledge<\/button><\/form>/);
      assert.match(page.payload, /<b>amr-01<\/b>: Stop &lt;b&gt;&quot;now&quot;&lt;\/b&gt;/);
      const policy = String(page.headers['content-security-policy']);
      assert.match(policy, /^default-src 'none'; style-src 'sha256-[^']+'; form-action 'self';/);
      assert.ok(!page.payload.includes('<script'));
      assert.deepEqual(
        [page.headers['cache-control'], page.headers['referrer-policy'], page.headers['content-type']],
        ['no-store', 'no-referrer', 'text/html; charset=utf-8'],
      );
    }
    assert.equal(source.incidents.get('inc_17')?.acknowledged_by, undefined, 'to look at it acknowledges nothing');
    const done = await ask('POST', link);
    assert.deepEqual([done.statusCode, /You have acknowledged the incident/.test(done.payload)], [200, true]);
    assert.equal(source.incidents.get('inc_17')?.acknowledged_by, 'link of receiver oncall');
    assert.match((await ask('POST', link)).payload, /was already used/);
    assert.match((await ask('GET', link)).payload, /was already used/);
    // A POST without a body.
    const reply = await gateway.app.inject({ method: 'POST', url: `${link.slice(0, -1)}-` });
    assert.deepEqual([reply.statusCode, /has expired/.test(reply.payload)], [404, true]);

    const records = await (await auditFile.store()).read('SELECT * FROM audit_log');
    const text = JSON.stringify(records, (_, value) => (typeof value === 'bigint' ? String(value) : value));
    assert.equal(records.length, 1, 'what was done, and neither a guess nor a link that was used before');
    assert.match(text, /link of receiver oncall/);
    assert.match(text, /acknowledge\/-/);
    assert.ok(!text.includes(link.slice(-43)), text);
    assert.ok(!gateway.log.join().includes(link.slice(-43)));
    await Promise.all([gateway.app.close(), gateway.clock.advanceAsync(5000, 100)]);
  });
});

describe('the heartbeat', () => {
  it('is sent and reported in health, also if no receiver is configured', async () => {
    const base = await testConfig();
    const notify = { ...base.notify, heartbeat_url: 'https://hc.example/ping/very-secret' };
    const { http, clock, app, health, warnings } = await setUp({ settings: { receivers: [], notify } });
    await clock.advanceAsync(120_000, 1000);
    assert.equal(http.requests.length, 3);
    assert.deepEqual((await health())['x-medkit-notify']?.heartbeat?.sent_total, 3);
    http.answer = () => ({ status: 500 });
    await clock.advanceAsync(300_000, 1000);
    assert.deepEqual(await warnings(), ['notify_heartbeat_failing']);
    assert.ok(!JSON.stringify(await health()).includes('secret'));
    await Promise.all([app.close(), clock.advanceAsync(5000, 100)]);
  });

  it('is withheld by a gateway that cannot store faults', async () => {
    const base = await testConfig();
    const notify = { ...base.notify, heartbeat_url: 'https://hc.example/ping' };
    const { http, clock, app, model, warnings } = await setUp({ settings: { receivers: [], notify } });
    const sent = http.requests.length;
    const message = 'Fault reports are rejected, because they cannot be stored: the disk is full';
    model.health = async () => ({ warnings: [{ code: 'faults_not_stored', message }], blocks: {} });
    await clock.advanceAsync(300_000, 1000);
    assert.equal(http.requests.length, sent);
    assert.deepEqual(await warnings(), ['notify_heartbeat_withheld']);
    await Promise.all([app.close(), clock.advanceAsync(5000, 100)]);
  });

  it('refuses a malformed body of a link with an error of SOVD, not of OAuth', async () => {
    const { app } = await setUp();
    const url = `${BASE}/acknowledge/${'x'.repeat(43)}`;
    const reply = await app.inject({
      method: 'POST',
      url,
      headers: { 'content-length': '-1' },
      payload: Buffer.from(''),
    });
    assert.equal(reply.statusCode, 400);
    assert.equal(reply.json().error_code, 'invalid-request');
  });
});
