import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { PlcRefused } from '../plc-error.ts';
import { writtenVariant } from './written-variant.ts';

const refusedAs = (status: string) => (error: unknown) => error instanceof PlcRefused && error.status === status;

describe('A written value', () => {
  test('has the type of its variable', () => {
    assert.deepEqual(writtenVariant('UInt16', 65_535, 'x'), { dataType: 5, arrayType: 0, value: 65_535 });
    assert.deepEqual(writtenVariant('Int64', -1n, 'x').value, [0xffff_ffff, 0xffff_ffff]);
    assert.deepEqual(writtenVariant('UInt64', 2n ** 63n, 'x').value, [0x8000_0000, 0]);
    assert.deepEqual(writtenVariant('Int64', 5, 'x').value, [0, 5]);
    assert.equal(writtenVariant('Double', 5n, 'x').value, 5);
    assert.equal(writtenVariant('Boolean', true, 'x').dataType, 1);
    assert.deepEqual(
      writtenVariant('DateTime', '2026-01-31T12:00:00Z', 'x').value,
      new Date(Date.UTC(2026, 0, 31, 12)),
    );
  });

  test('is refused if its type cannot hold it', () => {
    for (const [type, value] of [
      ['SByte', 128],
      ['Byte', -1],
      ['Int16', 32_768],
      ['UInt32', 2 ** 32],
      ['Int64', 2n ** 63n],
      ['UInt64', -1n],
      ['Float', 1e39],
    ] as const) {
      assert.throws(() => writtenVariant(type, value, 'x'), refusedAs('BadOutOfRange'), `${type} ${value}`);
    }
  });

  test('is refused if it is of another kind, and the refusal names the accepted one', () => {
    for (const [type, value] of [
      ['Int32', 1.5],
      ['Int32', Number.NaN],
      ['Int32', '5'],
      ['Boolean', 1],
      ['Double', true],
      ['String', 5],
      ['DateTime', 'yesterday'],
      ['ByteString', 'x'],
      [undefined, 5],
    ] as const) {
      assert.throws(
        () => writtenVariant(type, value, 'ns=2;s=Speed'),
        refusedAs('BadTypeMismatch'),
        `${type} ${value}`,
      );
    }
    assert.throws(
      () => writtenVariant('Int32', 'fast', 'ns=2;s=Speed'),
      /ns=2;s=Speed takes whole numbers \(Int32\), not string fast/,
    );
  });
});
