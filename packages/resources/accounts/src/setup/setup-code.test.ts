import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '@medkit/edges';
import { SimulatedClock } from '@medkit/edges/testing';
import { setupCode } from './setup-code.ts';

const stage = () => {
  const clock = new SimulatedClock();
  const shown: string[] = [];
  return { clock, shown, setup: setupCode({ clock, random: seededRandom(7), show: (code) => shown.push(code) }) };
};

describe('a setup code', () => {
  it('is shown, and right however it is typed', () => {
    const { setup, shown } = stage();
    assert.deepEqual(shown, [setup.code]);
    assert.match(setup.code, /^[2-9A-HJ-NP-Z]{5}-[2-9A-HJ-NP-Z]{5}$/);
    for (const typed of [setup.code, setup.code.toLowerCase(), ` ${setup.code.replace('-', ' ')} `]) {
      assert.equal(setup.verdictOf(typed), 'right', typed);
    }
  });

  it('is another one after five that were wrong', () => {
    const { setup, shown } = stage();
    const before = setup.code;
    const verdicts = ['', 'x', before.slice(1), `${before}2`, 'ABCDE-FGHJK'].map((code) => setup.verdictOf(code));
    assert.deepEqual(verdicts, ['wrong', 'wrong', 'wrong', 'wrong', 'replaced']);
    assert.deepEqual(shown, [before, setup.code]);
    assert.notEqual(setup.code, before);
    assert.equal(setup.verdictOf(before), 'wrong');
    assert.equal(setup.verdictOf(setup.code), 'right');
  });

  it('ends after half an hour, however often it is another one', () => {
    const { clock, setup } = stage();
    clock.advance(29 * 60_000);
    for (let count = 0; count < 5; count += 1) setup.verdictOf('wrong');
    assert.equal(setup.isOpen, true);
    clock.advance(60_000);
    assert.deepEqual([setup.isOpen, setup.verdictOf(setup.code)], [false, 'closed']);
  });

  it('ends with the first admin', () => {
    const { setup } = stage();
    setup.close();
    assert.deepEqual([setup.isOpen, setup.verdictOf(setup.code)], [false, 'closed']);
  });
});
