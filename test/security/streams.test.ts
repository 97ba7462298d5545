import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { createClient, GatewayRefused } from '@medkit/client';
import type { FaultEvent } from '@medkit/core';
import { faultEvent, memoryFaults } from '@medkit/core/testing';
import { systemClock } from '@medkit/edges/node';
import {
  type AccountGateway,
  type AccountGatewayOptions,
  accountGateway,
  bearer,
  PASSWORD,
} from './account-gateway.ts';

const opened: AccountGateway[] = [];
afterEach(async () => {
  for (const gateway of opened.splice(0)) await gateway.close();
});

async function open(options: AccountGatewayOptions = {}) {
  const gateway = await accountGateway({
    ...options,
    changes: {
      ...options.changes,
      auth: { require_auth_for: 'all', ...options.changes?.auth },
      roles: { blind: {} },
      sse: { max_clients: 1000 },
    },
  });
  opened.push(gateway);
  await gateway.accounts.users.add({ name: 'root', role: 'admin', password: PASSWORD });
  return gateway;
}

const STREAM = '/api/v1/faults/stream';

/** Follows a stream over a new connection: its text, and when it ended. */
async function follow(url: string, headers: Readonly<Record<string, string>>, address = STREAM) {
  const reply = await fetch(`${url}${address}`, { headers });
  const ended = reply.text().then((text) => ({ text, atMs: performance.now() }));
  return { status: reply.status, ended };
}

describe('many streams over real connections', () => {
  const STREAMS = 200;

  it('end within a second of the revocation of their key, and those of others go on', async () => {
    const gateway = await open({ clock: systemClock });
    const url = await gateway.listen();
    const [gone, other] = [await gateway.keyFor('viewer'), await gateway.keyFor('viewer')];
    const ending = await Promise.all(Array.from({ length: STREAMS }, () => follow(url, bearer(gone))));
    const staying = await follow(url, bearer(other));
    assert.ok(ending.every(({ status }) => status === 200));
    const beganMs = performance.now();
    await gateway.accounts.keys.remove(gateway.accounts.keys.list()[0]?.id ?? '');
    const ends = await Promise.all(ending.map(({ ended }) => ended));
    const lastMs = Math.max(...ends.map(({ atMs }) => atMs)) - beganMs;
    assert.ok(lastMs <= 1000, `the last of ${STREAMS} ended after ${lastMs.toFixed(0)} ms`);
    for (const { text } of ends) {
      assert.match(text, /event: x-medkit-auth\ndata: \{"reason":"revoked","retry":false\}\n\n$/);
    }
    const stillOpen = await Promise.race([staying.ended, new Promise((resolve) => setImmediate(resolve, 'open'))]);
    assert.equal(stillOpen, 'open');
    assert.equal((await follow(url, bearer(gone))).status, 401);
  });
});

