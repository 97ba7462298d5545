import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ProviderAccount, RenewableSession } from '@medkit/accounts';
import { SimulatedClock } from '@medkit/edges/testing';
import type { LoginState } from './login-renewal.ts';
import { renewSessions } from './renew-sessions.ts';

const ISSUER = 'https://login.example';
const MINUTE_MS = 60_000;

function stage(names: readonly string[], stateOf: (name: string) => LoginState['is']) {
  const clock = new SimulatedClock();
  const sessions = new Map<string, RenewableSession>();
  for (const name of names) {
    const account: ProviderAccount = { id: name, issuer: ISSUER, subject: name, role: 'viewer' };
    sessions.set(name, { id: name, account, renewal: name, renewedMs: clock.wallMs() });
  }
  const requests: string[] = [];
  const revoked: string[] = [];
  const stop = renewSessions({
    ...{ issuer: ISSUER, offlineMaxMs: 60 * MINUTE_MS, clock, log: () => undefined },
    sessions: {
      renewable: () => [...sessions.values()],
      renew: async (id) => sessions.has(id),
      end: async (id) => sessions.delete(id),
    },
    renew: async ({ id, ...account }, renewal) => {
      requests.push(id);
      const is = stateOf(id);
      const next = `${renewal}, renewed`;
      if (is === 'valid') return { is, account: { id, ...account }, renewal: next };
      return { is, reason: 'test', ...(is === 'ended' && { renewal: next }) };
    },
    revoke: (account, renewal) => revoked.push(`${account}: ${renewal}`),
  });
  const pass = async (minutes: number) => {
    requests.length = 0;
    await clock.advanceAsync(minutes * MINUTE_MS, MINUTE_MS);
    return requests;
  };
  return { clock, sessions, revoked, pass, stop };
}

test('a session that always fails delays no other, and ends after offline_max', async () => {
  const { pass, sessions } = stage(['bad', 'a', 'b'], (name) => (name === 'bad' ? 'unknown' : 'valid'));
  assert.deepEqual(await pass(14), []);
  const requests = await pass(4);
  assert.deepEqual([requests.includes('a'), requests.includes('b')], [true, true]);
  await pass(45);
  assert.deepEqual([...sessions.keys()], ['a', 'b']);
});

test('an ended login ends its session, and a stopped renewal asks no more', async () => {
  const { pass, revoked, sessions, stop } = stage(['a', 'b'], (name) => (name === 'a' ? 'ended' : 'valid'));
  await pass(16);
  assert.deepEqual([...sessions.keys()], ['b']);
  assert.deepEqual(revoked, ['a: a, renewed'], 'the refresh token that the provider issued last');
  stop();
  assert.deepEqual(await pass(60), []);
});

test('the token of a session that ends while its groups are read is revoked', async () => {
  const { pass, revoked, sessions } = stage(['a', 'b'], (name) => {
    if (name === 'a') sessions.delete(name);
    return 'valid';
  });
  await pass(16);
  assert.deepEqual(revoked, ['a: a, renewed']);
});

test('a wall clock that jumps ends no session', async () => {
  const { clock, pass, sessions } = stage(['a'], () => 'unknown');
  await pass(1);
  clock.stepWall(365 * 86_400_000);
  await pass(20);
  clock.stepWall(-2 * 365 * 86_400_000);
  await pass(20);
  assert.equal(sessions.size, 1);
});
