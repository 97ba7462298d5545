import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '@medkit/edges';
import { SimulatedClock } from '@medkit/edges/testing';
import { setupCode } from './setup-code.ts';

const stage = () => {
  const clock = new SimulatedClock();
  const displayed: string[] = [];
  return {
    clock,
    displayed,
    setup: setupCode({ clock, random: seededRandom(7), show: (code) => displayed.push(code) }),
  };
};

describe('a setup code', () => {
  it('is displayed, and accepted in any spelling', () => {
    const { setup, displayed } = stage();
    assert.deepEqual(displayed, [setup.code]);
    assert.match(setup.code, /^[2-9A-HJ-NP-Z]{5}-[2-9A-HJ-NP-Z]{5}$/);
    for (const typed of [setup.code, setup.code.toLowerCase(), ` ${setup.code.replace('-', ' ')} `]) {
      assert.equal(setup.verdictOf(typed), 'right', typed);
    }
  });

  it('stays the same after any number of wrong attempts', () => {
    const { setup, displayed } = stage();
    const before = setup.code;
    for (let count = 0; count < 1000; count += 1) assert.equal(setup.verdictOf(`ABCDE-${count}`), 'wrong');
    assert.deepEqual(displayed, [before]);
    assert.equal(setup.verdictOf(before), 'right');
  });

  it('is not matched by an empty text', () => {
    const { setup } = stage();
    for (const typed of ['', ' ', '-']) assert.equal(setup.verdictOf(typed), 'wrong', JSON.stringify(typed));
  });

  it('is renewed every ten minutes, and stays valid for ten more', () => {
    const { clock, setup, displayed } = stage();
    const first = setup.code;
    clock.advance(10 * 60_000);
    assert.notEqual(setup.code, first);
    assert.deepEqual(displayed, [first, setup.code]);
    for (const code of displayed) assert.equal(setup.verdictOf(code), 'right');
    clock.advance(10 * 60_000);
    assert.deepEqual(
      displayed.map((code) => setup.verdictOf(code)),
      ['wrong', 'right', 'right'],
    );
  });

  it('expires after half an hour, however often it is renewed', () => {
    const { clock, setup } = stage();
    clock.advance(29 * 60_000);
    assert.equal(setup.isOpen, true);
    clock.advance(60_000);
    assert.deepEqual([setup.isOpen, setup.verdictOf(setup.code)], [false, 'closed']);
  });

  it('expires once there is an admin', () => {
    const { setup } = stage();
    setup.close();
    assert.deepEqual([setup.isOpen, setup.verdictOf(setup.code)], [false, 'closed']);
  });
});
