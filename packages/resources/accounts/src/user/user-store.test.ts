import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Credential, isRefusal } from '../index.ts';
import { encodePhc } from '../password/phc.ts';
import {
  DefinedInUsersFile,
  InvalidName,
  LastAdmin,
  NameTaken,
  TooMany,
  TooManyLogins,
  UnknownName,
  UnknownRole,
  WeakPassword,
} from '../refusals.ts';
import { accountStage, OTHER_PASSWORD, PASSWORD, quickHash } from '../testing/account-stage.ts';
import type { NewUser } from './user.ts';

const ALICE: NewUser = { name: 'alice', role: 'operator', password: OTHER_PASSWORD };
const FROM = { userAgent: 'Firefox', address: '10.0.0.7' };

async function withAlice() {
  const stage = await accountStage();
  await stage.accounts.users.add(ALICE);
  return stage;
}

/** Returns a hash of PASSWORD with outdated cost parameters. */
async function oldHash(): Promise<string> {
  const cost = { memoryKib: 64, passes: 1, lanes: 1 };
  const salt = new Uint8Array(16).fill(9);
  return encodePhc({ ...cost, salt, tag: await quickHash(PASSWORD, { ...cost, salt, tagBytes: 32 }) });
}

describe('a user', () => {
  it('is known by name and password, also after a restart', async () => {
    const stage = await withAlice();
    const alice = stage.accounts.users.find('alice');
    assert.deepEqual(alice, {
      ...{ name: 'alice', role: 'operator', mustChange: false, disabled: false, declared: false },
      ...{ createdMs: stage.clock.wallMs(), changedMs: stage.clock.wallMs() },
    });
    assert.deepEqual(await stage.accounts.users.verify('alice', OTHER_PASSWORD), alice);
    const { accounts } = await stage.reopen();
    assert.deepEqual(await accounts.users.verify('alice', OTHER_PASSWORD), alice);
    assert.deepEqual(
      accounts.users.list().map(({ name }) => name),
      ['alice', 'root'],
    );
  });

  const wrong: readonly (readonly [string, string, string])[] = [
    ['alice', PASSWORD, 'wrong-secret'],
    ['alice', '', 'wrong-secret'],
    ['alice', 'x'.repeat(1_000_000), 'wrong-secret'],
    ['bob', OTHER_PASSWORD, 'unknown'],
    ['Alice', OTHER_PASSWORD, 'unknown'],
    ['__proto__', OTHER_PASSWORD, 'unknown'],
  ];
  for (const [name, password, reason] of wrong) {
    it(`is rejected for ${name} and ${JSON.stringify(password.slice(0, 20))}, with the same hashing work`, async () => {
      let hashed = 0;
      const { accounts } = await accountStage({
        passwordHash: (...args) => {
          hashed += 1;
          return quickHash(...args);
        },
      });
      await accounts.users.add(ALICE);
      hashed = 0;
      assert.deepEqual(await accounts.users.verify(name, password), { refused: reason });
      assert.equal(hashed, 1);
    });
  }

  it('who is disabled is rejected as such only with the right password', async () => {
    const { accounts } = await withAlice();
    await accounts.users.change('alice', { disabled: true });
    assert.deepEqual(await accounts.users.verify('alice', OTHER_PASSWORD), { refused: 'disabled' });
    assert.deepEqual(await accounts.users.verify('alice', PASSWORD), { refused: 'wrong-secret' });
  });

  it('whose password changes during the comparison cannot log in with the old one', async () => {
    const running: (() => void)[] = [];
    let held = false;
    const { accounts } = await accountStage({
      passwordHash: async (...args) => {
        if (held) await new Promise<void>((resolve) => running.push(resolve));
        return quickHash(...args);
      },
    });
    await accounts.users.add(ALICE);
    held = true;
    const verdict = accounts.users.verify('alice', OTHER_PASSWORD);
    held = false;
    await accounts.users.change('alice', { password: PASSWORD });
    running[0]();
    assert.deepEqual(await verdict, { refused: 'unknown' });
  });

  it('who must change the password may do only that', async () => {
    const { accounts } = await withAlice();
    await accounts.users.change('alice', { mustChange: true });
    const { cookie } = await accounts.sessions.begin('alice', FROM);
    const credential = accounts.identifySession(cookie) as Credential;
    const permissions = () => {
      const principal = accounts.principalOf(credential);
      return isRefusal(principal) ? principal.refused : principal.permissions;
    };
    assert.deepEqual(permissions(), new Set(['self']));
    await accounts.users.change('alice', { password: PASSWORD }, credential.id);
    assert.deepEqual(permissions(), accounts.roles.permissionsOf('operator'));
  });

  it('gets an outdated hash replaced at the next login, and keeps the open sessions', async () => {
    const stage = await withAlice();
    await stage.store.write([
      { sql: "UPDATE account_users SET hash = ? WHERE name = 'alice'", parameters: [await oldHash()] },
    ]);
    await stage.accounts.reload();
    const { cookie } = await stage.accounts.sessions.begin('alice', FROM);
    assert.deepEqual(await stage.accounts.users.verify('alice', OTHER_PASSWORD), { refused: 'wrong-secret' });
    assert.ok(!isRefusal(await stage.accounts.users.verify('alice', PASSWORD)));
    const [row] = await stage.store.read("SELECT hash FROM account_users WHERE name = 'alice'");
    assert.match(String(row.hash), /m=19456,t=2,p=1/);
    assert.ok(!isRefusal(await stage.accounts.users.verify('alice', PASSWORD)));
    assert.ok(!isRefusal(stage.accounts.principalOf(stage.accounts.identifySession(cookie) as Credential)));
  });
});

