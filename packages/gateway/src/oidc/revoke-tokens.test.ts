import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { SimulatedClock } from '@medkit/edges/testing';
import type { Revocation } from './login-revocation.ts';
import { revokeTokens } from './revoke-tokens.ts';

const ISSUER = 'https://login.example';
const MINUTE_MS = 60_000;

function stage(stateOf: (renewal: string) => Revocation['is'] | Promise<Revocation['is']>) {
  const clock = new SimulatedClock();
  const requests: string[] = [];
  const lines: string[] = [];
  const revocation = revokeTokens({
    ...{ issuer: ISSUER, clock, log: (level, text) => lines.push(`${level}: ${text}`) },
    revoke: async (renewal) => {
      requests.push(renewal);
      const is = await stateOf(renewal);
      return is === 'revoked' ? { is } : { is, reason: `test of ${renewal}` };
    },
  });
  /** Returns the requests of this time. */
  const pass = async (minutes: number) => {
    await setImmediate();
    for (let minute = 0; minute < minutes; minute += 1) {
      clock.advance(MINUTE_MS);
      await setImmediate();
    }
    return requests.splice(0);
  };
  return { ...revocation, lines, pass, requests };
}

test('a token is revoked immediately, and once', async () => {
  const { add, lines, pass } = stage(() => 'revoked');
  add('eva', 'one');
  add('eva', 'one');
  add('tom', 'two');
  assert.deepEqual(await pass(0), ['one', 'two']);
  assert.deepEqual([await pass(5), lines], [[], []]);
});

test('a provider that is away is asked each minute, and logged once, until all tokens are revoked', async () => {
  let is: Revocation['is'] = 'unknown';
  const { add, lines, pass } = stage(() => is);
  add('eva', 'one');
  assert.deepEqual(await pass(0), ['one']);
  add('tom', 'two');
  assert.equal((await pass(0)).length, 1);
  assert.equal((await pass(3)).length, 3);
  assert.deepEqual(lines, [`warn: refresh tokens of ended sessions cannot be revoked at ${ISSUER} yet: test of one`]);
  is = 'revoked';
  assert.deepEqual((await pass(1)).toSorted(), ['one', 'two']);
  assert.deepEqual(await pass(5), []);
});

test('a token that always fails delays no other', async () => {
  const { add, pass } = stage((renewal) => (renewal === 'bad' ? Promise.reject(new Error('no reply')) : 'revoked'));
  for (const renewal of ['bad', 'one', 'two']) add('eva', renewal);
  await pass(0);
  assert.deepEqual(await pass(1), ['one', 'two', 'bad']);
  assert.deepEqual(await pass(2), ['bad', 'bad']);
});

test('a refused token is logged and not sent again', async () => {
  const { add, lines, pass } = stage(() => 'refused');
  add('eva', 'one');
  assert.deepEqual([await pass(0), await pass(5)], [['one'], []]);
  assert.match(lines.join(), /stay valid at https:\S+ until they expire: 1 \(test of one\)/);
});

test('an account that ends many sessions displaces no token of another account', async () => {
  let is: Revocation['is'] = 'unknown';
  const { add, lines, pass, requests } = stage(() => is);
  add('tom', 'of tom');
  for (let count = 0; count < 1100; count += 1) add('eva', `of eva ${count}`);
  assert.equal(lines.filter((line) => line.endsWith('1 (too many are to be revoked)')).length, 101);
  await pass(1);
  is = 'revoked';
  const sent = await pass(1);
  assert.deepEqual([sent.length, sent.includes('of tom'), sent.includes('of eva 1099')], [1000, true, true]);
  assert.deepEqual(requests, []);
});

test('a stop forgets the waiting tokens, also a token whose request is pending', async () => {
  const reply = Promise.withResolvers<Revocation['is']>();
  const { add, lines, pass, stop } = stage(() => reply.promise);
  add('eva', 'one');
  add('eva', 'two');
  stop();
  reply.resolve('unknown');
  add('eva', 'three');
  assert.deepEqual(await pass(5), ['one']);
  assert.deepEqual(lines, [
    `warn: refresh tokens of ended sessions that stay valid at ${ISSUER} until they expire: 2 (the gateway stops)`,
  ]);
});
