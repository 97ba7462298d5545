import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '@medkit/edges';
import { type Credential, isRefusal } from '../index.ts';
import { BeyondRights, InvalidExpiry, InvalidName, TooMany, UnknownPermission, UnknownRole } from '../refusals.ts';
import { type AccountStage, accountStage, OTHER_PASSWORD, PASSWORD } from '../testing/account-stage.ts';
import type { NewKey } from './key.ts';
import { newKeyText } from './key-text.ts';

const DAY_MS = 24 * 3600_000;

/** Returns the current permissions of a key text, or why it is rejected. */
function worth({ accounts }: AccountStage, text: string): readonly string[] | string {
  const credential = accounts.identify(text);
  if (credential instanceof Promise) return 'asynchronous';
  const principal = isRefusal(credential) ? credential : accounts.principalOf(credential);
  return isRefusal(principal) ? principal.refused : [...principal.permissions].sort();
}

async function withOperator() {
  const stage = await accountStage();
  await stage.accounts.users.add({ name: 'alice', role: 'operator', password: OTHER_PASSWORD });
  const make = (key: Partial<NewKey> = {}) =>
    stage.accounts.keys.add({ name: 'ci', role: 'operator', owner: 'user:alice', ...key });
  return { ...stage, make };
}

const OPERATOR = [
  'campaigns.stop',
  'data.write',
  'faults.clear',
  'files.read',
  'files.write',
  'fleet.read',
  'incidents',
  'locks',
  'metrics',
  'operations.run',
  'read',
];
const ALL_OPERATOR = [...OPERATOR, 'scripts.run', 'self', 'status.start', 'subscriptions'];