describe('a stream', () => {
  it('ends when the role of its reader no longer permits reading', async () => {
    const gateway = await open({ clock: systemClock });
    const { users } = gateway.accounts;
    await users.add({ name: 'alice', role: 'viewer', password: PASSWORD });
    const url = await gateway.listen();
    const { ended } = await follow(url, bearer(await gateway.keyFor('viewer', { owner: 'user:alice' })));
    const { cookie } = await gateway.logIn('alice');
    const ofPage = await follow(url, { cookie });
    // Changes of unrelated permissions do not affect the stream.
    await users.change('root', { password: 'seven green apples' });
    await users.change('alice', { role: 'blind' });
    assert.match((await ended).text, /"reason":"scope-changed","retry":false/);
    // A user whose role has changed must log in again.
    assert.match((await ofPage.ended).text, /"reason":"revoked","retry":false/);
  });

  it('ends with its token, and resumes with the next one after the last event', async () => {
    const events: FaultEvent[] = [];
    const auth = { token_expiry_seconds: 3, clients: ['fleet:its-secret:viewer'] };
    const gateway = await open({
      clock: systemClock,
      changes: { auth },
      providers: { faults: memoryFaults({ events }) },
    });
    const url = await gateway.listen();
    const tokenNow = async (): Promise<string> => {
      const body = { grant_type: 'client_credentials', client_id: 'fleet', client_secret: 'its-secret' };
      return (await gateway.ask('POST', '/auth/authorize', { body })).body.access_token;
    };
    let token = await tokenNow();
    let pauses = 0;
    const ending = new AbortController();
    const client = createClient({
      url,
      token: () => token,
      pause: async () => {
        pauses += 1;
        // An event while the client is disconnected.
        events.push(faultEvent(events.length + 1));
        token = await tokenNow();
      },
    });
    const seen: (string | undefined)[] = [];
    events.push(faultEvent(1));
    for await (const { id, event } of client.events('streamFaults', { signal: ending.signal, lastEventId: '0' })) {
      assert.notEqual(event, 'x-medkit-auth');
      seen.push(id);
      if (seen.length === 2) ending.abort();
    }
    assert.deepEqual([seen, pauses], [['1', '2'], 1]);
    await assert.rejects(createClient({ url, token: 'nonsense' }).events('streamFaults', {}).next(), (error) => {
      return error instanceof GatewayRefused && error.status === 401;
    });
  });
});

describe('a ticket for a stream', () => {
  it('opens its stream once, within half a minute, and nothing else', async () => {
    const gateway = await open();
    const headers = bearer(await gateway.keyFor('viewer'));
    const ticketFor = async (path: string) => {
      const { status, body } = await gateway.ask('POST', '/auth/stream-ticket', { headers, body: { path } });
      assert.deepEqual([status, body.expires_in], [201, 30]);
      return body.ticket as string;
    };
    // There is no such trigger: every authorized caller gets 404.
    const events = '/apps/arm/triggers/none/events';
    const redeem = async (ticket: string, path = events) =>
      (await gateway.ask('GET', `${path}?ticket=${ticket}`)).status;
    const once = await ticketFor(`/api/v1${events}`);
    assert.deepEqual([await redeem(once), await redeem(once)], [404, 401]);
    const other = await ticketFor(`/api/v1${events}`);
    assert.deepEqual([await redeem(other, '/apps/arm'), await redeem(other)], [401, 401]);
    const late = await ticketFor(`/api/v1${events}`);
    await gateway.clock.advance(30_000);
    assert.equal(await redeem(late), 401);
    const write = await ticketFor(STREAM);
    assert.equal((await gateway.ask('DELETE', `/faults?ticket=${write}`)).status, 401);
    const taken = await ticketFor(`/api/v1${events}`);
    await gateway.accounts.keys.remove(gateway.accounts.keys.list()[0]?.id ?? '');
    assert.equal(await redeem(taken), 401);
  });

  it('is not issued for any other resource', async () => {
    const gateway = await open();
    const headers = bearer(await gateway.keyFor('admin'));
    for (const path of ['/api/v1/apps', '/api/v1/x-medkit-audit', '/api/v1/faults', '/api/v1/apps/arm/bulk-data/x/y']) {
      const { status, body } = await gateway.ask('POST', '/auth/stream-ticket', { headers, body: { path } });
      assert.deepEqual([status, body.error_code], [400, 'invalid-parameter'], path);
    }
  });

  it('lets a page of an old browser follow a stream, which ends with its key; reconnecting takes another ticket', async () => {
    const gateway = await open({ clock: systemClock });
    const url = await gateway.listen();
    const headers = bearer(await gateway.keyFor('viewer'));
    const { ticket } = (await gateway.ask('POST', '/auth/stream-ticket', { headers, body: { path: STREAM } })).body;
    const address = `${STREAM}?ticket=${ticket}`;
    const stream = await follow(url, {}, address);
    assert.equal(stream.status, 200);
    assert.equal((await follow(url, {}, address)).status, 401);
    await gateway.accounts.keys.remove(gateway.accounts.keys.list()[0]?.id ?? '');
    assert.match((await stream.ended).text, /x-medkit-auth/);
  });
});
