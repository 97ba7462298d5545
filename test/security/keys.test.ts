import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { type AccountGateway, accountGateway, bearer, PASSWORD } from './account-gateway.ts';

const opened: AccountGateway[] = [];
afterEach(async () => {
  for (const gateway of opened.splice(0)) await gateway.close();
});

async function open() {
  const gateway = await accountGateway({ changes: { auth: { require_auth_for: 'all' } } });
  opened.push(gateway);
  const { users } = gateway.accounts;
  await users.add({ name: 'root', role: 'admin', password: PASSWORD });
  await users.add({ name: 'alice', role: 'operator', password: PASSWORD });
  const reading = async (key: string) => (await gateway.ask('GET', '/apps', { headers: bearer(key) })).status;
  const clearing = async (key: string) => (await gateway.ask('DELETE', '/faults', { headers: bearer(key) })).status;
  return { ...gateway, users, reading, clearing };
}

const DAY_MS = 86_400_000;

describe('scripts of a gateway that other machines can reach', () => {
  it('are available with accounts, unless requests need no credential', async () => {
    for (const [required, status] of [
      ['write', 200],
      ['none', 501],
    ] as const) {
      const server = { host: '0.0.0.0', insecure: true };
      const gateway = await accountGateway({ changes: { server, auth: { require_auth_for: required } } });
      opened.push(gateway);
      const headers = bearer(await gateway.keyFor('operator'));
      assert.equal((await gateway.ask('GET', '/apps/arm/scripts', { headers })).status, status, required);
    }
  });
});

describe('a key', () => {
  it('grants no more than its creator has: less after a demotion, nothing if disabled or removed', async () => {
    const { users, keyFor, reading, clearing } = await open();
    const key = await keyFor('operator', { owner: 'user:alice' });
    const verdicts = async () => [await reading(key), await clearing(key)];
    assert.deepEqual(await verdicts(), [200, 204]);
    await users.change('alice', { role: 'viewer' });
    assert.deepEqual(await verdicts(), [200, 403]);
    await users.change('alice', { role: 'admin' });
    assert.deepEqual(await verdicts(), [200, 204]);
    await users.change('alice', { disabled: true });
    assert.deepEqual(await verdicts(), [401, 401]);
    await users.change('alice', { disabled: false });
    assert.deepEqual(await verdicts(), [200, 204]);
    await users.remove('alice');
    assert.deepEqual(await verdicts(), [401, 401]);
    // A later user of the same name does not own the key.
    await users.add({ name: 'alice', role: 'admin', password: PASSWORD });
    assert.deepEqual(await verdicts(), [401, 401]);
  });

  it('grants its permissions and nothing else of its role', async () => {
    const { keyFor, ask, reading, clearing } = await open();
    const key = await keyFor('admin', { permissions: ['faults.clear'] });
    assert.deepEqual([await clearing(key), await reading(key)], [204, 403]);
    const { body } = await ask('GET', '/apps', { headers: bearer(key) });
    assert.deepEqual(
      [body.error_code, body.parameters],
      [
        'insufficient-access-rights',
        { permission: 'read', role: 'admin', roles: ['viewer', 'operator', 'configurator', 'admin'] },
      ],
    );
  });

  it('expires, and is distinguished from an unknown one; neither a mistyped key nor another secret opens anything', async () => {
    const { accounts, clock, ask, reading } = await open();
    const expiresMs = clock.wallMs() + DAY_MS;
    const { text } = await accounts.keys.add({ name: 'ci', role: 'viewer', owner: 'local', expiresMs });
    assert.equal(await reading(text), 200);
    assert.deepEqual(
      [await reading(text.slice(0, -1)), await reading(`${text.slice(0, -1)}x`), await reading(text.toLowerCase())],
      [401, 401, 401],
    );
    await clock.advance(DAY_MS);
    const { status, body } = await ask('GET', '/apps', { headers: bearer(text) });
    assert.deepEqual([status, /expired/.test(body.message)], [401, true]);
  });

  it('ends when it is revoked, with all keys created with it', async () => {
    const { accounts, keyFor, ask, reading } = await open();
    const first = await keyFor('admin');
    const made = await ask('POST', '/auth/keys', { headers: bearer(first), body: { name: 'second', role: 'viewer' } });
    assert.equal(made.status, 201);
    assert.deepEqual([await reading(first), await reading(made.body.key)], [200, 200]);
    await accounts.keys.remove(accounts.keys.list()[0]?.id ?? '');
    assert.deepEqual([await reading(first), await reading(made.body.key)], [401, 401]);
  });

  it('records when it was used last', async () => {
    const { accounts, keyFor, reading } = await open();
    const key = await keyFor('viewer');
    const lastUse = () => accounts.keys.list()[0]?.lastUsedMs;
    assert.equal(lastUse(), undefined);
    await reading(key);
    assert.equal(typeof lastUse(), 'number');
  });

  it('cannot have permissions that its creator lacks', async () => {
    const { keyFor, ask } = await open();
    const make = async (key: string, body: object) =>
      (await ask('POST', '/auth/keys', { headers: bearer(key), body: { name: 'more', ...body } })).status;
    const operator = await keyFor('operator');
    assert.deepEqual(
      [
        await make(operator, { role: 'admin' }),
        await make(operator, { role: 'operator', permissions: ['accounts'] }),
        await make(operator, { role: 'operator' }),
        await make(await keyFor('admin', { permissions: ['self', 'read'] }), { role: 'viewer' }),
        await make(await keyFor('admin', { permissions: ['read'] }), { role: 'viewer', permissions: ['read'] }),
      ],
      [403, 403, 201, 403, 403],
    );
  });
});

