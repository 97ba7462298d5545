import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { ALL_ROUTES, API_BASE } from '@medkit/contract';
import { systemClock } from '@medkit/edges/node';
import { connectTestRobot, type TestHub, testHub, useInvitation } from '../../packages/gateway/src/testing/test-hub.ts';
import { eventually } from '../harness/eventually.ts';
import { openTestAccounts } from '../security/account-gateway.ts';

const ROLES = ['viewer', 'operator', 'configurator', 'admin', 'clerk'] as const;

let hub: TestHub;
const keys = new Map<string, string>();
const closing: (() => unknown)[] = [];

before(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'medkit-hub-rights-'));
  const changes = { roles: { clerk: { extends: 'viewer', deny: ['fleet.read'] } } } as never;
  const { known, accounts, principals } = await openTestAccounts({ changes, folder, clock: systemClock });
  hub = await testHub({}, { accounts: known, principals });
  for (const role of ROLES) {
    keys.set(role, `Bearer ${(await accounts.keys.add({ name: role, role, owner: 'local' })).text}`);
  }
  closing.push(
    () => hub.close(),
    () => known.close(),
    () => rm(folder, { recursive: true }),
  );
});
after(async () => {
  for (const close of closing) await close();
});

async function ask(method: string, url: string, role?: string) {
  const headers = { host: 'localhost', ...(role !== undefined && { authorization: keys.get(role)! }) };
  const { statusCode, payload } = await hub.app.inject({ method: method as 'GET', url, headers });
  return { status: statusCode, body: payload };
}

describe('rights at a fleet hub', () => {
  it('are those of the route of the contract, for every route of a robot', async () => {
    for (const { method, path, permission, responses } of ALL_ROUTES) {
      // Streams do not end; their permissions are declared like those of other routes.
      if (responses[200]?.media === 'text/event-stream') continue;
      const url = API_BASE + path.replaceAll(/\{\w+\}/g, 'x');
      for (const role of ['viewer', 'operator', 'configurator', 'admin']) {
        const there = (await ask(method.toUpperCase(), `/fleet/amr-17${url}`, role)).status === 403;
        const isPublicChange = permission === 'public' && method !== 'get';
        const here = isPublicChange ? role !== 'admin' : (await ask(method.toUpperCase(), url, role)).status === 403;
        assert.equal(there, here, `${role}: ${method} ${url}`);
      }
      assert.equal((await ask(method.toUpperCase(), `/fleet/amr-17${url}`)).status, 401, url);
    }
  });

  it('need fleet.read besides, and plugins for changes outside the contract', async () => {
    assert.equal((await ask('GET', '/fleet/amr-17/api/v1/apps', 'clerk')).status, 403);
    assert.equal((await ask('GET', '/api/v1/apps', 'clerk')).status, 200);
    assert.equal((await ask('GET', '/fleet/amr-17/api/v1/apps/a/x-pump', 'viewer')).status, 404);
    assert.equal((await ask('PUT', '/fleet/amr-17/api/v1/apps/a/x-pump', 'configurator')).status, 403);
    assert.equal((await ask('PUT', '/fleet/amr-17/api/v1/apps/a/x-pump', 'admin')).status, 404);
  });

  it('reach the robot as the name and the permissions of the client', async () => {
    const headers = { 'content-type': 'application/json', authorization: keys.get('admin')! };
    const body = JSON.stringify({ robot: 'amr-1', auto_approve: true });
    const invited = await hub.app.inject({ method: 'POST', url: '/api/v1/x-medkit-fleet/invites', headers, body });
    const url = new URL(invited.json().link);
    const robot = await useInvitation(`${hub.url}/${url.hash}`);
    const seen: Record<string, unknown>[] = [];
    const uplink = await connectTestRobot(robot, (request, response) => {
      if (request.url?.startsWith('/api/v1/apps')) seen.push(request.headers);
      response.end('{}');
    });
    closing.unshift(() => uplink.close());
    await eventually('the robot', async () => (await ask('GET', '/fleet/amr-1/api/v1/apps', 'viewer')).status === 200);
    const [{ authorization, ...sent }] = seen as [Record<string, unknown>];
    assert.equal(authorization, undefined);
    assert.match(String(sent['x-medkit-on-behalf-of']), /^key:[\w-]+@robot-01$/);
    assert.deepEqual(String(sent['x-medkit-permissions']).split(',').toSorted(), [
      ...['files.read', 'fleet.read', 'metrics', 'read', 'self', 'subscriptions'],
    ]);
  });

  it('leave room for other people: one has at most 16 requests and event streams of a robot', async () => {
    const headers = { 'content-type': 'application/json', authorization: keys.get('admin')! };
    const body = JSON.stringify({ robot: 'amr-2', auto_approve: true });
    const invited = await hub.app.inject({ method: 'POST', url: '/api/v1/x-medkit-fleet/invites', headers, body });
    const robot = await useInvitation(`${hub.url}/${new URL(invited.json().link).hash}`);
    const ending = new AbortController();
    const open = (role: string, path: string): Promise<Response> =>
      fetch(`${hub.url}/fleet/amr-2/api/v1${path}`, {
        headers: { authorization: keys.get(role)! },
        signal: ending.signal,
      });
    // The robot was never connected: streams wait for it.
    for (let count = 0; count < 8; count += 1) assert.equal((await open('viewer', '/faults/stream')).status, 200);
    const waiting: ServerResponse[] = [];
    const uplink = await connectTestRobot(robot, (request, response) => {
      if (!request.url?.includes('x-medkit-uplink')) waiting.push(response);
      else response.writeHead(404).end();
    });
    closing.unshift(() => uplink.close());
    await eventually('the streams at the robot', async () => waiting.length === 8);
    const requests = Array.from({ length: 8 }, () => open('viewer', '/apps').catch(() => undefined));
    await eventually('the requests', async () => waiting.length === 16);
    const refused = await open('viewer', '/apps');
    assert.equal(refused.status, 429);
    assert.match(await refused.text(), /"rate-limit-exceeded"/);
    assert.equal((await open('viewer', '/faults/stream')).status, 429);
    const other = open('admin', '/apps');
    await eventually('a request of another person', async () => waiting.length === 17);
    waiting.at(-1)!.end('{}');
    assert.equal((await other).status, 200);
    ending.abort();
    await Promise.all(requests);
  });
});
