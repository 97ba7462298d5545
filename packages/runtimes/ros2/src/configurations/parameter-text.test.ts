import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { ParameterValue } from '@medkit/ros2';
import { parameterText } from './parameter-text.ts';

it('a value is the JSON that a reply contains', () => {
  const values: readonly (readonly [ParameterValue, string | undefined])[] = [
    [{ type: 'not_set' }, undefined],
    [{ type: 'bool', value: false }, 'false'],
    [{ type: 'int', value: 2n ** 62n }, '4611686018427387904'],
    [{ type: 'double', value: Number.NaN }, '".nan"'],
    [{ type: 'string', value: 'a "b"' }, '"a \\"b\\""'],
    [{ type: 'byte_array', value: new Uint8Array([1, 2]) }, '[1,2]'],
    [{ type: 'string_array', value: ['a', 'b'] }, '["a","b"]'],
  ];
  for (const [value, text] of values) assert.equal(parameterText(value), text);
});

it('a long value is cut to its beginning', () => {
  const long: readonly ParameterValue[] = [
    { type: 'string', value: 'x'.repeat(1_000_000) },
    { type: 'double_array', value: new Array(1_000_000).fill(0.5) },
    { type: 'byte_array', value: new Uint8Array(1_000_000) },
    { type: 'string_array', value: ['x'.repeat(1_000_000)] },
    { type: 'string_array', value: ['"'.repeat(1_000_000), 'y'] },
  ];
  for (const value of long) {
    const text = parameterText(value) ?? '';
    assert.deepEqual([text.length, text.at(-1)], [240, '…'], value.type);
  }
});
