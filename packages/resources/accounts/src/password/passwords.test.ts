import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '@medkit/edges';
import { TooManyLogins } from '../refusals.ts';
import type { PasswordHash } from './password-hash.ts';
import { needsRehash, openPasswords } from './passwords.ts';
import { decodePhc, encodePhc } from './phc.ts';

const SALT = 'c29tZXNhbHRzb21lc2FsdA';
const TAG = 'A'.repeat(43);
const phc = (cost: string, salt = SALT, tag = TAG) => `$argon2id$v=19$${cost}$${salt}$${tag}`;

describe('a password', () => {
  it('is stored as a PHC string of argon2id, and only the same password matches', async () => {
    const passwords = openPasswords({ random: seededRandom(1) });
    const hash = await passwords.hash('a long way to Tipperary');
    assert.match(hash, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
    assert.equal(await passwords.matches('a long way to Tipperary', hash), true);
    assert.equal(await passwords.matches('a long way to tipperary', hash), false);
    assert.equal(needsRehash(hash), false);
  });

  it('matches a hash of the reference implementation', async () => {
    // From phc-winner-argon2, src/test.c: version 0x13, t 2, m 2^8, p 1, "password", "somesalt", Argon2id.
    const hash = '$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4';
    const passwords = openPasswords({ random: seededRandom(1) });
    assert.equal(await passwords.matches('password', hash), true);
    assert.equal(await passwords.matches('Password', hash), false);
    assert.equal(needsRehash(hash), true);
  });

  it('matches in any Unicode composition of its letters', async () => {
    const passwords = openPasswords({
      random: seededRandom(1),
      hash: async (text) => Buffer.from(text.padEnd(32, ' ').slice(0, 32), 'latin1'),
    });
    assert.equal(await passwords.matches('caf\u00e9', await passwords.hash('cafe\u0301')), true);
  });

  it('for an unknown user is hashed with the same work', async () => {
    const costs: object[] = [];
    const hash: PasswordHash = async (_, { salt, ...cost }) => {
      costs.push(cost);
      return new Uint8Array(32);
    };
    const passwords = openPasswords({ random: seededRandom(1), hash });
    await passwords.hash('x');
    assert.equal(await passwords.matches('x', undefined), false);
    assert.equal(await passwords.matches('x', 'no PHC string'), false);
    assert.equal(costs.length, 3);
    for (const cost of costs) assert.deepEqual(cost, { memoryKib: 19_456, passes: 2, lanes: 1, tagBytes: 32 });
  });
});

describe('a stored password hash', () => {
  const refused: readonly (readonly [string, string])[] = [
    ['no text', ''],
    ['a text that is not a hash', 'hunter2hunter2'],
    ['another algorithm', phc('m=19456,t=2,p=1').replace('argon2id', 'argon2i')],
    ['another version', phc('m=19456,t=2,p=1').replace('v=19', 'v=16')],
    ['too much memory', phc('m=131073,t=2,p=1')],
    ['too little memory for its lanes', phc('m=31,t=2,p=4')],
    ['too many passes', phc('m=19456,t=11,p=1')],
    ['zero passes', phc('m=19456,t=0,p=1')],
    ['too many lanes', phc('m=19456,t=2,p=5')],
    ['zero lanes', phc('m=19456,t=2,p=0')],
    ['a number that is too large', phc('m=99999999,t=2,p=1')],
    ['a salt that is too short', phc('m=19456,t=2,p=1', 'c2FsdA')],
    ['a tag that is too long', phc('m=19456,t=2,p=1', SALT, 'A'.repeat(87))],
    ['a newline after it', `${phc('m=19456,t=2,p=1')}\n`],
  ];
  for (const [what, text] of refused) {
    it(`is rejected with ${what}`, () => assert.equal(decodePhc(text), undefined));
  }

  it('is parsed as it was written', () => {
    const parts = { memoryKib: 65_536, passes: 3, lanes: 4, salt: new Uint8Array(16), tag: new Uint8Array(32) };
    assert.deepEqual(decodePhc(encodePhc(parts)), parts);
  });
});

describe('concurrent passwords', () => {
  const stage = () => {
    const running: (() => void)[] = [];
    const hash: PasswordHash = () => new Promise((resolve) => running.push(() => resolve(new Uint8Array(32))));
    return { running, passwords: openPasswords({ random: seededRandom(1), hash }) };
  };
  const turn = () => new Promise((resolve) => setImmediate(resolve));

  it('are hashed two at a time in order, and rejected if twenty wait', async () => {
    const { running, passwords } = stage();
    const ended: number[] = [];
    const all = Array.from({ length: 22 }, (_, index) =>
      passwords.hash(`password ${index}`).then(() => void ended.push(index)),
    );
    await turn();
    assert.equal(running.length, 2);
    await assert.rejects(passwords.hash('one too many'), TooManyLogins);
    await assert.rejects(passwords.matches('one too many', undefined), TooManyLogins);
    for (let index = 0; index < 22; index += 1) {
      running[index]();
      await turn();
      assert.ok(running.length <= index + 3);
    }
    await Promise.all(all);
    assert.deepEqual(
      ended,
      Array.from({ length: 22 }, (_, index) => index),
    );
    const afterwards = passwords.hash('again');
    await turn();
    running[22]();
    await afterwards;
  });

  it('continue after one that failed', async () => {
    let calls = 0;
    const hash: PasswordHash = async () => {
      calls += 1;
      if (calls <= 2) throw new Error('no memory');
      return new Uint8Array(32);
    };
    const passwords = openPasswords({ random: seededRandom(1), hash });
    const outcomes = await Promise.allSettled(['a', 'b', 'c', 'd'].map((text) => passwords.hash(text)));
    assert.deepEqual(
      outcomes.map(({ status }) => status),
      ['rejected', 'rejected', 'fulfilled', 'fulfilled'],
    );
  });
});
