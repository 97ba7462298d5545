import assert from 'node:assert/strict';
import { test } from 'node:test';
import { valueLines } from './value-lines.ts';

test('a message is shown in the style of YAML, integers with all their digits', () => {
  const message = {
    header: { stamp: { sec: 1, nanosec: 2n ** 62n }, frame_id: 'odom' },
    ranges: [1, 2.5, null],
    name: '',
    empty: {},
    poses: [{ x: 1, y: { z: 2 } }, { x: 3 }],
  };
  assert.deepEqual(valueLines(message), [
    'header:',
    '  stamp:',
    '    sec: 1',
    '    nanosec: 4611686018427387904',
    '  frame_id: odom',
    'ranges: [1, 2.5, null]',
    "name: ''",
    'empty: {}',
    'poses:',
    '  - x: 1',
    '    y:',
    '      z: 2',
    '  - x: 3',
  ]);
  assert.deepEqual(valueLines(5), ['5']);
});

test('long lists, long texts and deep values are cut', () => {
  assert.match(valueLines({ data: new Array(1000).fill(0) })[0], /, … 984 more\]$/);
  assert.equal(valueLines(Array.from({ length: 20 }, (_, a) => ({ a }))).at(-1), '# … 4 more');
  assert.ok(valueLines({ text: 'x'.repeat(1e6) })[0].length < 2100);
  const deep = Array.from({ length: 200 }).reduce<unknown>((inner) => ({ inner }), 1);
  assert.ok(valueLines(deep).length < 40);
});

test('control characters of a terminal are removed', () => {
  assert.deepEqual(valueLines({ 'a\u001b[2J': 'b\nc' }), ['a [2J: b c']);
});
