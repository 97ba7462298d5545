import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DEFAULT_QOS } from './defaults.ts';
import { incompatiblePolicies } from './matching.ts';
import { matchesPattern, partitionsMatch } from './partitions.ts';
import type { IncompatiblePolicy, QosPolicies } from './policies.ts';

const MANUAL = { kind: 'manual-by-topic', leaseMs: 1000 } as const;
const AUTOMATIC = { kind: 'automatic', leaseMs: 1000 } as const;

describe('QoS matching', () => {
  it('matches the defaults', () => {
    assert.deepEqual(incompatiblePolicies(DEFAULT_QOS.writer, DEFAULT_QOS.reader), []);
  });

  // Offered by the writer, requested by the reader, expected incompatible policies.
  const cases: readonly [Partial<QosPolicies>, Partial<QosPolicies>, readonly IncompatiblePolicy[]][] = [
    [{ reliability: 'best-effort' }, { reliability: 'reliable' }, ['reliability']],
    [{ reliability: 'reliable' }, { reliability: 'best-effort' }, []],
    [{ durability: 'volatile' }, { durability: 'transient-local' }, ['durability']],
    [{ durability: 'persistent' }, { durability: 'transient-local' }, []],
    [{ deadlineMs: 200 }, { deadlineMs: 100 }, ['deadline']],
    [{}, { deadlineMs: 100 }, ['deadline']],
    [{ deadlineMs: 100 }, {}, []],
    [{ liveliness: AUTOMATIC }, { liveliness: MANUAL }, ['liveliness']],
    [{ liveliness: MANUAL }, { liveliness: AUTOMATIC }, []],
    [{}, { liveliness: AUTOMATIC }, ['liveliness']],
    [{ ownership: 'exclusive' }, {}, ['ownership']],
    [{ partitions: ['a'] }, { partitions: ['b'] }, ['partition']],
    [{ dataRepresentation: ['xcdr2'] }, {}, ['data-representation']],
    [{ dataRepresentation: ['xcdr2', 'xcdr1'] }, { dataRepresentation: ['xcdr1'] }, ['data-representation']],
    [{ dataRepresentation: ['xcdr2'] }, { dataRepresentation: ['xcdr1', 'xcdr2'] }, []],
    [{ dataRepresentation: [] }, { dataRepresentation: [] }, []],
    [{ reliability: 'best-effort', ownership: 'exclusive' }, { reliability: 'reliable' }, ['reliability', 'ownership']],
    [{ history: { kind: 'keep-all' }, lifespanMs: 1 }, { history: { kind: 'keep-last', depth: 5 } }, []],
  ];
  for (const [offered, requested, expected] of cases) {
    it(`${JSON.stringify(offered)} for ${JSON.stringify(requested)}: ${expected.join() || 'match'}`, () => {
      const found = incompatiblePolicies(
        { ...DEFAULT_QOS.writer, ...offered },
        { ...DEFAULT_QOS.reader, ...requested },
      );
      assert.deepEqual(found, expected);
    });
  }
});

describe('partitions', () => {
  it('match by name, by pattern on one side, and not by patterns on both', () => {
    assert.equal(partitionsMatch([], []), true);
    assert.equal(partitionsMatch([], ['']), true);
    assert.equal(partitionsMatch([], ['a']), false);
    assert.equal(partitionsMatch(['x', 'robot/1'], ['robot/*']), true);
    assert.equal(partitionsMatch(['robot/?'], ['robot/12']), false);
    assert.equal(partitionsMatch(['a*'], ['*a']), false);
    assert.equal(partitionsMatch(['a*'], ['a*']), true);
    assert.equal(partitionsMatch([], ['*']), true);
  });

  const patterns: readonly [string, string, boolean][] = [
    ['a[bc]d', 'acd', true],
    ['a[!bc]d', 'acd', false],
    ['a[0-9]*', 'a7xyz', true],
    ['a[0-9]', 'ab', false],
    ['*a*b*c', 'xxaxxbxxc', true],
    ['*a*b*c', 'xxaxxcxxb', false],
    ['[]]', ']', true],
    ['[', '[', false],
    ['', '', true],
    ['**', '', true],
  ];
  for (const [pattern, name, expected] of patterns) {
    it(`"${pattern}" ${expected ? 'matches' : 'does not match'} "${name}"`, () => {
      assert.equal(matchesPattern(pattern, name), expected);
    });
  }

  it('take little time for a hostile pattern', () => {
    const pattern = `${'*a'.repeat(2000)}b`;
    // A backtracking implementation would not terminate.
    assert.equal(matchesPattern(pattern, 'a'.repeat(4000)), false);
  });
});
