import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { MAX_TEXT } from '../bounds.ts';
import { scalarOf } from './scalars.ts';

describe('A value of a server', () => {
  test('is a scalar of the built-in types', () => {
    for (const [dataType, value, scalar] of [
      [1, true, true],
      [3, 200, 200],
      [6, -5, -5],
      [11, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
      [12, 'AUTO', 'AUTO'],
      [13, new Date(Date.UTC(2026, 0, 31, 12)), '2026-01-31T12:00:00.000Z'],
      [19, { name: 'BadNodeIdUnknown' }, 'BadNodeIdUnknown'],
      [21, { text: 'Too hot', locale: 'en' }, 'Too hot'],
    ] as const) {
      assert.equal(scalarOf({ dataType, arrayType: 0, value }), scalar, `type ${dataType}`);
    }
    assert.ok(Number.isNaN(scalarOf({ dataType: 11, value: Number.NaN })));
  });

  test('is a bigint if a number cannot hold it, and a number otherwise', () => {
    assert.equal(scalarOf({ dataType: 8, value: [0xffff_ffff, 0xffff_fffb] }), -5);
    assert.equal(scalarOf({ dataType: 9, value: [0xffff_ffff, 0xffff_fffb] }), 2n ** 64n - 5n);
    assert.equal(scalarOf({ dataType: 8, value: [0x8000_0000, 0] }), -(2n ** 63n));
    assert.equal(scalarOf({ dataType: 9, value: [0, 7] }), 7);
  });

  test('has the shortest decimal form of a Float, as the PLC shows it', () => {
    for (const decimal of [31.8, 0.1, -2.95, 1e-7, 16777216, 3.4028235e38, 123.456]) {
      assert.equal(scalarOf({ dataType: 10, value: Math.fround(decimal) }), decimal);
    }
  });

  test('is none if it is an array, a structure, a ByteString, or null', () => {
    assert.equal(scalarOf({ dataType: 11, arrayType: 1, value: new Float64Array(3) }), undefined);
    assert.equal(scalarOf({ dataType: 22, value: {} }), undefined);
    assert.equal(scalarOf({ dataType: 15, value: Buffer.from([1]) }), undefined);
    assert.equal(scalarOf({ dataType: 0 }), undefined);
    assert.equal(scalarOf({ dataType: 12, value: null }), undefined);
    assert.equal(scalarOf({ dataType: 13, value: new Date(Number.NaN) }), undefined);
  });

  test('[edge] is cut if it is a very long text', () => {
    assert.equal(scalarOf({ dataType: 12, value: 'x'.repeat(1_000_000) }), 'x'.repeat(MAX_TEXT));
  });
});
