import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '@medkit/edges';
import { SimulatedClock } from '@medkit/edges/testing';
import { LoginThrottle } from './login-throttle.ts';

const HERE = '192.0.2.1';

function throttle(maxRemembered?: number) {
  const clock = new SimulatedClock();
  const logins = new LoginThrottle(clock, seededRandom(1), maxRemembered);
  return {
    clock,
    logins,
    wait: (account: string, address: string, device?: string) => logins.admit({ account, address, device }).waitMs,
    /** Fails this often, each time as soon as an attempt is admitted. */
    fail: (times: number, account: string, address: string) => {
      for (let time = 0; time < times; time += 1) {
        const attempt = { account, address };
        clock.advance(logins.admit(attempt).waitMs);
        if (time >= 5) assert.equal(logins.admit(attempt).waitMs, 0);
        logins.failed(attempt);
      }
    },
  };
}

describe('a client that guesses a password', () => {
  it('is admitted five times immediately, then after 1, 2, 4 and finally 60 seconds', () => {
    const { clock, logins } = throttle();
    const attempt = { account: 'alice', address: HERE };
    const waits: number[] = [];
    for (let time = 0; time < 14; time += 1) {
      const { waitMs } = logins.admit(attempt);
      waits.push(waitMs);
      if (waitMs > 0) {
        clock.advance(waitMs);
        assert.equal(logins.admit(attempt).waitMs, 0);
      }
      logins.failed(attempt);
    }
    assert.deepEqual(
      waits.map((ms) => ms / 1000),
      [0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60],
    );
  });

  it('has to wait at one account whatever the address, and at one address whatever the account', () => {
    const guessed = throttle();
    for (let time = 0; time < 5; time += 1) assert.equal(guessed.wait('alice', `192.0.2.${time}`), 0);
    assert.equal(guessed.wait('alice', '192.0.2.4'), 1000, 'an address that has failed');
    for (let time = 0; time < 10; time += 1) assert.equal(guessed.wait('alice', `198.51.100.${time}`), 0);
    assert.ok(guessed.wait('alice', '192.0.2.99') > 0, 'too many addresses that have not');
    assert.equal(guessed.wait('bob', '192.0.2.99'), 0);
    const sprayed = throttle();
    for (let time = 0; time < 5; time += 1) assert.equal(sprayed.wait(`user${time}`, `2001:db8::${time}`), 0);
    assert.equal(sprayed.wait('alice', '2001:db8::99'), 1000, 'one who has that network has all of its addresses');
    assert.equal(sprayed.wait('alice', '2001:db8:0:1::1'), 0);
  });

  it('gains nothing by sending many requests together', () => {
    const { wait } = throttle();
    const admitted = Array.from({ length: 100 }, () => wait('alice', HERE)).filter((ms) => ms === 0);
    assert.equal(admitted.length, 5);
  });

  it('gains nothing by logging in to an account that it owns in between', () => {
    const { logins, wait } = throttle();
    for (let time = 0; time < 4; time += 1) {
      assert.equal(wait('alice', HERE), 0);
      assert.equal(wait('mallory', HERE), 0);
      logins.succeeded({ account: 'mallory', address: HERE });
    }
    assert.equal(wait('alice', HERE), 0);
    assert.equal(wait('alice', HERE), 1000);
    assert.equal(wait('mallory', HERE), 1000);
  });

  it('waits after the answer, however long that took', () => {
    const { clock, logins, wait } = throttle();
    for (let time = 0; time < 5; time += 1) wait('alice', HERE);
    clock.advance(900);
    logins.failed({ account: 'alice', address: HERE });
    assert.equal(wait('alice', HERE), 1000);
  });
});

describe('a client that knows the password', () => {
  it('resets the throttle with a successful login', () => {
    const { logins, wait } = throttle();
    for (let time = 0; time < 3; time += 1) wait('alice', HERE);
    logins.succeeded({ account: 'alice', address: HERE });
    for (let time = 0; time < 5; time += 1) assert.equal(wait('alice', `198.51.100.${time}`), 0);
  });

  it('is not locked out with a known device by failures of others, not even from the same address', () => {
    const { wait, fail } = throttle();
    fail(20, 'alice', HERE);
    assert.ok(wait('alice', HERE) > 0);
    assert.equal(wait('alice', HERE, 'laptop'), 0);
  });

  it('is not locked out with a new device by failures of others from another address', () => {
    const { wait, fail } = throttle();
    fail(20, 'alice', HERE);
    assert.equal(wait('alice', '198.51.100.7'), 0);
  });

  it('waits after failures with the known device itself, which do not count for others', () => {
    const { clock, wait } = throttle();
    for (let time = 0; time < 5; time += 1) assert.equal(wait('alice', HERE, 'stolen'), 0);
    assert.equal(wait('alice', HERE, 'stolen'), 1000);
    assert.equal(wait('alice', HERE, 'laptop'), 0);
    assert.equal(wait('bob', HERE, 'stolen'), 0);
    assert.equal(wait('alice', HERE), 0);
    clock.advance(1000);
    assert.equal(wait('alice', HERE, 'stolen'), 0);
  });

  it('is admitted after a minute at most, and after a quarter of an hour without any delay', () => {
    const { clock, wait, fail } = throttle();
    fail(40, 'alice', HERE);
    clock.advance(60_000);
    assert.equal(wait('alice', HERE), 0);
    clock.advance(15 * 60_000);
    for (let time = 0; time < 5; time += 1) assert.equal(wait('alice', HERE), 0);
  });
});

it('the number of remembered attempts is bounded', () => {
  const { wait } = throttle(10);
  for (let time = 0; time < 1000; time += 1) wait(`user${time}`, `192.0.${time % 250}.${time % 7}`);
  for (let time = 0; time < 5; time += 1) wait('alice', `198.51.100.${time}`);
  assert.equal(wait('alice', '198.51.100.4'), 1000, 'whoever is guessed at now is remembered');
});
