import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Permission } from '@medkit/contract';
import type { Principal } from '@medkit/core';
import { challengeOf, isAuthorised, notAuthorised } from './authorise.ts';

function principal(kind: Principal['kind'], ...permissions: readonly Permission[]): Principal {
  return { id: 'x', kind, role: 'custom', permissions: new Set(permissions), scopes: [] };
}

describe('a permission', () => {
  it('is needed for every route that is not public', () => {
    assert.equal(isAuthorised(principal('key', 'read'), 'read'), true);
    assert.equal(isAuthorised(principal('key', 'read'), 'data.write'), false);
    assert.equal(isAuthorised(principal('anonymous'), 'read'), false);
    assert.equal(isAuthorised(principal('anonymous'), 'public'), true);
  });
});

describe('a rejected request', () => {
  it('is answered with 401 without credentials, and with 403 for an identified client', () => {
    const unknown = notAuthorised(principal('anonymous'), 'read');
    assert.deepEqual([unknown.code, unknown.status], ['unauthorized', 401]);
    const known = notAuthorised(principal('key', 'read'), 'data.write');
    assert.deepEqual([known.code, known.status], ['insufficient-access-rights', 403]);
    assert.match(known.message, /needs the permission data\.write, which the role custom does not have/);
  });

  it('names the roles that have the permission, at most ten', () => {
    const sets: Readonly<Record<string, readonly Permission[]>> = { viewer: ['read'], technician: ['data.write'] };
    const roles = {
      names: Object.keys(sets),
      permissionsOf: (role: string) => new Set(sets[role]),
    };
    const known = notAuthorised(principal('key', 'read'), 'data.write', { roles });
    assert.match(known.message, /which the role custom does not have; this role has it: technician$/);
    assert.deepEqual(known.parameters, { permission: 'data.write', role: 'custom', roles: ['technician'] });
    const names = Array.from({ length: 100 }, (_, number) => `role-${number}`);
    const all = { names, permissionsOf: () => new Set<Permission>(['data.write']) };
    const many = notAuthorised(principal('key', 'read'), 'data.write', { roles: all });
    assert.deepEqual(many.parameters?.['roles'], names.slice(0, 10));
    assert.equal(notAuthorised(principal('key'), 'locks.break', { roles }).parameters?.['roles']?.toString(), '');
  });

  it('says why a credential is not valid any more, and nothing about an unknown one', () => {
    assert.match(notAuthorised(principal('anonymous'), 'read', { refused: 'expired' }).message, /has expired/);
    const texts = [undefined, 'unknown', 'wrong-secret'].map(
      (reason) => notAuthorised(principal('anonymous'), 'read', { refused: reason }).message,
    );
    assert.equal(new Set(texts).size, 1);
  });

  it('of a user who must change the password names that request', () => {
    assert.match(notAuthorised(principal('user', 'self'), 'read').message, /PUT \/api\/v1\/auth\/password/);
  });

  it('has the challenge of RFC 6750: an error only if the client sent credentials', () => {
    assert.equal(challengeOf({ kind: 'anonymous' }), 'Bearer realm="medkit"');
    assert.equal(challengeOf({ kind: 'anonymous' }, 'expired'), 'Bearer realm="medkit", error="invalid_token"');
    assert.equal(challengeOf({ kind: 'key' }), 'Bearer realm="medkit", error="insufficient_scope"');
  });
});
