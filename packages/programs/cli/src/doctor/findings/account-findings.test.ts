import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accessProtectionFindings, accountFindings } from './account-findings.ts';

const WELL = {
  ...{ users: 3, users_disabled: 0, users_to_change_password: 0, admins: 1, sessions: 2 },
  ...{ keys: 4, keys_expired: 0, keys_without_expiry: 0 },
};
const ids = (findings: ReturnType<typeof accountFindings>) => findings.map(({ id, severity }) => `${severity} ${id}`);

test('secure accounts cause no finding, nor does a gateway without any', () => {
  assert.deepEqual(accountFindings(WELL), []);
  assert.deepEqual(accountFindings(undefined), []);
});

test('each weakness of accounts is reported with the number of accounts', () => {
  const weak = { ...WELL, admins: 0, users_to_change_password: 1, keys_expired: 2, keys_without_expiry: 3 };
  const found = accountFindings(weak);
  assert.deepEqual(ids(found), [
    'warning no_admin',
    'hint passwords_to_change',
    'hint keys_without_expiry',
    'hint keys_expired',
  ]);
  assert.equal(found[2]?.seen, '3 of 4 keys.');
  assert.match(found[0]?.remedy ?? '', /medkit auth reset-admin/);
});

test('a gateway that other machines can reach needs accounts, and secrets must not be readable for others', () => {
  const alone = { isOpen: false, hasAccounts: false, hasToken: false, readable: [] };
  assert.deepEqual(accessProtectionFindings(alone), []);
  assert.deepEqual(ids(accessProtectionFindings({ ...alone, isOpen: true })), ['warning open_to_all']);
  assert.deepEqual(ids(accessProtectionFindings({ ...alone, isOpen: true, hasToken: true })), ['hint accounts_off']);
  assert.deepEqual(accessProtectionFindings({ ...alone, isOpen: true, hasAccounts: true }), []);
  const [readable] = accessProtectionFindings({ ...alone, readable: ['a', 'b', 'c', 'd', 'e', 'f'] });
  assert.deepEqual([readable?.id, readable?.seen], ['secret_readable', 'a, b, c, d, e and 1 more.']);
});
