import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { AuditRecord, AuditRecordList, DeniedAccess } from '@medkit/contract';
import { ALL_PERMISSIONS, type Principal } from '@medkit/core';
import { SHARED_HEALTH_MS } from '../health/shared-health.ts';
import type { Identity, RequestSender } from '../security/identity.ts';
import { type TestGateway, testConfig, testGateway } from '../testing/test-gateway.ts';

const API = '/api/v1';
const ADMIN = 'Bearer admin';
const VISITOR = 'Bearer visitor';
const WRONG = 'Bearer wrong';
const HERE = '192.0.2.1';

const identity = (id: string, kind: Principal['kind'], permissions: Principal['permissions']): Identity => ({
  principal: { id, kind, role: id, permissions, scopes: [] },
  credential: { kind: 'token', id },
});
const STRANGER = identity('anonymous', 'anonymous', new Set());
const KNOWN: Readonly<Record<string, Identity>> = {
  [ADMIN]: identity('server.token', 'token', ALL_PERMISSIONS),
  [VISITOR]: identity('visitor', 'key', new Set()),
};

/** A gateway that knows one client with all permissions and one with none. */
function guarded(changes: Parameters<typeof testGateway>[0] = {}) {
  const identify = ({ headers: { authorization } }: RequestSender): Identity => {
    if (authorization === undefined) return STRANGER;
    return KNOWN[authorization] ?? { ...STRANGER, refused: 'unknown' };
  };
  const principals = {
    identify,
    admit: () => '',
    current: () => ({ refused: 'unknown' }),
    onDismissal: () => () => undefined,
  };
  return testGateway(changes, undefined, {}, { principals });
}

const ask = (
  { app }: TestGateway,
  path: string,
  authorization?: string,
  { method = 'GET', from = HERE }: { readonly method?: 'GET' | 'DELETE' | 'HEAD'; readonly from?: string } = {},
) => app.inject({ method, url: API + path, remoteAddress: from, headers: authorization ? { authorization } : {} });

const table = async (gateway: TestGateway): Promise<DeniedAccess> =>
  (await ask(gateway, '/x-medkit-audit/denied', ADMIN)).json();

async function records(gateway: TestGateway, query = ''): Promise<readonly AuditRecord[]> {
  const reply = await ask(gateway, `/x-medkit-audit?${query}`, ADMIN);
  return (reply.json() as AuditRecordList).items;
}

describe('a rejected request', () => {
  it('is counted by reason and source, with the last requested route', async () => {
    const gateway = await guarded();
    await ask(gateway, '/apps');
    await ask(gateway, '/apps', undefined, { method: 'HEAD' });
    await ask(gateway, '/no/such/route', WRONG);
    await ask(gateway, '/apps', WRONG, { from: '2001:db8::1' });
    const { refused, reasons, items } = await table(gateway);
    assert.deepEqual([refused, reasons], [4, { 'no-credential': 2, 'wrong-credential': 2 }]);
    assert.deepEqual(
      items.map(({ reason, address, operation_id, count }) => [reason, address, operation_id, count]),
      [
        ['wrong-credential', '2001:db8::/64', 'listApps', 1],
        ['wrong-credential', HERE, undefined, 1],
        ['no-credential', HERE, 'listApps', 2],
      ],
    );
    await gateway.app.close();
  });

  it('is in the audit log once a minute, in one summary', async () => {
    const gateway = await guarded();
    for (let time = 0; time < 300; time += 1) await ask(gateway, '/apps', WRONG, { from: `192.0.2.${time % 30}` });
    assert.deepEqual(await records(gateway), []);
    await gateway.clock.advanceAsync(60_000, 10_000);
    const [record, ...more] = await records(gateway, 'kind=access');
    assert.deepEqual(more, []);
    const { refused, reasons, sources, most } = record?.access ?? assert.fail();
    assert.deepEqual([refused, reasons, sources, most.length], [300, { 'wrong-credential': 300 }, 30, 10]);
    await gateway.clock.advanceAsync(600_000, 10_000);
    assert.equal((await records(gateway)).length, 1, 'there is none of minutes in which nobody was refused');
    assert.deepEqual(await records(gateway, 'kind=request'), []);
    assert.deepEqual(await records(gateway, 'kind=fault'), []);
    await ask(gateway, '/apps');
    await gateway.clock.advanceAsync(60_000, 10_000);
    const [newest] = await records(gateway, 'kind=access');
    assert.deepEqual(newest?.access?.reasons, { 'no-credential': 1 });
    await gateway.app.close();
  });

  it('is a warning if there were more than a hundred within a minute', async () => {
    const gateway = await guarded();
    const health = async () => {
      gateway.clock.advance(SHARED_HEALTH_MS);
      return (await ask(gateway, '/health', ADMIN)).json();
    };
    const codes = async () => ((await health()).warnings as { code: string }[]).map(({ code }) => code);
    assert.equal((await health())['x-medkit-access'], undefined);
    for (let time = 0; time < 100; time += 1) await ask(gateway, '/apps');
    assert.deepEqual(await codes(), []);
    await ask(gateway, '/apps');
    assert.deepEqual(await codes(), ['access_refusals_many']);
    assert.deepEqual((await health())['x-medkit-access'], {
      refused_total: 101,
      reasons: { 'no-credential': 101 },
      sources: 1,
      forgotten_sources: 0,
    });
    await gateway.clock.advanceAsync(120_000, 10_000);
    assert.deepEqual(await codes(), []);
    await gateway.app.close();
  });

  it('is counted by principal if that exceeded its limit', async () => {
    const { rate_limiting } = await testConfig();
    const limits = { ...rate_limiting, enabled: true, client_requests_per_minute: 2 };
    const gateway = await guarded({ rate_limiting: limits });
    for (let time = 0; time < 3; time += 1) await ask(gateway, '/apps');
    for (let time = 0; time < 3; time += 1) await ask(gateway, '/apps', ADMIN, { from: '192.0.2.2' });
    const { items } = await table(gateway);
    assert.deepEqual(
      items.map(({ reason, principal: who, address, count }) => [reason, who ?? address, count]),
      [
        ['too-many-requests', 'server.token', 1],
        ['too-many-requests', HERE, 1],
        ['no-credential', HERE, 2],
      ],
    );
    await gateway.app.close();
  });
});