describe('a key', () => {
  it('is a separate principal, the same one each time', async () => {
    const { accounts, make } = await withOperator();
    const { key, text } = await make({ permissions: ['read', 'faults.clear'] });
    const credential = accounts.identify(text) as Credential;
    assert.deepEqual(credential, { kind: 'key', id: key.id, expiresMs: key.expiresMs });
    assert.equal(accounts.identify(text), credential);
    const principal = accounts.principalOf(credential);
    assert.deepEqual(principal, {
      ...{ id: `key:${key.id}`, owner: 'user:alice', kind: 'key', role: 'operator', scopes: [] },
      permissions: new Set(['read', 'faults.clear']),
    });
    assert.equal(accounts.principalOf(credential), principal);
  });

  it('has its text only in the response to its creation', async () => {
    const { accounts, store, make } = await withOperator();
    const { text } = await make();
    const secret = text.slice('mdk_12345678_'.length);
    assert.ok(!JSON.stringify(accounts.keys.list()).includes(secret));
    const rows = await store.read('SELECT * FROM account_keys');
    assert.ok(!JSON.stringify(rows).includes(secret));
  });

  it('never has more permissions than its owner has at the time', async () => {
    const stage = await withOperator();
    const { accounts, make } = stage;
    const { text } = await make();
    const permissions = [worth(stage, text)];
    for (const change of [
      { role: 'viewer' },
      { role: 'technician' },
      { role: 'admin' },
      { disabled: true },
      { disabled: false },
    ]) {
      await accounts.users.change('alice', change);
      permissions.push(worth(stage, text));
    }
    assert.deepEqual(permissions, [
      ALL_OPERATOR,
      ['files.read', 'fleet.read', 'metrics', 'read', 'self', 'subscriptions'],
      ALL_OPERATOR.filter((permission) => permission !== 'data.write'),
      ALL_OPERATOR,
      'disabled',
      ALL_OPERATOR,
    ]);
    await accounts.users.remove('alice');
    assert.equal(worth(stage, text), 'unknown');
    await accounts.users.add({ name: 'alice', role: 'admin', password: PASSWORD });
    assert.equal(worth(stage, text), 'unknown');
  });

  it('keeps its permissions while its owner must change the password', async () => {
    const stage = await withOperator();
    const { text } = await stage.make();
    await stage.accounts.users.change('alice', { password: PASSWORD, mustChange: true });
    assert.deepEqual(worth(stage, text), ALL_OPERATOR);
  });

  it('is valid as long as its client or its external owner exists', async () => {
    const stage = await withOperator();
    const ofClient = await stage.make({ owner: 'client:fleet', role: 'viewer' });
    const ofToken = await stage.make({ owner: 'server.token', role: 'admin' });
    assert.deepEqual(worth(stage, ofClient.text), [
      'files.read',
      'fleet.read',
      'metrics',
      'read',
      'self',
      'subscriptions',
    ]);
    assert.ok(worth(stage, ofToken.text).includes('accounts'));
    await stage.accounts.reload({ clients: [] });
    assert.equal(worth(stage, ofClient.text), 'subject-gone');
    const later = await stage.reopen({ outsideOwners: ['local'] });
    assert.equal(worth(later, ofToken.text), 'subject-gone');
  });

  it('expires after 90 days by default, at a given time, or never', async () => {
    const stage = await withOperator();
    const { clock, make } = stage;
    const [usual, short, never] = [
      await make(),
      await make({ expiresMs: clock.wallMs() + DAY_MS }),
      await make({ expiresMs: 'never' }),
    ];
    const worths = () => [usual, short, never].map(({ text }) => typeof worth(stage, text));
    clock.advance(DAY_MS - 1);
    assert.deepEqual(worths(), ['object', 'object', 'object']);
    clock.advance(1);
    assert.deepEqual(worths(), ['object', 'string', 'object']);
    assert.equal(worth(stage, short.text), 'expired');
    clock.advance(89 * DAY_MS);
    assert.deepEqual(worths(), ['string', 'string', 'object']);
    assert.equal('expiresMs' in never.key, false);
  });

  it('created with a key is removed with it, and never has more permissions', async () => {
    const stage = await withOperator();
    const { accounts, make } = stage;
    const first = await make({ permissions: ['read', 'self', 'locks'] });
    const second = await make({ owner: `key:${first.key.id}`, permissions: ['read', 'locks'] });
    await assert.rejects(make({ owner: `key:${first.key.id}`, permissions: ['data.write'] }), BeyondRights);
    await accounts.users.change('alice', { role: 'viewer' });
    assert.deepEqual(worth(stage, second.text), ['read']);
    assert.equal(await accounts.keys.remove(first.key.id), true);
    assert.equal(await accounts.keys.remove(first.key.id), false);
    assert.deepEqual([worth(stage, first.text), worth(stage, second.text)], ['unknown', 'unknown']);
    assert.deepEqual((await stage.reopen()).accounts.keys.list(), []);
  });

  it('created with a key has a maximum depth', async () => {
    const stage = await withOperator();
    let owner = 'user:alice';
    for (let depth = 0; depth < 4; depth += 1) {
      const { key, text } = await stage.make({ owner, role: 'viewer' });
      assert.equal(typeof worth(stage, text), 'object', String(depth));
      owner = `key:${key.id}`;
    }
    await assert.rejects(stage.make({ owner, role: 'viewer' }), BeyondRights);
  });

  it('is rejected if it is malformed, unknown or has the wrong secret', async () => {
    const stage = await withOperator();
    const { key, text } = await stage.make();
    assert.equal(worth(stage, `${text}x`), 'malformed');
    assert.equal(worth(stage, newKeyText(key.id, seededRandom(99))), 'wrong-secret');
    assert.equal(worth(stage, newKeyText('00000000', seededRandom(99))), 'unknown');
    assert.equal(worth(stage, 'mdk_'), 'malformed');
    assert.equal(worth(stage, ''), 'malformed');
    await stage.accounts.keys.remove(text.slice(4, 12));
    assert.equal(worth(stage, text), 'unknown');
  });

  it('stores when it was last used, to the minute, and writes nothing else', async () => {
    const { accounts, clock, store, make, reopen } = await withOperator();
    const { key, text } = await make();
    const credential = accounts.identify(text) as Credential;
    let writes = 0;
    const { write } = store;
    store.write = (...args) => {
      writes += 1;
      return write(...args);
    };
    const usedMs = clock.wallMs();
    for (let count = 0; count < 1000; count += 1) {
      accounts.touch(credential);
      clock.advance(30);
    }
    assert.equal(accounts.keys.find(key.id)?.lastUsedMs, usedMs);
    assert.equal(writes, 1);
    clock.advance(30_000);
    accounts.touch(credential);
    assert.equal(accounts.keys.find(key.id)?.lastUsedMs, usedMs + 60_000);
    clock.stepWall(-3 * DAY_MS);
    accounts.touch(credential);
    const lastUsedMs = accounts.keys.find(key.id)?.lastUsedMs;
    assert.equal(lastUsedMs, usedMs + 60_000 - 3 * DAY_MS);
    assert.deepEqual((await reopen()).accounts.keys.find(key.id), { ...key, lastUsedMs });
  });

  it('is listed with its owner and all its properties', async () => {
    const { accounts, make, reopen } = await withOperator();
    const first = await make({ name: 'Prometheus, line 2', permissions: ['read'] });
    const other = await make({ owner: 'local', role: 'admin', expiresMs: 'never' });
    assert.deepEqual(accounts.keys.list('user:alice'), [first.key]);
    assert.deepEqual(accounts.keys.list(), [first.key, other.key]);
    assert.deepEqual((await reopen()).accounts.keys.list(), [first.key, other.key]);
  });
});

