import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import type { ProviderAccount, Session } from '@medkit/accounts';
import { systemClock } from '@medkit/edges/node';
import { testConfig } from '../../packages/gateway/src/testing/test-gateway.ts';
import {
  connectTestRobot,
  enrolTestRobot,
  type TestHub,
  testHub,
} from '../../packages/gateway/src/testing/test-hub.ts';
import { accountGateway, openTestAccounts } from './account-gateway.ts';

const ISSUER = 'https://login.example.com';
const ALICE: ProviderAccount = {
  id: 'oidc:login.example.com:alice',
  issuer: ISSUER,
  subject: 'alice',
  role: 'operator',
};
const FROM = { userAgent: 'Firefox', address: '10.0.0.7', lifeMs: 3_600_000, renewal: 'sealed' };
/** An end within a second is the goal; a busy machine may take longer. */
const TIMEOUT = { timeout: 240_000 };

const closing: (() => unknown)[] = [];
after(async () => {
  for (const close of closing) await close();
});

async function settings() {
  const { auth } = await testConfig();
  const oidc = { ...auth.oidc, issuer: ISSUER, audience: 'medkit' };
  return { auth: { require_auth_for: 'all', oidc }, roleMap: new Map([['ops', 'operator']]), roles: { blind: {} } };
}

/** Opens a stream; `ended` resolves with its text. */
async function follow(url: string, path: string, cookie: string) {
  const reply = await fetch(`${url}${path}`, { headers: { cookie, 'sec-fetch-site': 'same-origin' } });
  assert.equal(reply.status, 200, path);
  assert.match(reply.headers.get('content-type') ?? '', /^text\/event-stream/);
  return { path, ended: reply.text() };
}

type Begun = Pick<Awaited<ReturnType<typeof openTestAccounts>>, 'accounts' | 'known'> & { readonly url: string };

/** Starts a session of alice and opens these streams with its cookie. */
async function withStreams({ accounts, known, url }: Begun, paths: readonly string[], account = ALICE) {
  const { session, cookie } = await accounts.sessions.beginForProvider(account, FROM);
  const header = `${known.cookieName}=${cookie}`;
  const streams = await Promise.all(paths.map((path) => follow(url, path, header)));
  return { session, header, streams };
}

async function assertEnd(streams: Awaited<ReturnType<typeof withStreams>>['streams'], reason: RegExp): Promise<void> {
  for (const { path, ended } of streams) assert.match(await ended, reason, path);
}

const OF_GATEWAY = [
  '/api/v1/faults/stream',
  '/api/v1/x-medkit-live?events=tree,fault,incident',
  '/api/v1/x-medkit-tree/events',
];
const REVOKED = /event: x-medkit-auth\ndata: \{"reason":"revoked","retry":false\}\n\n$/;
const CHANGED = /event: x-medkit-auth\ndata: \{"reason":"scope-changed","retry":false\}\n\n$/;

describe('the event streams of a session at a gateway', () => {
  const open = async () => {
    const gateway = await accountGateway({ clock: systemClock, changes: await settings() });
    closing.push(() => gateway.close());
    return { ...gateway, url: await gateway.listen() };
  };

  it('end with its logout', TIMEOUT, async () => {
    const gateway = await open();
    const { header, streams } = await withStreams(gateway, OF_GATEWAY);
    const headers = { cookie: header, 'sec-fetch-site': 'same-origin' };
    assert.equal((await gateway.ask('POST', '/auth/logout', { headers })).status, 204);
    await assertEnd(streams, REVOKED);
  });

  it('end when an admin ends it, and those of another session go on', TIMEOUT, async () => {
    const gateway = await open();
    const { session, streams } = await withStreams(gateway, OF_GATEWAY);
    const other = await withStreams(gateway, OF_GATEWAY.slice(0, 1));
    const headers = { authorization: `Bearer ${await gateway.keyFor('admin')}` };
    assert.equal((await gateway.ask('DELETE', `/auth/sessions/${session.id}`, { headers })).status, 204);
    await assertEnd(streams, REVOKED);
    const state = await Promise.race([
      other.streams[0]?.ended,
      new Promise((resolve) => setImmediate(resolve, 'open')),
    ]);
    assert.equal(state, 'open');
  });

  it('end when its groups no longer permit reading, and go on if they are read again unchanged', TIMEOUT, async () => {
    const gateway = await open();
    const { session, streams } = await withStreams(gateway, OF_GATEWAY);
    const { sessions } = gateway.accounts;
    await sessions.renew(session.id, { ...ALICE }, 'sealed');
    await sessions.renew(session.id, { ...ALICE, role: 'blind' }, 'sealed');
    await assertEnd(streams, CHANGED);
  });
});

describe('the event streams of a session at a fleet hub', () => {
  const OF_HUB = [...OF_GATEWAY.slice(0, 2), '/fleet/amr-1/api/v1/faults/stream'];
  const BERLIN = { ...ALICE, grants: [{ role: 'operator', site: 'berlin' }] };

  const open = async () => {
    const folder = await mkdtemp(join(tmpdir(), 'medkit-hub-streams-'));
    const { known, accounts, principals } = await openTestAccounts({
      ...{ folder, clock: systemClock, changes: await settings() },
    });
    const hub = await testHub({ incidents: { enabled: true } }, { accounts: known, principals });
    const authorization = `Bearer ${(await accounts.keys.add({ name: 'k', role: 'admin', owner: 'local' })).text}`;
    const fleet = (method: string, path: string, body?: unknown) =>
      hub.call(method, `/api/v1/x-medkit-fleet${path}`, body, { authorization });
    const robot = await enrolTestRobot({ ...hub, fleet } as TestHub, 'amr-1', { site: 'berlin' });
    const uplink = await connectTestRobot(robot, (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write(': news\n\n');
    });
    closing.unshift(
      () => uplink.close(),
      () => hub.close(),
      () => known.close(),
      () => rm(folder, { recursive: true }),
    );
    return { known, accounts, url: hub.url };
  };

  const ends: readonly (readonly [
    string,
    ProviderAccount,
    (hub: Begun, session: Session) => Promise<unknown>,
    RegExp,
  ])[] = [
    ['with the session', ALICE, ({ accounts }, { id }) => accounts.sessions.end(id), REVOKED],
    ['with the session of a limited account', BERLIN, ({ accounts }, { id }) => accounts.sessions.end(id), REVOKED],
    [
      'when its groups lose a site',
      BERLIN,
      ({ accounts }, { id }) =>
        accounts.sessions.renew(id, { ...ALICE, grants: [{ role: 'operator', site: 'ulm' }] }, 'sealed'),
      CHANGED,
    ],
    [
      'when its groups become limited to a site',
      ALICE,
      ({ accounts }, { id }) => accounts.sessions.renew(id, BERLIN, 'sealed'),
      CHANGED,
    ],
  ];
  for (const [when, account, change, reason] of ends) {
    it(`end ${when}`, TIMEOUT, async () => {
      const hub = await open();
      const { session, streams } = await withStreams(hub, OF_HUB, account);
      await change(hub, session);
      await assertEnd(streams, reason);
    });
  }
});
