import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, it } from 'node:test';
import { ALL_PERMISSIONS } from '@medkit/core';
import { seededRandom } from '@medkit/edges';
import { openPrincipals } from '../../packages/gateway/src/security/identify.ts';
import { armGateways, type Gateway, proxyFor } from './robots.ts';

const { start, closeAll } = armGateways();
const undo: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  await closeAll();
  for (const each of undo.splice(0)) await each();
});

const [YARD, DOCK] = ['the-token-of-the-yard', 'the-token-of-the-dock'];
const BEHALF = 'x-medkit-on-behalf-of';
const pose = { type: 'x/msg/X', data: { n: 1 } };
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

async function tokenFile(token: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'medkit-identity-'));
  undo.push(() => rm(folder, { recursive: true }));
  const path = join(folder, 'token');
  await writeFile(path, token, { mode: 0o600 });
  return path;
}

/** Returns client, principal and on-behalf-of of the changes recorded there, the newest first. */
async function changesOf(gateway: Gateway, headers = {}) {
  const { items } = (await gateway.ask('GET', '/x-medkit-audit', undefined, headers)).body;
  return items.map(({ request }: { readonly request: Record<string, string> }) => [
    request['client_id'],
    request['principal'],
    request['on_behalf_of'],
  ]);
}

/** Records the headers of every data request to a gateway, and returns a proxy in front of it. */
async function recordRequests(gateway: Gateway) {
  const received: IncomingHttpHeaders[] = [];
  const front = await proxyFor(gateway, ({ url = '', headers }) => {
    if (url.includes('/data/')) received.push(headers);
    return false;
  });
  undo.push(front.close);
  return { url: front.url, received };
}

describe('the identity of a client at another gateway', () => {
  it('is sent to a gateway that knows this one by a token, and is stored in its audit log', async () => {
    const yard = await start('yard', { config: { server: { token: YARD } } });
    const principals = openPrincipals({ token: DOCK, random: seededRandom(1) });
    const authorization = principals.admit({
      id: 'plugin:mechanic',
      kind: 'plugin',
      role: 'admin',
      permissions: ALL_PERMISSIONS,
      scopes: [],
    });
    const dock = await start('dock', {
      config: { server: { token: DOCK }, aggregation: { peer_token_files: [await tokenFile(YARD)] } },
      parts: { principals },
      peers: { yard: yard.url },
    });
    const write = (headers: Readonly<Record<string, string>>) =>
      dock.ask('PUT', '/apps/yard_arm/data/pose', pose, headers);
    assert.equal((await write({ authorization, 'x-client-id': 'alice' })).status, 200);
    // A further gateway with this one's token reports for whom it asks; a plugin of this one must not.
    assert.equal((await write({ ...bearer(DOCK), [BEHALF]: 'bob@tower' })).status, 200);
    assert.equal((await write({ authorization, [BEHALF]: 'bob@tower' })).status, 200);
    assert.equal((await write({ ...bearer(DOCK) })).status, 200);
    assert.deepEqual(await changesOf(yard, bearer(YARD)), [
      [undefined, 'server.token', 'server.token'],
      [undefined, 'server.token', 'plugin:mechanic'],
      [undefined, 'server.token', 'bob@tower'],
      ['alice', 'server.token', 'plugin:mechanic'],
    ]);
  });

  it('cannot be claimed by a client, grants no right, and must be a valid name', async () => {
    const pit = await start('pit');
    await pit.ask('PUT', '/apps/pit_arm/data/pose', pose, { [BEHALF]: 'alice' });
    assert.deepEqual(await changesOf(pit), [[undefined, undefined, undefined]]);
    const yard = await start('yard', { config: { server: { token: YARD } } });
    const write = (headers: Readonly<Record<string, string>>) =>
      yard.ask('PUT', '/apps/yard_arm/data/pose', pose, headers);
    assert.equal((await write({ ...bearer(YARD), [BEHALF]: '<b>alice</b>' })).status, 200);
    assert.equal((await write({ [BEHALF]: 'server.token' })).status, 401);
    assert.deepEqual(await changesOf(yard, bearer(YARD)), [[undefined, 'server.token', undefined]]);
  });

  it('is not sent to a gateway that does not know this one, nor is a claim of the client', async () => {
    const { url, received } = await recordRequests(await start('yard'));
    const dock = await start('dock', { config: { server: { token: DOCK } }, peers: { yard: url } });
    const headers = { ...bearer(DOCK), [BEHALF]: 'bob@tower', 'x-client-id': 'alice', cookie: 'a=b' };
    assert.equal((await dock.ask('GET', '/apps/yard_arm/data/pose', undefined, headers)).status, 200);
    const [got] = received;
    assert.deepEqual(
      [got?.[BEHALF], got?.authorization, got?.cookie, got?.['x-client-id']],
      [undefined, undefined, undefined, 'alice'],
    );
  });
});

describe('the credentials of a client', () => {
  it('are forwarded only if configured, and never instead of a token for that gateway', async () => {
    const { url, received } = await recordRequests(await start('yard'));
    const keyed = await recordRequests(await start('keyed', { config: { server: { token: YARD } } }));
    for (const forward_auth of [false, true]) {
      const files = ['', await tokenFile(YARD)];
      const dock = await start(`dock_${forward_auth}`, {
        config: { server: { token: DOCK }, aggregation: { forward_auth, peer_token_files: files } },
        peers: { yard: url, keyed: keyed.url },
      });
      for (const id of ['yard_arm', 'keyed_arm'])
        assert.equal((await dock.ask('GET', `/apps/${id}/data/pose`, undefined, bearer(DOCK))).status, 200);
    }
    assert.deepEqual(
      received.map(({ authorization }) => authorization),
      [undefined, `Bearer ${DOCK}`],
    );
    assert.deepEqual(
      keyed.received.map(({ authorization }) => authorization),
      [`Bearer ${YARD}`, `Bearer ${YARD}`],
    );
  });

  it('that the other gateway rejects are refused there, and do not mark that gateway as failed', async () => {
    const front = await proxyFor(await start('yard'), ({ headers: { authorization }, url = '' }, reply) => {
      const isRefused = url.includes('/data/') && authorization === 'Bearer wrong';
      if (isRefused) reply.writeHead(401, { 'content-type': 'application/json' }).end('{"error_code":"unauthorized"}');
      return isRefused;
    });
    undo.push(front.close);
    const dock = await start('dock', { config: { aggregation: { forward_auth: true } }, peers: { yard: front.url } });
    const read = async (token: string) =>
      (await dock.ask('GET', '/apps/yard_arm/data/pose', undefined, bearer(token))).status;
    for (let attempt = 0; attempt < 20; attempt++) assert.equal(await read('wrong'), 401);
    assert.equal(await read('right'), 200);
  });
});
