import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '@medkit/edges';
import { MAX_PATTERN_LENGTH } from './parse-pattern.ts';
import { patternMatcher } from './pattern-matcher.ts';

const SEEDS = 400;

describe('patterns of fault codes', () => {
  it('accepts repeats of nothing, however many they are', () => {
    const nothing = patternMatcher(`${'('.repeat(8)}${'){999}'.repeat(8)}`);
    assert.deepEqual([nothing(''), nothing('x')], [true, false]);
  });

  it('match the whole code', () => {
    const matches = patternMatcher('SENSOR_.*');
    assert.deepEqual(['SENSOR_', 'SENSOR_LIDAR', 'MY_SENSOR_LIDAR', 'SENSOR'].map(matches), [true, true, false, false]);
    for (const anchored of ['^A$', '^A', 'A$']) {
      assert.deepEqual(['A', 'AA', 'BA'].map(patternMatcher(anchored)), [true, false, false], anchored);
    }
  });

  it('support alternatives, groups, classes, escapes and counted repeats', () => {
    const cases = [
      ['(MOTOR|PUMP)_[0-9]{1,2}', ['MOTOR_1', 'PUMP_42'], ['MOTOR_', 'PUMP_123', 'FAN_1']],
      ['A(?:B|C)+D?', ['AB', 'ABCBD'], ['A', 'AD', 'ABDD']],
      ['V1\\.2', ['V1.2'], ['V1x2']],
      ['[^A-C-]\\d{2,}?', ['X12', '_999'], ['A12', '-12', 'X1']],
      ['\\w+\\S\\D', ['a.b'], ['', 'a.1']],
      ['', [''], ['A']],
      ['A|', ['', 'A'], ['B']],
      ['COST\\$', ['COST$'], ['COST']],
      ['[a\\]]', ['a', ']'], ['\\']],
    ] as const;
    for (const [pattern, good, bad] of cases) {
      const matches = patternMatcher(pattern);
      for (const code of good) assert.equal(matches(code), true, `${pattern} ${code}`);
      for (const code of bad) assert.equal(matches(code), false, `${pattern} ${code}`);
    }
  });

  it('report the syntax error', () => {
    const cases = [
      ['[invalid', /a \[ is not closed/],
      ['(A', /a \( is not closed/],
      ['A)', /a \) closes no group/],
      ['*A', /a repeat of nothing/],
      ['A**', /a repeat of nothing/],
      ['A{3,1}', /\{3,1} is not a range/],
      ['[z-a]', /z-a is not a range/],
      ['A\\', /nothing after the last/],
      ['(?=A)', /lookahead, lookbehind/],
      ['(A)\\1', /\\1 is not supported/],
      ['A^B', /\^ is not supported inside/],
      ['A'.repeat(MAX_PATTERN_LENGTH + 1), /longer than/],
      ['('.repeat(20), /nested groups/],
      ['((A{99}){99}){99}', /its repeats are too large/],
    ] as const;
    for (const [pattern, reason] of cases) assert.throws(() => patternMatcher(pattern), reason, pattern);
  });

  it('match the same codes as regular expressions', () => {
    for (let seed = 1; seed <= SEEDS; seed += 1) {
      const random = seededRandom(seed);
      const pick = <T>(from: readonly T[]): T => from[Math.floor(random.float() * from.length)];
      const expression = (depth: number): string => {
        const shape = depth > 3 ? 'leaf' : pick(['leaf', 'leaf', 'pair', 'choice', 'repeat']);
        if (shape === 'pair') return expression(depth + 1) + expression(depth + 1);
        if (shape === 'choice') return `(${expression(depth + 1)}|${expression(depth + 1)})`;
        if (shape === 'repeat') return `(?:${expression(depth + 1)})${pick(['*', '+', '?', '{1,2}', '{2}', '*?'])}`;
        return pick(['A', 'B', '.', '[AB]', '[^A]', '\\w']);
      };
      const pattern = expression(0);
      const [ours, theirs] = [patternMatcher(pattern), new RegExp(`^(?:${pattern})$`)];
      for (let code = 0; code < 20; code += 1) {
        const text = Array.from({ length: Math.floor(random.float() * 6) }, () => pick(['A', 'B', 'C'])).join('');
        assert.equal(ours(text), theirs.test(text), `${pattern} ${text} (seed ${seed})`);
      }
    }
  });

  it('are matched immediately where backtracking regular expressions would take exponential time', () => {
    const code = `${'A'.repeat(127)}!`;
    for (const pattern of ['(A+)+', '(A|A)*', `${'A?'.repeat(60)}${'A'.repeat(60)}`, '.*.*.*.*.*.*B', '(((A*)*)*)*']) {
      assert.equal(patternMatcher(pattern)(code), false, pattern);
    }
  });
});