describe('a login of a user', () => {
  const ending: readonly (readonly [string, object, boolean])[] = [
    ['another password', { password: PASSWORD }, true],
    ['another role', { role: 'viewer' }, true],
    ['its being disabled', { disabled: true }, true],
    ['the role that it has already', { role: 'operator' }, false],
    ['the obligation to change the password', { mustChange: true }, false],
  ];
  for (const [what, change, ends] of ending) {
    it(`${ends ? 'ends with' : 'stays with'} ${what}, except the session that made the change`, async () => {
      const stage = await withAlice();
      const { accounts } = stage;
      const [current, other] = [
        await accounts.sessions.begin('alice', FROM),
        await accounts.sessions.begin('alice', FROM),
      ];
      const granted = await accounts.tokens.grant({ type: 'password', name: 'alice', password: OTHER_PASSWORD });
      assert.ok(!isRefusal(granted));
      const token = (await accounts.identify(granted.accessToken)) as Credential;
      const before = stage.changes();
      await accounts.users.change('alice', change, current.session.id);
      assert.equal(stage.changes(), before + 1);
      const { accounts: later } = await stage.reopen();
      for (const those of [accounts, later]) {
        assert.deepEqual(
          those.sessions
            .list('alice')
            .map(({ id }) => id)
            .sort(),
          (ends ? [current.session.id] : [current.session.id, other.session.id]).sort(),
        );
        assert.equal(isRefusal(those.principalOf(token)), ends);
      }
    });
  }

  it('ends with the user, also for a later user of the same name', async () => {
    const stage = await withAlice();
    const { accounts } = stage;
    await accounts.sessions.begin('alice', FROM);
    await accounts.users.remove('alice');
    assert.deepEqual(accounts.sessions.list('alice'), []);
    await accounts.users.add({ ...ALICE, password: PASSWORD });
    assert.deepEqual((await stage.reopen()).accounts.sessions.list('alice'), []);
  });
});

