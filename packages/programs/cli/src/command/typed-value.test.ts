import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CommandFailed } from './failure.ts';
import { typedArguments, typedValue } from './typed-value.ts';

describe('a value on the command line', () => {
  it('is JSON if it is valid JSON, and text otherwise', () => {
    for (const [text, value] of [
      ['5', 5],
      ['9223372036854775807', 9223372036854775807n],
      ['true', true],
      ['[1, 2]', [1, 2]],
      ['"5"', '5'],
      ['map', 'map'],
      ['2026-03-23', '2026-03-23'],
      ['', ''],
    ] as const) {
      assert.deepEqual(typedValue(text), value, text);
    }
  });

  it('is refused if it is incomplete JSON', () => {
    for (const text of ['{"a": 1', '[1, 2', '"open', '{"__proto__": 1}']) {
      assert.throws(() => typedValue(text), CommandFailed, text);
    }
  });
});

describe('arguments on the command line', () => {
  it('are one JSON object, or names with values, also nested', () => {
    assert.equal(typedArguments([]), undefined);
    assert.deepEqual(typedArguments(['{"data": true}']), { data: true });
    assert.deepEqual(typedArguments(['pose.header.frame_id=map', 'pose.pose.position.x=2', 'pose.pose.position.y=1']), {
      pose: { header: { frame_id: 'map' }, pose: { position: { x: 2, y: 1 } } },
    });
    assert.deepEqual(typedArguments(['text=a=b', 'empty=']), { text: 'a=b', empty: '' });
  });

  it('are refused if they contradict each other or are invalid', () => {
    for (const args of [['data'], ['=1'], ['a=1', 'a.b=2'], ['a..b=1'], ['__proto__.x=1'], [`${'a.'.repeat(20)}b=1`]]) {
      assert.throws(() => typedArguments(args), CommandFailed, args.join(' '));
    }
  });
});
