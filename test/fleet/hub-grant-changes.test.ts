import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { API_BASE, type FleetGrant } from '@medkit/contract';
import { systemClock } from '@medkit/edges/node';
import {
  connectTestRobot,
  enrolTestRobot,
  type TestHub,
  testHub,
} from '../../packages/gateway/src/testing/test-hub.ts';
import { eventually } from '../harness/eventually.ts';
import { accountGateway, openTestAccounts, PASSWORD } from '../security/account-gateway.ts';

let hub: TestHub;
let admin: string;
const closing: (() => unknown)[] = [];

const call = (authorization: string, method: string, path: string, body?: unknown) =>
  hub.call(method, path.startsWith('/fleet/') ? path : `${API_BASE}${path}`, body, { authorization });
const asAdmin = (method: string, path: string, body?: unknown) => call(admin, method, path, body);
const fleet = (authorization: string, method: string, path: string, body?: unknown) =>
  call(authorization, method, `/x-medkit-fleet${path}`, body);

before(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'medkit-hub-grants-'));
  const { known, accounts, principals } = await openTestAccounts({ folder, clock: systemClock });
  hub = await testHub({}, { accounts: known, principals });
  closing.push(
    () => hub.close(),
    () => known.close(),
    () => rm(folder, { recursive: true }),
  );
  admin = `Bearer ${(await accounts.keys.add({ name: 'admin', role: 'admin', owner: 'local' })).text}`;
  const withRights = {
    ...hub,
    fleet: (method: string, path: string, body?: unknown) => fleet(admin, method, path, body),
  };
  for (const [name, site] of [
    ['amr-1', 'berlin'],
    ['amr-2', 'ulm'],
  ] as const) {
    const robot = await enrolTestRobot(withRights as TestHub, name, { site });
    if (name !== 'amr-1') continue;
    const uplink = await connectTestRobot(robot, (request, response) => {
      response.end(JSON.stringify({ permissions: request.headers['x-medkit-permissions'] }));
    });
    closing.unshift(() => uplink.close());
  }
  await fleet(admin, 'POST', '/groups', { id: 'night', labels: ['shift=night'] });
});
after(async () => {
  for (const close of closing) await close();
});

/** Creates a key with these grants as an admin. */
async function keyWith(role: string, grants: readonly FleetGrant[], by = admin): Promise<string> {
  const reply = await call(by, 'POST', '/auth/keys', { name: 'test', role, grants });
  assert.equal(reply.status, 201, reply.text);
  return `Bearer ${reply.json().key}`;
}

/** Returns an access token of a user. */
async function logIn(username: string): Promise<string> {
  const request = { grant_type: 'password', username, password: PASSWORD };
  const reply = await hub.call('POST', `${API_BASE}/auth/authorize`, request);
  assert.equal(reply.status, 200, reply.text);
  return `Bearer ${reply.json().access_token}`;
}

const robotsOf = async (authorization: string): Promise<readonly string[]> =>
  (await fleet(authorization, 'GET', '/robots')).json().items.map(({ id }: { id: string }) => id);

