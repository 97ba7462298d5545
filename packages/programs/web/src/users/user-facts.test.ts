import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { LoginSession } from '@medkit/contract';
import { knownRoles, lastActive, principalName, userState } from './user-facts.ts';

const user = { name: 'alice', role: 'operator', disabled: false, must_change_password: false, declared: false };

const session = (name: string, last_used_at: string): LoginSession => ({
  ...{ id: `${name}${last_used_at}`, user: name, created_at: last_used_at, last_used_at, expires_at: last_used_at },
  ...{ remote_address: '10.0.0.7', user_agent: 'Firefox', current: false },
});

describe('the facts of users', () => {
  it('contain the state: disabled before an outdated password', () => {
    assert.equal(userState(user), 'active');
    assert.equal(userState({ ...user, must_change_password: true }), 'must-change');
    assert.equal(userState({ ...user, must_change_password: true, disabled: true }), 'disabled');
  });

  it('contain the last use of any session', () => {
    const sessions = [
      session('alice', '2026-03-23T02:10:00Z'),
      session('alice', '2026-03-23T02:14:00Z'),
      session('bob', 'nonsense'),
    ];
    assert.deepEqual([...lastActive(sessions)], [['alice', Date.UTC(2026, 2, 23, 2, 14)]]);
  });

  it('contain the built-in roles first, then the custom roles in use', () => {
    const users = [
      { role: 'viewer', grants: [{ site: 'ulm', role: 'guest' }, { site: 'berlin' }] },
      { role: 'technician' },
    ];
    assert.deepEqual(knownRoles(users, [{ role: 'auditor', grants: [{ group: 'night', role: 'viewer' }] }]), [
      ...['viewer', 'operator', 'configurator', 'admin'],
      ...['auditor', 'guest', 'technician'],
    ]);
  });

  it('contain the name of a principal that is a user', () => {
    assert.equal(principalName('user:alice'), 'alice');
    assert.equal(principalName('key:4fmd81xk'), 'key:4fmd81xk');
  });
});