describe('a key of a user', () => {
  it('is created with the password, which the thief of a session or a token lacks', async () => {
    const { users, ask, logIn } = await open();
    await users.add({ name: 'ada', role: 'operator', password: PASSWORD });
    const { cookie } = await logIn('ada');
    const token = (
      await ask('POST', '/auth/authorize', { body: { grant_type: 'password', username: 'ada', password: PASSWORD } })
    ).body.access_token;
    for (const headers of [{ cookie, 'sec-fetch-site': 'same-origin' }, bearer(token)]) {
      const make = async (more: object) =>
        (await ask('POST', '/auth/keys', { headers, body: { name: 'ci', ...more } })).status;
      assert.deepEqual(
        [await make({}), await make({ password: 'not the password' }), await make({ password: PASSWORD })],
        [400, 401, 201],
      );
    }
  });

  it('ends with the change of the password if requested, with the keys that it created', async () => {
    const { users, ask, logIn } = await open();
    await users.add({ name: 'ada', role: 'operator', password: PASSWORD });
    const headers = { cookie: (await logIn('ada')).cookie, 'sec-fetch-site': 'same-origin' };
    const first = (await ask('POST', '/auth/keys', { headers, body: { name: 'a', password: PASSWORD } })).body.key;
    const second = (await ask('POST', '/auth/keys', { headers: bearer(first), body: { name: 'b' } })).body.key;
    const work = async () => [first, second].map((key) => ask('GET', '/x-medkit-me', { headers: bearer(key) }));
    const statuses = async () => (await Promise.all(await work())).map(({ status }) => status);
    const change = (password: string, new_password: string, more: object) =>
      ask('PUT', '/auth/password', { headers, body: { password, new_password, ...more } });
    await change(PASSWORD, 'seven green apples', {});
    assert.deepEqual(await statuses(), [200, 200]);
    await change('seven green apples', 'eleven red plums', { end_keys: true });
    assert.deepEqual(await statuses(), [401, 401]);
    assert.deepEqual((await ask('GET', '/auth/keys', { headers })).body, { items: [] });
  });
});

describe('a user that has to change the password', () => {
  it('can do that and see its identity, and nothing else, with a cookie or a token, and creates no key that could', async () => {
    const { users, ask, logIn } = await open();
    await users.add({ name: 'new', role: 'admin', password: PASSWORD, mustChange: true });
    const { cookie } = await logIn('new');
    const headers = { cookie, 'sec-fetch-site': 'same-origin' };
    const status = async (method: string, path: string, body?: object) =>
      (await ask(method, path, { headers, body })).status;
    const me = await ask('GET', '/x-medkit-me', { headers });
    assert.deepEqual([me.body.permissions, me.body.must_change_password], [['self'], true]);
    assert.deepEqual(
      [await status('GET', '/apps'), await status('GET', '/auth/users'), await status('DELETE', '/faults')],
      [403, 403, 403],
    );
    const refused = await ask('GET', '/apps', { headers });
    assert.match(refused.body.message, /PUT \/api\/v1\/auth\/password/);
    for (const body of [{ name: 'k' }, { name: 'k', role: 'viewer' }, { name: 'k', permissions: ['read'] }]) {
      assert.equal(await status('POST', '/auth/keys', body), 403);
    }
    const changed = { password: PASSWORD, new_password: 'seven green apples' };
    assert.equal(await status('PUT', '/auth/password', changed), 204);
    assert.deepEqual(
      [await status('GET', '/apps'), await status('POST', '/auth/keys', { name: 'k', password: 'seven green apples' })],
      [200, 201],
    );
  });
});
