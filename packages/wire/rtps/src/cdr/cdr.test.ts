import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '@medkit/edges';
import { CdrReader } from './cdr-reader.ts';
import { CdrWriter } from './cdr-writer.ts';
import { MalformedCdr } from './encapsulation.ts';

function writeAll(writer: CdrWriter): Uint8Array {
  writer.bool(true);
  writer.uint16(0xbeef);
  writer.int8(-3);
  writer.uint64(0x0123_4567_89ab_cdefn);
  writer.string('grüße');
  writer.int32(-70_000);
  writer.float64(-0.1);
  writer.wstring('añ😀');
  writer.int16(-2);
  writer.float32(Number.NaN);
  writer.int64(-(2n ** 63n));
  return writer.finish();
}

describe('CDR', () => {
  it('writes XCDR1 as the specification lays it out', () => {
    const writer = new CdrWriter();
    writer.uint8(7);
    writer.uint32(1);
    writer.string('ab');
    writer.uint64(2n);
    assert.deepEqual(
      [...writer.finish()],
      [
        ...[0, 1, 0, 0], // CDR_LE, options
        ...[7, 0, 0, 0], // uint8, 3 padding
        ...[1, 0, 0, 0], // uint32
        ...[3, 0, 0, 0, 0x61, 0x62, 0], // string: length with NUL
        ...[0], // to 16, counted after the header
        ...[2, 0, 0, 0, 0, 0, 0, 0],
      ],
    );
  });

  it('reads plain XCDR2, where nothing is aligned to more than 4', () => {
    const reader = new CdrReader(Uint8Array.of(0, 7, 0, 0, 9, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0));
    assert.equal(reader.uint8(), 9);
    assert.equal(reader.uint64(), 2n);
    assert.equal(reader.remaining, 0);
  });

  for (const littleEndian of [true, false]) {
    it(`reads back every primitive it writes, ${littleEndian ? 'little' : 'big'} endian`, () => {
      const reader = new CdrReader(writeAll(new CdrWriter({ littleEndian, initialBytes: 4 })));
      assert.equal(reader.littleEndian, littleEndian);
      assert.equal(reader.bool(), true);
      assert.equal(reader.uint16(), 0xbeef);
      assert.equal(reader.int8(), -3);
      assert.equal(reader.uint64(), 0x0123_4567_89ab_cdefn);
      assert.equal(reader.string(), 'grüße');
      assert.equal(reader.int32(), -70_000);
      assert.equal(reader.float64(), -0.1);
      assert.equal(reader.wstring(), 'añ😀');
      assert.equal(reader.int16(), -2);
      assert.ok(Number.isNaN(reader.float32()));
      assert.equal(reader.int64(), -(2n ** 63n));
      assert.equal(reader.remaining, 0);
    });

    it(`reads blocks of numbers at any address, ${littleEndian ? 'little' : 'big'} endian`, () => {
      const writer = new CdrWriter({ littleEndian });
      writer.uint8(1);
      writer.array(Float64Array.of(1.5, -2.25));
      writer.array(Uint16Array.of(1, 0xfffe));
      writer.array(BigInt64Array.of(-5n));
      writer.array(Int32Array.of());
      writer.octets(Uint8Array.of(1, 2, 3));
      const bytes = writer.finish();
      for (const shift of [0, 1, 4]) {
        const moved = new Uint8Array(bytes.length + shift).subarray(shift);
        moved.set(bytes);
        const reader = new CdrReader(moved);
        reader.uint8();
        assert.deepEqual(reader.float64Array(2), Float64Array.of(1.5, -2.25));
        assert.deepEqual(reader.uint16Array(2), Uint16Array.of(1, 0xfffe));
        assert.deepEqual(reader.int64Array(1), BigInt64Array.of(-5n));
        assert.deepEqual(reader.int32Array(0), new Int32Array(0));
        assert.deepEqual([...reader.octets(3)], [1, 2, 3]);
      }
    });
  }

  it('takes strings with and without the closing NUL, and keeps a byte order mark', () => {
    assert.equal(new CdrReader(Uint8Array.of(0, 1, 0, 0, 2, 0, 0, 0, 0x68, 0x69)).string(), 'hi');
    assert.equal(new CdrReader(Uint8Array.of(0, 1, 0, 0, 3, 0, 0, 0, 0x68, 0x69, 0)).string(), 'hi');
    assert.equal(new CdrReader(Uint8Array.of(0, 1, 0, 0, 0, 0, 0, 0)).string(), '');
    const long = new CdrWriter();
    const text = `\ufeff${'long '.repeat(20)}`;
    long.string(text);
    assert.equal(new CdrReader(long.finish()).string(), text);
  });

  it('does not count the padding that the header announces', () => {
    assert.equal(new CdrReader(Uint8Array.of(0, 1, 0, 3, 9, 0, 0, 0)).remaining, 1);
  });

  it('refuses lengths that point outside', () => {
    const hostile = Uint8Array.of(0, 1, 0, 0, 0xff, 0xff, 0xff, 0xff, 1, 2);
    assert.throws(() => new CdrReader(hostile).string(), MalformedCdr);
    assert.throws(() => new CdrReader(hostile).wstring(), MalformedCdr);
    assert.throws(() => new CdrReader(hostile).sequenceLength(1), MalformedCdr);
    assert.throws(() => new CdrReader(hostile).float64Array(1e9), MalformedCdr);
    assert.throws(() => new CdrReader(hostile).octets(-1), MalformedCdr);
    assert.throws(() => new CdrReader(hostile).octets(Number.NaN), MalformedCdr);
    assert.throws(() => new CdrReader(Uint8Array.of(0, 1)), MalformedCdr);
    assert.throws(() => new CdrReader(Uint8Array.of(0, 9, 0, 0)), MalformedCdr);
  });

  it('survives any octets: each read gives a value or MalformedCdr', () => {
    const random = seededRandom(11);
    for (let round = 0; round < 2000; round += 1) {
      const bytes = random.bytes(4 + Math.floor(random.float() * 40));
      bytes[0] = 0;
      bytes[1] &= 7;
      try {
        const reader = new CdrReader(bytes);
        while (reader.remaining > 0) {
          if (bytes[4] & 1) reader.string();
          else reader.wstring();
          reader.bool();
        }
      } catch (error) {
        assert.ok(error instanceof MalformedCdr);
      }
    }
  });
});
