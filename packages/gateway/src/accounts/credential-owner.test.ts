import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ApiKey, User } from '@medkit/accounts';
import { credentialOwner, mayManageKey } from './credential-owner.ts';

const alice = { name: 'alice', role: 'operator' } as User;
const keyOf = (id: string, more: Partial<ApiKey> = {}): ApiKey => ({
  ...{ id, name: id, role: 'operator', owner: 'user:alice', createdMs: 0 },
  ...more,
});
const KEYS = [
  keyOf('whole'),
  keyOf('lesser', { role: 'viewer' }),
  keyOf('narrow', { permissions: ['read'] }),
  keyOf('made', { owner: 'key:lesser' }),
  keyOf('orphan', { owner: 'user:bob' }),
];
const known = {
  keys: { find: (id: string) => KEYS.find((key) => key.id === id) },
  users: { find: (name: string) => (name === 'alice' ? alice : undefined) },
} as unknown as Parameters<typeof credentialOwner>[1];
const key = (id: string) => ({ kind: 'key', id: `key:${id}` }) as const;
const user = { kind: 'user', id: 'user:alice' } as const;

test('a key with all permissions of its user acts for the user, any other key for itself', () => {
  assert.deepEqual(credentialOwner(key('whole'), known), user);
  for (const id of ['lesser', 'narrow', 'made', 'orphan', 'gone']) {
    assert.deepEqual(credentialOwner(key(id), known), key(id), id);
  }
  assert.deepEqual(credentialOwner(user, known), user);
});

test('a key is managed by the caller that created it or that uses it', () => {
  const manageable = (principal: Parameters<typeof credentialOwner>[0]) =>
    KEYS.filter((each) => mayManageKey(principal, each, known)).map(({ id }) => id);
  assert.deepEqual(manageable(user), ['whole', 'lesser', 'narrow']);
  assert.deepEqual(manageable(key('whole')), ['whole', 'lesser', 'narrow']);
  assert.deepEqual(manageable(key('lesser')), ['lesser', 'made']);
  assert.deepEqual(manageable(key('narrow')), ['narrow']);
});
