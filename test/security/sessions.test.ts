import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
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
  const auth = { require_auth_for: 'all', ...options.changes?.auth };
  const gateway = await accountGateway({ ...options, changes: { ...options.changes, auth } });
  opened.push(gateway);
  const { users } = gateway.accounts;
  await users.add({ name: 'alice', role: 'admin', password: PASSWORD });
  /** Sends a request with a cookie; 200 if it is accepted. */
  const ask = async (
    cookie: string,
    headers: Readonly<Record<string, string>> = {},
    method = 'GET',
    path = '/apps',
  ) => {
    const body = method === 'GET' || method === 'HEAD' ? undefined : {};
    return (await gateway.ask(method, path, { headers: { cookie, ...headers }, body })).status;
  };
  return { ...gateway, ask, request: gateway.ask };
}

const SAME_ORIGIN = { 'sec-fetch-site': 'same-origin' };
const OTHER_PASSWORD = 'seven green apples';

describe('the cookie of a session', () => {
  it('is for its gateway only: inaccessible to scripts and other sites, and useless at another gateway of the host', async () => {
    const [local, remote] = [await open({ instance: 'aaaa1111' }), await open({ instance: 'bbbb2222', seed: 2 })];
    const [mine, theirs] = [await local.logIn('alice'), await remote.logIn('alice')];
    assert.match(
      String(mine.headers['set-cookie']),
      /^medkit-aaaa1111=[\w-]{43}; Path=\/; Max-Age=604800; HttpOnly; SameSite=Strict/,
    );
    assert.equal(String(mine.headers['cache-control']), 'no-store');
    // Browsers send the cookies of a host to each of its ports.
    assert.equal(await local.ask(`${theirs.cookie}; ${mine.cookie}`), 200);
    assert.equal(await local.ask(theirs.cookie), 401);
    assert.equal(await local.ask(theirs.cookie.replace('medkit-bbbb2222', 'medkit-aaaa1111')), 401);
    assert.equal(await local.ask(mine.cookie.replace('medkit-aaaa1111', 'medkit-aaaa111')), 401);
    assert.equal(await local.ask(`x${mine.cookie}`), 401);
  });

  it('is never a value that the client sent, and changes with each login', async () => {
    const gateway = await open();
    const name = (await gateway.logIn('alice')).cookie.split('=', 1)[0];
    const planted = `${name}=${'A'.repeat(43)}`;
    const first = await gateway.logIn('alice', { cookie: planted, ...SAME_ORIGIN });
    const second = await gateway.logIn('alice', { cookie: first.cookie, ...SAME_ORIGIN });
    assert.equal(new Set([planted, first.cookie, second.cookie]).size, 3);
    assert.deepEqual(
      [await gateway.ask(planted), await gateway.ask(first.cookie), await gateway.ask(second.cookie)],
      [401, 200, 200],
    );
  });

  it('ends with logging out, here and not only in the browser', async () => {
    const gateway = await open();
    const { cookie } = await gateway.logIn('alice');
    const reply = await gateway.request('POST', '/auth/logout', { headers: { cookie, ...SAME_ORIGIN } });
    assert.equal(reply.status, 204);
    assert.match(String(reply.headers['set-cookie']), /=; Path=\/; Max-Age=0/);
    assert.deepEqual(
      [await gateway.ask(cookie), await gateway.ask(cookie, SAME_ORIGIN, 'PUT', '/apps/arm/data/pose')],
      [401, 401],
    );
  });

  it('ends when it is unused, and after some days in any case; a HEAD request counts as use', async () => {
    const gateway = await open({ changes: { auth: { session_idle_sec: 3600, session_life_sec: 7200 } } });
    const [idle, used] = [await gateway.logIn('alice'), await gateway.logIn('alice')];
    await gateway.clock.advance(3000_000);
    assert.equal(await gateway.ask(used.cookie, {}, 'HEAD'), 200);
    await gateway.clock.advance(601_000);
    assert.deepEqual([await gateway.ask(idle.cookie), await gateway.ask(used.cookie)], [401, 200]);
    await gateway.clock.advance(3000_000);
    assert.equal(await gateway.ask(used.cookie), 200);
    await gateway.clock.advance(600_000);
    assert.equal(await gateway.ask(used.cookie), 401);
  });

  it('ends when the password is changed, except the session that changes it', async () => {
    const gateway = await open();
    const [other, current] = [await gateway.logIn('alice'), await gateway.logIn('alice')];
    const body = { password: PASSWORD, new_password: OTHER_PASSWORD };
    const change = await gateway.request('PUT', '/auth/password', {
      headers: { cookie: current.cookie, ...SAME_ORIGIN },
      body,
    });
    assert.equal(change.status, 204);
    assert.deepEqual([await gateway.ask(other.cookie), await gateway.ask(current.cookie)], [401, 200]);
    assert.deepEqual(
      [(await gateway.logIn('alice')).status, (await gateway.logIn('alice', {}, OTHER_PASSWORD)).status],
      [401, 200],
    );
  });

  it('ends when the user is disabled, gets another role, or is removed', async () => {
    const gateway = await open();
    const { users } = gateway.accounts;
    for (const name of ['bob', 'carol', 'dave']) await users.add({ name, role: 'operator', password: PASSWORD });
    const cookies: string[] = [];
    for (const name of ['bob', 'carol', 'dave']) cookies.push((await gateway.logIn(name)).cookie);
    await users.change('bob', { disabled: true });
    await users.change('carol', { role: 'viewer' });
    await users.remove('dave');
    assert.deepEqual(await Promise.all(cookies.map((cookie) => gateway.ask(cookie))), [401, 401, 401]);
    assert.equal((await gateway.logIn('bob')).status, 401);
  });
});