describe('the grants of an account', () => {
  it('are set, returned, audited and removed with the routes of users', async () => {
    const created = await asAdmin('POST', '/auth/users', {
      name: 'ada',
      role: 'admin',
      password: PASSWORD,
      grants: [{ site: 'berlin' }],
    });
    assert.deepEqual([created.status, created.json().grants], [201, [{ site: 'berlin' }]], created.text);
    const changed = await asAdmin('PUT', '/auth/users/ada', {
      grants: [{ site: 'ulm', role: 'viewer' }, { group: 'night' }],
    });
    assert.deepEqual(changed.json().grants, [{ site: 'ulm', role: 'viewer' }, { group: 'night' }]);
    assert.equal((await asAdmin('PUT', '/auth/users/ada', { grants: [] })).json().grants, undefined);
    const { items } = (await asAdmin('GET', '/x-medkit-audit')).json();
    const texts = JSON.stringify(items);
    assert.match(texts, /site berlin → site ulm as viewer, group night/);
    assert.match(texts, /site ulm as viewer, group night → whole fleet/);
  });

  it('are refused for a site, group or role that does not exist, and for the last admin', async () => {
    const refused = [
      [{ grants: [{ site: 'bonn' }] }, 400, /no site bonn/],
      [{ grants: [{ group: 'day' }] }, 400, /no group day/],
      [{ grants: [{ site: 'ulm', role: 'vewer' }] }, 400, /did you mean viewer/],
      [{ grants: [{ role: 'viewer' }] }, 400, /needs a site, a group, or both/],
      [{ grants: [{ site: 'ulm' }, { site: 'ulm', role: 'viewer' }] }, 400, /two grants for site ulm/],
      [{ grants: [{ site: 'ulm' }] }, 409, /last admin, who cannot be limited/],
    ] as const;
    for (const [body, status, message] of refused) {
      const reply = await asAdmin('PUT', '/auth/users/ada', body);
      assert.equal(reply.status, status, reply.text);
      assert.match(reply.json().message ?? reply.text, message);
    }
  });

  it('take effect when a robot moves, when labels change and when a group changes', async () => {
    const [ofUlm, ofNight] = [
      await keyWith('viewer', [{ site: 'ulm' }]),
      await keyWith('viewer', [{ group: 'night' }]),
    ];
    assert.deepEqual([await robotsOf(ofUlm), await robotsOf(ofNight)], [['amr-2'], []]);
    await fleet(admin, 'PUT', '/robots/amr-1', { site: 'ulm', labels: { shift: 'night' } });
    assert.deepEqual([await robotsOf(ofUlm), await robotsOf(ofNight)], [['amr-1', 'amr-2'], ['amr-1']]);
    await fleet(admin, 'PUT', '/groups/night', { site: 'ulm' });
    assert.deepEqual(await robotsOf(ofNight), ['amr-1', 'amr-2']);
    await fleet(admin, 'PUT', '/robots/amr-1', { site: 'berlin' });
    assert.deepEqual([await robotsOf(ofUlm), await robotsOf(ofNight)], [['amr-2'], ['amr-2']]);
    await fleet(admin, 'DELETE', '/groups/night');
    assert.deepEqual(await robotsOf(ofNight), []);
  });

  it('limit what an account changes: robots of other sites do not exist, and its robots stay at their site', async () => {
    const key = await keyWith('admin', [{ site: 'berlin' }]);
    for (const action of ['approve', 'revoke', 'rotate', 'replace', 'park'])
      assert.equal((await fleet(key, 'POST', `/robots/amr-2/${action}`, {})).status, 404, action);
    assert.equal((await fleet(key, 'PUT', '/robots/amr-2', { note: 'x' })).status, 404);
    assert.equal((await fleet(key, 'PUT', '/robots/amr-1', { note: 'ours' })).status, 200);
    const moved = await fleet(key, 'PUT', '/robots/amr-1', { site: 'ulm' });
    assert.deepEqual([moved.status, moved.json().error_code], [403, 'insufficient-access-rights']);
    assert.match(moved.text, /set the site to berlin/);
    assert.equal((await fleet(key, 'PUT', '/robots/amr-1', { site: null })).status, 403);
    assert.equal((await fleet(key, 'POST', '/invites', { site: 'ulm' })).status, 403);
    assert.equal((await fleet(key, 'POST', '/invites', {})).status, 403);
    assert.equal((await fleet(key, 'PUT', '/sites/ulm', { zone: 'UTC' })).status, 403);
    const invited = await fleet(key, 'POST', '/invites', { site: 'berlin', name_pattern: 'b-{serial}' });
    assert.equal(invited.status, 201);
    assert.equal((await fleet(key, 'DELETE', `/invites/${invited.json().id}`)).status, 204);
    const taken = await fleet(key, 'POST', '/invites', { site: 'berlin', robot: 'amr-2' });
    assert.match(taken.text, /The name amr-2 is taken/);
    assert.equal((await call(key, 'GET', '/auth/users')).status, 403);
    assert.equal((await call(key, 'GET', '/x-medkit-audit')).status, 403);
  });

  it('have a role for each site: the robot receives the permissions of that role', async () => {
    const key = await keyWith('admin', [{ site: 'berlin', role: 'viewer' }, { site: 'ulm' }]);
    assert.equal((await fleet(key, 'GET', '/robots/amr-1')).status, 200);
    const refused = await fleet(key, 'PUT', '/robots/amr-1', { note: 'x' });
    assert.deepEqual([refused.status, refused.json().error_code], [403, 'insufficient-access-rights']);
    assert.equal((await fleet(key, 'PUT', '/robots/amr-2', { note: 'x' })).status, 200);
    await eventually('the robot', async () => (await call(key, 'GET', '/fleet/amr-1/api/v1/apps')).status === 200);
    const { permissions } = (await call(key, 'GET', '/fleet/amr-1/api/v1/apps')).json();
    assert.deepEqual(permissions.split(',').toSorted(), [
      ...['files.read', 'fleet.read', 'metrics', 'read', 'self', 'subscriptions'],
    ]);
    assert.equal((await call(key, 'PUT', '/fleet/amr-1/api/v1/apps/x/data/y', { value: 1 })).status, 403);
  });

  it('of a user limit the keys of that user, which cannot have others', async () => {
    await asAdmin('POST', '/auth/users', {
      name: 'bob',
      role: 'operator',
      password: PASSWORD,
      grants: [{ site: 'ulm' }],
    });
    const token = await logIn('bob');
    const ask = (method: string, path: string, body?: unknown) => call(token, method, path, body);
    const me = (await ask('GET', '/x-medkit-me')).json();
    assert.deepEqual([me.principal, me.grants], ['user:bob', [{ site: 'ulm' }]]);
    const made = await ask('POST', '/auth/keys', { name: 'mine', password: PASSWORD });
    const key = `Bearer ${made.json().key}`;
    assert.deepEqual(await robotsOf(key), ['amr-2']);
    const wider = await ask('POST', '/auth/keys', { name: 'mine', password: PASSWORD, grants: [{ site: 'berlin' }] });
    assert.match(wider.text, /The hub has no site berlin/);
    await asAdmin('PUT', '/auth/users/bob', { grants: [] });
    assert.deepEqual(await robotsOf(key), ['amr-1', 'amr-2']);
  });

  it('end the stream of a robot that leaves them, and streams of an account whose grants change', async () => {
    const key = await keyWith('viewer', [{ site: 'ulm' }]);
    const open = (path: string, authorization: string) => fetch(`${hub.url}${path}`, { headers: { authorization } });
    const stream = await open('/fleet/amr-2/api/v1/faults/stream', key);
    assert.equal(stream.status, 200);
    const text = stream.text();
    await fleet(admin, 'PUT', '/robots/amr-2', { site: 'berlin' });
    await text.catch(() => undefined);
    assert.equal((await open('/fleet/amr-2/api/v1/faults/stream', key)).status, 404);
    await fleet(admin, 'PUT', '/robots/amr-2', { site: 'ulm' });

    const faults = await open(`${API_BASE}/faults/stream`, await logIn('bob'));
    assert.equal(faults.status, 200);
    const ended = faults.text();
    await asAdmin('PUT', '/auth/users/bob', { grants: [{ site: 'ulm' }] });
    assert.match(await ended, /scope-changed|access/);
  });
});

it('a limited account has no robots on a gateway that is not a fleet hub, and its grants cannot be set there', async () => {
  const gateway = await accountGateway();
  closing.unshift(() => gateway.close());
  const { text } = await gateway.accounts.keys.add({
    name: 'k',
    role: 'admin',
    owner: 'local',
    grants: [{ site: 'a' }],
  });
  const as = (key: string) => ({ headers: { authorization: `Bearer ${key}` } });
  const refused = await gateway.ask('GET', '/apps', as(text));
  assert.deepEqual([refused.status, refused.body.error_code], [403, 'insufficient-access-rights']);
  assert.match(refused.body.message, /not a fleet hub/);
  assert.deepEqual((await gateway.ask('GET', '/x-medkit-me', as(text))).body.grants, [{ site: 'a' }]);
  const body = { name: 'ada', role: 'viewer', password: PASSWORD, grants: [{ site: 'a' }] };
  const set = await gateway.ask('POST', '/auth/users', { ...as(await gateway.keyFor('admin')), body });
  assert.deepEqual([set.status, set.body.error_code], [400, 'invalid-parameter']);
});
