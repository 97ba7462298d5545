import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rolesOf } from '@medkit/accounts';
import { Quota } from '@medkit/edges';
import { SimulatedClock } from '@medkit/edges/testing';
import { accountsHealth } from './accounts-health.ts';

const NOW_MS = Date.UTC(2026, 10, 24);

test('the health of accounts counts users, keys and weaknesses, and contains no names', () => {
  const users = [
    { name: 'ada', role: 'admin' },
    { name: 'bob', role: 'admin', disabled: true, mustChange: true },
    { name: 'eve', role: 'viewer', mustChange: true },
  ];
  const keys = [{ expiresMs: NOW_MS }, { expiresMs: NOW_MS + 1 }, {}];
  const accounts = {
    users: { list: () => users.map((user) => ({ disabled: false, mustChange: false, ...user })) },
    keys: { list: () => keys },
    sessions: { list: () => [{}] },
    quotas: () => ({ api_keys: new Quota(10) }),
    roles: rolesOf({}),
  } as unknown as Parameters<typeof accountsHealth>[0]['accounts'];
  const { blocks } = accountsHealth({
    accounts,
    clock: new SimulatedClock({ epochMs: NOW_MS }),
    tickets: { quota: new Quota(8) } as unknown as Parameters<typeof accountsHealth>[0]['tickets'],
  });
  assert.deepEqual(blocks['x-medkit-accounts'], {
    users: 3,
    users_disabled: 1,
    users_to_change_password: 1,
    admins: 1,
    keys: 3,
    keys_expired: 1,
    keys_without_expiry: 1,
    sessions: 1,
  });
  assert.deepEqual(Object.keys(blocks['x-medkit-quotas'] ?? {}), ['api_keys', 'stream_tickets']);
});
