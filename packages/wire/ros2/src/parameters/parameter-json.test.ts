import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '@medkit/edges';
import { InvalidMessage } from '../errors.ts';
import { randomParameterValue } from '../testing/random-parameter-value.ts';
import type { JsonValue } from '../types/message.ts';
import type { ParameterType, ParameterValue } from './parameter.ts';
import { inferParameter, parameterFromJson, parameterToJson } from './parameter-json.ts';

describe('a parameter as JSON', () => {
  it('survives the conversion as the same value of the same type', () => {
    const random = seededRandom(5);
    for (let round = 0; round < 5000; round += 1) {
      const value = randomParameterValue(random);
      assert.deepEqual(parameterFromJson(parameterToJson(value), value.type), value);
    }
  });

  it('is written like a message', () => {
    assert.deepEqual(parameterToJson({ type: 'int_array', value: [5n, 2n ** 62n] }), [5, 2n ** 62n]);
    assert.deepEqual(parameterToJson({ type: 'double_array', value: [5, Number.NaN, -Infinity] }), [
      5,
      '.nan',
      '-.inf',
    ]);
    assert.deepEqual(parameterToJson({ type: 'byte_array', value: Uint8Array.of(0, 255) }), [0, 255]);
    assert.equal(parameterToJson({ type: 'not_set' }), null);
  });

  it('is a double if one is requested, also if it is whole or very large', () => {
    assert.deepEqual(parameterFromJson(5, 'double'), { type: 'double', value: 5 });
    assert.deepEqual(parameterFromJson(2n ** 63n, 'double'), { type: 'double', value: 2 ** 63 });
    assert.deepEqual(parameterFromJson([1, 'Infinity'], 'double_array'), {
      type: 'double_array',
      value: [1, Infinity],
    });
  });

  const refused: readonly (readonly [ParameterType, JsonValue, string])[] = [
    ['bool', 1, 'expected true or false, found 1'],
    ['bool', 'true', 'expected true or false, found "true"'],
    ['int', 5.5, 'expected an integer of 64 bits, found 5.5'],
    ['int', 2n ** 63n, 'expected an integer of 64 bits, found 9223372036854775808'],
    ['int', 1e300, 'expected an integer of 64 bits, found 1e+300'],
    ['double', 'fast', 'expected a number, found "fast"'],
    ['string', null, 'expected a string, found null'],
    ['string', '\ud800', 'expected text without lone surrogates, found "\\ud800"'],
    ['byte_array', [0, 256], '[1]: expected an integer from 0 to 255, found 256'],
    ['int_array', 'x', 'expected a list of integers, found "x"'],
    ['string_array', ['a', ['b']], '[1]: expected a string, found an array'],
    ['not_set', {}, 'expected a value, or a list whose values determine its type, found an object'],
  ];
  for (const [type, json, message] of refused) {
    it(`is no ${type}: ${message}`, () => {
      assert.throws(() => parameterFromJson(json, type), { name: InvalidMessage.name, message });
    });
  }

  it('determines its type itself if none is given', () => {
    const guesses: readonly (readonly [JsonValue, ParameterValue])[] = [
      [true, { type: 'bool', value: true }],
      [5, { type: 'int', value: 5n }],
      [2n ** 60n, { type: 'int', value: 2n ** 60n }],
      [5.5, { type: 'double', value: 5.5 }],
      ['5', { type: 'string', value: '5' }],
      [[1, 2], { type: 'int_array', value: [1n, 2n] }],
      [[1, 2.5], { type: 'double_array', value: [1, 2.5] }],
      [['a'], { type: 'string_array', value: ['a'] }],
    ];
    for (const [json, value] of guesses) assert.deepEqual(inferParameter(json), value);
    for (const json of [null, {}, [], [1, 'a'], [[1]]]) assert.throws(() => inferParameter(json), InvalidMessage);
  });
});
