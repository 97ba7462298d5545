import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Permission } from '@medkit/contract';
import type { Principal } from '@medkit/core';
import { type Admission, admissionCheck } from './admission.ts';

const ADMISSION: Admission = {
  principal: { id: 'user:jan', scopes: [] },
  credential: { kind: 'token', id: 'server.token' },
  need: 'read',
};

/** The check of a stream whose credential is valid for `now`. */
function endFor(now: Principal | { readonly refused: string }) {
  return admissionCheck(() => now)(ADMISSION);
}

function principal(id: string, ...permissions: readonly Permission[]): Principal {
  return { id, kind: 'user', role: 'custom', permissions: new Set(permissions), scopes: [] };
}

it('a stream continues while its credential is valid for the same principal with the permission', () => {
  assert.equal(endFor(principal('user:jan', 'read')), undefined);
});

it('a stream ends if its credential has expired or was revoked', () => {
  assert.equal(endFor({ refused: 'expired' }), 'expired');
  assert.equal(endFor({ refused: 'revoked' }), 'revoked');
  assert.equal(endFor({ refused: 'disabled' }), 'revoked');
});

it('a stream ends if its credential is now valid for another principal', () => {
  assert.equal(endFor(principal('user:eve', 'read')), 'revoked');
});

it('a stream ends if its principal has lost the permission', () => {
  assert.equal(endFor(principal('user:jan', 'self')), 'scope-changed');
});

it('a stream ends if its client is limited to other robots, not if accounts were read again', () => {
  const limited = (site: string): Principal => ({ ...principal('user:jan', 'read'), scopes: [[{ site }]] });
  const check = admissionCheck(() => limited('berlin'));
  const admission = { ...ADMISSION, principal: limited('berlin') };
  assert.equal(check(admission), undefined);
  assert.equal(admissionCheck(() => limited('ulm'))(admission), 'scope-changed');
  assert.equal(check(ADMISSION), 'scope-changed');
});

it('a stream ends if the scopes of its principal no longer include it', () => {
  const check = admissionCheck(() => principal('user:jan', 'read'));
  assert.equal(check({ ...ADMISSION, isInScope: () => true }), undefined);
  assert.equal(check({ ...ADMISSION, isInScope: () => false }), 'scope-changed');
});
