import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { OptionReader, parseYamlBoolean } from './option-reader.ts';

describe('options that are read leniently', () => {
  it('accept numbers, booleans, enumerated words and lists, also written as texts', () => {
    const reader = new OptionReader(
      { rate: '2.5', count: '7', on: 'TRUE', mode: 'off', names: 'a', more: ['b', ''], rates: { '/scan': '10' } },
      'the pump',
    );
    assert.equal(reader.number('rate', { value: 1, above: 0 }), 2.5);
    assert.equal(reader.integer('count', { value: 1, min: 1, max: 9 }), 7);
    assert.equal(reader.flag('on', false), true);
    assert.deepEqual(['Yes', 'n', 'off', 'maybe'].map(parseYamlBoolean), [true, false, false, undefined]);
    assert.equal(reader.word('mode', ['on', 'off'], 'on'), 'off');
    assert.deepEqual([reader.list('names'), reader.list('more'), reader.list('none')], [['a'], ['b'], []]);
    assert.deepEqual([...reader.numbers('rates', { min: 0 })], [['/scan', 10]]);
    assert.equal(reader.number('absent', { value: undefined, min: 0 }), undefined);
    reader.end();
    assert.deepEqual(reader.warnings, []);
  });

  it('that are invalid are reported by their path, with the value used instead', () => {
    const reader = new OptionReader(
      { rate: 0, deep: { count: 1.5, mode: 'loud', list: { a: 1 } }, none: 3 },
      'the pump',
    );
    assert.equal(reader.number('rate', { value: undefined, above: 0 }), undefined);
    const deep = reader.section('deep');
    assert.equal(deep.integer('count', { value: 2, min: 1, max: 9 }), 2);
    assert.equal(deep.word('mode', ['on', 'off'], 'on'), 'on');
    assert.deepEqual(deep.list('list'), []);
    assert.deepEqual(reader.section('none').keys, []);
    assert.deepEqual(reader.warnings, [
      'rate must be a number above 0; it is ignored',
      'deep.count must be a whole number; 2 is used',
      'deep.mode must be on or off; on is used',
      'deep.list must be a list of texts; it is ignored',
      'none must be a section',
    ]);
  });

  it("of a section may have a shorthand for one of the section's options", () => {
    const reader = new OptionReader({ orphan: 'off' }, 'the pump');
    assert.equal(reader.section('orphan', (mode) => ({ mode })).word('mode', ['on', 'off'], 'on'), 'off');
  });

  it('that are unknown are named up to a bound, and no inherited property is an option', () => {
    const many = Object.fromEntries(Array.from({ length: 12 }, (_, at) => [`x${at}`, 1]));
    const reader = new OptionReader(many, 'the pump');
    assert.equal(reader.raw('constructor'), undefined);
    reader.end();
    assert.deepEqual(reader.warnings, [
      'the pump has no option x0, x1, x2, x3, x4, x5, x6, x7, x8, x9, nor 2 more; available: constructor',
    ]);
  });
});
