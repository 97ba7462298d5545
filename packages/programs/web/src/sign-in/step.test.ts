import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { PrincipalInfo } from '@medkit/contract';
import { hasUsers, stepFor } from './step.ts';

const ada: PrincipalInfo = {
  principal: 'user:ada',
  kind: 'user',
  role: 'admin',
  permissions: ['self'],
  method: 'session',
};
const anybody: PrincipalInfo = { ...ada, principal: 'anonymous', kind: 'anonymous', role: 'viewer', method: 'none' };

describe('a user who signs in', () => {
  it('is asked for nothing before the identity is known', () => {
    assert.equal(stepFor({ me: undefined, isResolved: false, setup: undefined }), 'unknown');
  });

  it('creates the first user if none exists, else signs in', () => {
    assert.equal(stepFor({ me: undefined, isResolved: true, setup: { needed: true } }), 'first-user');
    assert.equal(stepFor({ me: undefined, isResolved: true, setup: { needed: false } }), 'sign-in');
    assert.equal(stepFor({ me: undefined, isResolved: true, setup: undefined }), 'sign-in');
    assert.equal(stepFor({ me: anybody, isResolved: true, setup: { needed: false } }), 'sign-in');
  });

  it('changes a password that another user set before anything else', () => {
    assert.equal(
      stepFor({ me: { ...ada, must_change_password: true }, isResolved: true, setup: undefined }),
      'must-change',
    );
    assert.equal(stepFor({ me: ada, isResolved: true, setup: { needed: false } }), 'signed-in');
  });

  it('is asked for a name only if there are users, or if that is unknown', () => {
    assert.equal(hasUsers(undefined), true);
    assert.equal(hasUsers({ auth: { enabled: true, algorithm: 'HS256', require_auth_for: 'all' } }), true);
    assert.equal(hasUsers({}), false);
  });
});