describe('a principal without the required permission', () => {
  it('causes a record of the first request for each permission in each hour, also of a read', async () => {
    const gateway = await guarded();
    for (let time = 0; time < 3; time += 1) {
      assert.equal((await ask(gateway, '/apps/lidar_driver', VISITOR)).statusCode, 403);
      assert.equal((await ask(gateway, '/apps/lidar_driver/faults/F', VISITOR, { method: 'DELETE' })).statusCode, 403);
    }
    await ask(gateway, '/no/such/route', VISITOR);
    const rows = async () =>
      (await records(gateway)).map(({ request }) => [
        request?.method,
        request?.operation_id,
        request?.entity_id,
        request?.principal,
        request?.status,
        request?.notes?.permission,
      ]);
    const first = [
      ['DELETE', 'clearAppFault', 'lidar_driver', 'visitor', 403, 'faults.clear'],
      ['GET', 'getApp', 'lidar_driver', 'visitor', 403, 'read'],
    ];
    assert.deepEqual(await rows(), first);
    await gateway.clock.advanceAsync(3_600_000, 600_000);
    await ask(gateway, '/no/such/route', VISITOR);
    assert.deepEqual(await rows(), [['GET', '', undefined, 'visitor', 403, 'read'], ...first]);
    await gateway.app.close();
  });

  it('is counted in all totals, and causes no summary', async () => {
    const gateway = await guarded();
    for (let time = 0; time < 5; time += 1) await ask(gateway, '/apps', VISITOR);
    await gateway.clock.advanceAsync(120_000, 10_000);
    assert.deepEqual(await records(gateway, 'kind=access'), []);
    const [{ reason, principal: who, count } = assert.fail()] = (await table(gateway)).items;
    assert.deepEqual([reason, who, count], ['missing-permission', 'visitor', 5]);
    await ask(gateway, '/apps');
    await gateway.clock.advanceAsync(60_000, 10_000);
    const [record] = await records(gateway, 'kind=access');
    assert.deepEqual(record?.access?.reasons, { 'missing-permission': 5, 'no-credential': 1 });
    await gateway.app.close();
  });

  it('causes no record if requests are not audited, and is still counted', async () => {
    const gateway = await guarded({ audit: { requests: 'off' } });
    await ask(gateway, '/apps', VISITOR);
    await ask(gateway, '/apps', WRONG);
    await gateway.clock.advanceAsync(60_000, 10_000);
    assert.deepEqual(await records(gateway), []);
    assert.equal((await table(gateway)).refused, 2);
    await gateway.app.close();
  });
});

describe('wrong credentials', () => {
  it('are answered normally twenty times a minute and address, then with a waiting time', async () => {
    const gateway = await guarded();
    for (let time = 0; time < 20; time += 1) assert.equal((await ask(gateway, '/apps', WRONG)).statusCode, 401);
    const refused = await ask(gateway, '/apps', WRONG);
    assert.deepEqual(
      [
        refused.statusCode,
        refused.json().error_code,
        refused.headers['retry-after'],
        refused.headers['www-authenticate'],
      ],
      [429, 'rate-limit-exceeded', '3', undefined],
    );
    assert.equal(refused.json().parameters.limit, 20);
    assert.equal((await ask(gateway, '/apps', WRONG, { from: '192.0.2.2' })).statusCode, 401);
    gateway.clock.advance(3000);
    assert.equal((await ask(gateway, '/apps', WRONG)).statusCode, 401);
    await gateway.app.close();
  });

  it('do not affect a right credential from the same address, nor requests without one', async () => {
    const gateway = await guarded();
    for (let time = 0; time < 100; time += 1) await ask(gateway, '/apps', WRONG);
    assert.equal((await ask(gateway, '/apps', ADMIN)).statusCode, 200);
    assert.equal((await ask(gateway, '/apps')).statusCode, 401);
    assert.equal((await gateway.app.inject({ url: '/docs', remoteAddress: HERE })).statusCode, 200);
    await gateway.app.close();
  });
});