describe('a request with a cookie', () => {
  it('changes nothing unless a page of this gateway sends it', async () => {
    const gateway = await open();
    const { cookie } = await gateway.logIn('alice');
    const write = (headers: Readonly<Record<string, string>>, method = 'PUT') =>
      gateway.ask(cookie, headers, method, '/apps/arm/data/pose');
    const site = (value: string) => ({ 'sec-fetch-site': value });
    const foreign = {
      'of another site': site('cross-site'),
      'of another name of the same site': site('same-site'),
      'of a page that does not say': {},
      'of another origin': { origin: 'http://evil.example' },
      'of another port': { origin: 'http://localhost:81' },
      'of the origin null': { origin: 'null' },
      'of another site that says it is ours': { ...site('cross-site'), origin: 'http://localhost' },
      'of a form': { 'content-type': 'application/x-www-form-urlencoded' },
      'of a form as text': { 'content-type': 'text/plain', ...site('cross-site') },
    };
    for (const [what, headers] of Object.entries(foreign)) {
      for (const method of ['PUT', 'DELETE', 'POST'])
        assert.equal(await write(headers, method), 403, `${method} ${what}`);
    }
    const refused = await gateway.request('PUT', '/apps/arm/data/pose', { headers: { cookie } });
    assert.match(refused.body.message, /^A session is only for the web pages/);
    const allowed = [SAME_ORIGIN, site('none'), { origin: 'http://localhost' }];
    for (const headers of allowed) assert.notEqual(await write(headers), 403, JSON.stringify(headers));
    assert.deepEqual([await gateway.ask(cookie, {}), await gateway.ask(cookie, {}, 'HEAD')], [200, 200]);
  });

  it('cannot log in from another page, and does not log out', async () => {
    const gateway = await open();
    const { cookie } = await gateway.logIn('alice');
    const body = { name: 'alice', password: PASSWORD };
    const foreign: readonly Readonly<Record<string, string>>[] = [
      { origin: 'http://evil.example' },
      { 'sec-fetch-site': 'cross-site' },
    ];
    for (const headers of foreign) {
      assert.equal((await gateway.request('POST', '/auth/login', { headers, body })).status, 403);
      assert.equal(await gateway.ask(cookie, headers, 'POST', '/auth/logout'), 403);
    }
    assert.equal(await gateway.ask(cookie), 200);
  });

  it('is authorized by its key or token if it has one, valid or not', async () => {
    const gateway = await open();
    const { cookie } = await gateway.logIn('alice');
    const who = async (headers: Readonly<Record<string, string>>) => {
      const { status, body } = await gateway.request('GET', '/x-medkit-me', { headers: { cookie, ...headers } });
      return status === 200 ? `${body.kind} ${body.role}` : status;
    };
    assert.equal(await who({}), 'user admin');
    assert.equal(await who(bearer(await gateway.keyFor('viewer'))), 'key viewer');
    for (const authorization of ['Bearer nonsense', 'Bearer', 'Basic YTpi', '']) {
      assert.equal(await who({ authorization }), 401, authorization);
    }
    // From any origin: a page of another site cannot send a key that it does not have.
    const key = bearer(await gateway.keyFor('admin'));
    assert.notEqual(await gateway.ask(cookie, key, 'PUT', '/apps/arm/data/pose'), 403);
  });
});