describe('a rejected user', () => {
  const cases: readonly (readonly [string, Partial<NewUser>, new (text: string) => Error, RegExp])[] = [
    ['has the name of another user', { name: 'root' }, NameTaken, /the user root already exists/],
    ['has a name in capitals', { name: 'Bob' }, InvalidName, /"Bob"/],
    ['has a name that is a path', { name: '../bob' }, InvalidName, /a-z 0-9/],
    ['has a name that is too long', { name: 'b'.repeat(65) }, InvalidName, /1 to 64/],
    ['has an unknown role', { role: 'technican' }, UnknownRole, /did you mean technician\?/],
    [
      'has a password that is easy to guess',
      { password: 'bob123456789' },
      WeakPassword,
      /common password|consists mainly of/,
    ],
    ['has the host name as password', { password: 'amr-01-amr-01' }, WeakPassword, /amr-01/],
  ];
  for (const [what, user, Class, message] of cases) {
    it(what, async () => {
      const { accounts } = await accountStage();
      const added = accounts.users.add({ ...ALICE, name: 'bob', ...user });
      await assert.rejects(added, Class);
      await assert.rejects(added, message);
      assert.equal(accounts.users.list().length, 1);
    });
  }

  it('is one of two that are added concurrently with the same name', async () => {
    const { accounts } = await accountStage();
    const outcomes = await Promise.allSettled([accounts.users.add(ALICE), accounts.users.add(ALICE)]);
    assert.deepEqual(outcomes.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
  });

  it('is one beyond a thousand users', async () => {
    const { accounts, store } = await accountStage();
    await store.write([
      {
        sql: `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)
              INSERT INTO account_users SELECT 'u' || i, 'viewer', '', 0, 0, 0, 0 FROM n`,
      },
    ]);
    await accounts.reload();
    assert.equal(accounts.users.list().length, 1000);
    await assert.rejects(accounts.users.add(ALICE), TooMany);
  });

  it('does not exist, and cannot be changed, removed or logged in', async () => {
    const { accounts } = await accountStage();
    await assert.rejects(accounts.users.change('alice', { role: 'viewer' }), UnknownName);
    await assert.rejects(accounts.users.remove('alice'), UnknownName);
    await assert.rejects(accounts.sessions.begin('alice', FROM), UnknownName);
  });

  it('has sent too many concurrent logins', async () => {
    const { accounts } = await withAlice();
    const outcomes = await Promise.allSettled(
      Array.from({ length: 30 }, () => accounts.users.verify('alice', OTHER_PASSWORD)),
    );
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
    assert.equal(refused.length, 8);
    for (const { reason } of refused) assert.ok(reason instanceof TooManyLogins);
  });

  it('is not one that logs in from another address during a flood of logins', async () => {
    const { accounts } = await withAlice();
    const flood = Array.from({ length: 30 }, () => accounts.users.verify('alice', PASSWORD, 'address:10.0.0.66'));
    const alice = accounts.users.verify('alice', OTHER_PASSWORD, 'address:10.0.0.7');
    const outcomes = await Promise.allSettled(flood);
    assert.equal(outcomes.filter(({ status }) => status === 'rejected').length, 18);
    assert.ok('name' in (await alice));
    const { held, refused } = accounts.quotas()['waiting_logins']!.figures();
    assert.deepEqual([held, refused], [0, 18]);
  });
});

describe('the last admin', () => {
  const changes = [{ role: 'configurator' }, { disabled: true }];
  for (const change of changes) {
    it(`remains, and cannot be ${JSON.stringify(change)}`, async () => {
      const { accounts } = await withAlice();
      await assert.rejects(accounts.users.change('root', change), LastAdmin);
      await assert.rejects(accounts.users.remove('root'), LastAdmin);
      await accounts.users.change('root', { password: OTHER_PASSWORD });
      await accounts.users.change('alice', { role: 'admin' });
      await accounts.users.change('root', change);
      await assert.rejects(accounts.users.remove('alice'), LastAdmin);
      await accounts.users.remove('root');
    });
  }

  it('remains after two concurrent removals', async () => {
    const { accounts } = await withAlice();
    await accounts.users.change('alice', { role: 'admin' });
    const outcomes = await Promise.allSettled([accounts.users.remove('alice'), accounts.users.remove('root')]);
    assert.deepEqual(outcomes.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
  });
});

describe('a declared user', () => {
  const declared = async (name = 'ops') => [{ name, role: 'operator', hash: await oldHash() }];

  it('logs in like any other, and is changed only in the configuration', async () => {
    const { accounts } = await accountStage({ declaredUsers: await declared() });
    const user = await accounts.users.verify('ops', PASSWORD);
    assert.ok(!isRefusal(user) && user.declared);
    await assert.rejects(accounts.users.change('ops', { role: 'admin' }), DefinedInUsersFile);
    await assert.rejects(accounts.users.remove('ops'), DefinedInUsersFile);
    await assert.rejects(accounts.users.add({ ...ALICE, name: 'ops' }), NameTaken);
  });

  it('is replaced by a reload, which notifies listeners', async () => {
    const stage = await accountStage({ declaredUsers: await declared() });
    const { accounts } = stage;
    const { cookie } = await accounts.sessions.begin('ops', FROM);
    const before = stage.changes();
    await accounts.reload({ declaredUsers: await declared('night-shift') });
    assert.equal(stage.changes(), before + 1);
    assert.deepEqual(accounts.principalOf(accounts.identifySession(cookie) as Credential), { refused: 'subject-gone' });
    assert.ok(!isRefusal(await accounts.users.verify('night-shift', PASSWORD)));
  });

  it('that a reload disables has no access any more, also with a session that began earlier', async () => {
    const [user] = await declared();
    assert.ok(user);
    const { accounts } = await accountStage({ declaredUsers: [user] });
    const { cookie } = await accounts.sessions.begin('ops', FROM);
    await accounts.reload({ declaredUsers: [{ ...user, disabled: true }] });
    assert.deepEqual(accounts.principalOf(accounts.identifySession(cookie) as Credential), { refused: 'disabled' });
    assert.deepEqual(await accounts.users.verify('ops', PASSWORD), { refused: 'disabled' });
  });

  it('that is invalid leaves all accounts unchanged', async () => {
    const { accounts } = await accountStage({ declaredUsers: await declared() });
    const [user] = await declared();
    const wrong: readonly (readonly [object, RegExp])[] = [
      [{ ...user, name: 'root' }, /"root" also exists in the account database/],
      [{ ...user, name: 'Ops' }, /"Ops" has an invalid name/],
      [{ ...user, role: 'oprator' }, /did you mean operator\?/],
      [{ ...user, hash: 'plain text' }, /medkit auth hash/],
    ];
    for (const [each, message] of wrong) {
      await assert.rejects(accounts.reload({ declaredUsers: [each as never] }), message);
      assert.ok(accounts.users.find('ops')?.declared);
    }
    await assert.rejects(accounts.reload({ declaredUsers: [user, user] }), /is listed twice/);
  });
});