describe('a key is refused', () => {
  const cases: readonly (readonly [string, Partial<NewKey>, new (text: string) => Error, RegExp])[] = [
    ['if it has no name', { name: '' }, InvalidName, /1 to 64/],
    ['if its name has several lines', { name: 'a\nb' }, InvalidName, /"a\\nb"/],
    ['if its name has invisible characters', { name: 'a\u202eb' }, InvalidName, /visible characters/],
    ['if its role is unknown', { role: 'opertor' }, UnknownRole, /did you mean operator\?/],
    ['if a permission is unknown', { permissions: ['faults.clean'] }, UnknownPermission, /did you mean faults.clear\?/],
    ['if its owner lacks a permission', { role: 'configurator' }, BeyondRights, /user:alice.*configurations.write/],
    ['if its owner is unknown', { owner: 'user:bob' }, BeyondRights, /user:bob.*subject-gone/],
    ['if its owner is anonymous', { owner: 'anonymous' }, BeyondRights, /anonymous/],
    ['if it has expired already', { expiresMs: 1 }, InvalidExpiry, /future time/],
    ['if its expiry is invalid', { expiresMs: Number.NaN }, InvalidExpiry, /NaN/],
  ];
  for (const [what, key, Class, message] of cases) {
    it(what, async () => {
      const { accounts, make } = await withOperator();
      const made = make(key);
      await assert.rejects(made, Class);
      await assert.rejects(made, message);
      assert.deepEqual(accounts.keys.list(), []);
    });
  }

  it('if it expires and the clock is not set', async () => {
    const { clock, make } = await withOperator();
    clock.stepWall(-clock.wallMs());
    await assert.rejects(make(), InvalidExpiry);
    await make({ expiresMs: 'never' });
  });

  it('if there are ten thousand keys already', async () => {
    const stage = await withOperator();
    await stage.store.write([
      {
        sql: `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10001)
              INSERT INTO account_keys SELECT CAST(10000000 + i AS TEXT), zeroblob(1), 'k', 'viewer', NULL, 'local', 0, NULL, NULL FROM n`,
      },
    ]);
    await stage.accounts.reload();
    assert.equal(stage.accounts.keys.list().length, 10_000);
    await assert.rejects(stage.make(), TooMany);
  });
});

describe('the owner of a key', () => {
  it('is the user, also for keys created with keys, unless the creator manages accounts', async () => {
    const { accounts, make } = await withOperator();
    const ownerOfKey = (text: string) => {
      const principal = accounts.principalOf(accounts.identify(text) as Credential);
      return isRefusal(principal) ? principal.refused : principal.owner;
    };
    const first = await make();
    const second = await make({ owner: `key:${first.key.id}` });
    const third = await make({ owner: `key:${second.key.id}` });
    const ofAdmin = await make({ owner: 'user:root' });
    const ofCommand = await make({ owner: 'local' });
    const handedOn = await make({ owner: `key:${ofCommand.key.id}` });
    assert.deepEqual(
      [first, second, third, ofAdmin, ofCommand, handedOn].map(({ text }) => ownerOfKey(text)),
      ['user:alice', 'user:alice', 'user:alice', undefined, undefined, `key:${ofCommand.key.id}`],
    );
    const { owners, held } = accounts.quotas()['api_keys']!.figures();
    assert.deepEqual([owners, held], [2, 6]);
  });

  it('has at most half of the keys that others left, however many keys created them', async () => {
    const stage = await withOperator();
    const { key } = await stage.make();
    await stage.store.write(
      Array.from({ length: 4999 }, (_, index) => ({
        sql: `INSERT INTO account_keys (id, digest, name, role, permissions, owner, created_ms, expires_ms)
              VALUES (?, ?, 'flood', 'viewer', NULL, ?, 1, NULL)`,
        parameters: [
          `f${index}`,
          new Uint8Array([index & 255, index >> 8]),
          index % 2 ? 'user:alice' : `key:${key.id}`,
        ],
      })),
    );
    const { accounts } = await stage.reopen();
    await accounts.users.add({ name: 'bob', role: 'viewer', password: PASSWORD });
    const add = (owner: string) => accounts.keys.add({ name: 'one more', role: 'viewer', owner });
    for (const owner of ['user:alice', `key:${key.id}`]) {
      await assert.rejects(add(owner), { name: 'TooMany', message: /user:alice has 5000 of 10000 keys/ });
    }
    await add('user:bob');
    await add('local');
    const { held, largest, refused } = accounts.quotas()['api_keys']!.figures();
    assert.deepEqual([held, largest, refused], [5002, 5000, 2]);
  });

  it('can have no more triggers once it is disabled, has lost the permission, or is removed', async () => {
    const { accounts, make } = await withOperator();
    const { key } = await make({ owner: 'local' });
    assert.deepEqual([`user:alice`, `key:${key.id}`, 'plugin:x'].map(accounts.ownerProblem), [
      undefined,
      undefined,
      undefined,
    ]);
    await accounts.users.change('alice', { disabled: true });
    await accounts.keys.remove(key.id);
    assert.match(accounts.ownerProblem('user:alice') ?? '', /user:alice is disabled/);
    assert.match(accounts.ownerProblem(`key:${key.id}`) ?? '', /was removed/);
  });
});
