import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SovdError } from '@medkit/contract';
import { type ImageFields, imageCdr } from '../testing/image-cdr.ts';
import { readImage } from './image-message.ts';
import { SUPPORTED_ENCODINGS } from './pixel-formats.ts';
import { scaleImage } from './scale-image.ts';

const scaled = (fields: ImageFields, maxWidth = 640, maxHeight = 640) =>
  scaleImage(readImage(imageCdr(fields)), maxWidth, maxHeight);
const bytesOf = (fields: ImageFields) => [...scaled(fields).bytes];
const refused = (pattern: RegExp) => (error: unknown) =>
  error instanceof SovdError && error.code === 'precondition-not-fulfilled' && pattern.test(error.message);

/** An image of one row. */
const row = (encoding: string, width: number, data: ArrayBufferView, isBigEndian = false): ImageFields => ({
  width,
  height: 1,
  encoding,
  data: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
  isBigEndian,
});
const bytes = (...values: number[]) => Uint8Array.from(values);

describe('an image as a picture', () => {
  it('is red, green and blue whatever the order of the encoding', () => {
    const cases: readonly (readonly [string, Uint8Array])[] = [
      ['rgb8', bytes(1, 2, 3, 4, 5, 6)],
      ['bgr8', bytes(3, 2, 1, 6, 5, 4)],
      ['8UC3', bytes(3, 2, 1, 6, 5, 4)],
      ['rgba8', bytes(1, 2, 3, 99, 4, 5, 6, 99)],
      ['bgra8', bytes(3, 2, 1, 99, 6, 5, 4, 99)],
      ['8UC4', bytes(3, 2, 1, 99, 6, 5, 4, 99)],
    ];
    for (const [encoding, data] of cases) {
      const picture = scaled(row(encoding, 2, data));
      assert.deepEqual([picture.channels, [...picture.bytes]], [3, [1, 2, 3, 4, 5, 6]], encoding);
    }
  });

  it('is gray for gray images and Bayer mosaics', () => {
    for (const encoding of ['mono8', '8UC1', 'bayer_rggb8', 'bayer_bggr8', 'bayer_gbrg8', 'bayer_grbg8']) {
      const picture = scaled(row(encoding, 3, bytes(0, 128, 255)));
      assert.deepEqual([picture.channels, [...picture.bytes]], [1, [0, 128, 255]], encoding);
    }
    for (const encoding of ['mono16', 'bayer_rggb16', 'bayer_bggr16', 'bayer_gbrg16', 'bayer_grbg16']) {
      assert.deepEqual(bytesOf(row(encoding, 2, bytes(1, 2, 3, 255))), [2, 255], encoding);
      assert.deepEqual(bytesOf(row(encoding, 2, bytes(1, 2, 3, 255), true)), [1, 3], encoding);
    }
  });

  it('shows distances from near to far, and black where there is no measurement', () => {
    const depth16 = row('16UC1', 4, Uint16Array.of(0, 1000, 3000, 2000));
    assert.deepEqual(bytesOf(depth16), [0, 32, 255, 143]);
    const big = row('16UC1', 2, bytes(0x03, 0xe8, 0x0b, 0xb8), true);
    assert.deepEqual(bytesOf(big), [32, 255]);
    const { NaN: none, POSITIVE_INFINITY: far } = Number;
    const depth32 = row('32FC1', 6, Float32Array.of(none, 0.5, far, -1, 1.5, 0));
    assert.deepEqual(bytesOf(depth32), [0, 32, 0, 0, 255, 0]);
    assert.deepEqual(bytesOf(row('32FC1', 2, Float32Array.of(2, 2))), [32, 32], 'a flat wall');
    assert.deepEqual(bytesOf(row('32FC1', 2, Float32Array.of(none, none))), [0, 0], 'nothing measured');
  });

  it('converts YUV to red, green and blue', () => {
    const expected = [50, 50, 50, 200, 200, 200];
    for (const encoding of ['yuv422', 'uyvy'])
      assert.deepEqual(bytesOf(row(encoding, 2, bytes(128, 50, 128, 200))), expected);
    for (const encoding of ['yuv422_yuy2', 'yuyv'])
      assert.deepEqual(bytesOf(row(encoding, 2, bytes(50, 128, 200, 128))), expected);
    assert.deepEqual(bytesOf(row('uyvy', 1, bytes(128, 100, 255, 0))), [255, 9, 100], 'an odd width, clamped');
  });

  it('has tests of every encoding', () => {
    for (const encoding of SUPPORTED_ENCODINGS) {
      const picture = scaled({ width: 4, height: 4, encoding, data: new Uint8Array(64), step: 16 });
      assert.equal(picture.bytes.length, 16 * picture.channels, encoding);
    }
  });

  it('reads rows by their step', () => {
    const data = bytes(1, 2, 99, 99, 3, 4, 99, 99);
    assert.deepEqual(bytesOf({ width: 2, height: 2, encoding: 'mono8', step: 4, data }), [1, 2, 3, 4]);
  });

  it('is reduced in both directions and never enlarged', () => {
    const image = { width: 8, height: 4, encoding: 'mono8', data: Uint8Array.from({ length: 32 }, (_, at) => at) };
    const { width, height, bytes: reduced } = scaled(image, 4);
    assert.deepEqual([width, height, [...reduced]], [4, 2, [9, 11, 13, 15, 25, 27, 29, 31]]);
    assert.deepEqual([scaled(image, 640).width, scaled(image, 640).height], [8, 4]);
    const tall = { width: 1, height: 2000, encoding: 'mono8', data: new Uint8Array(2000) };
    assert.deepEqual([scaled(tall).width, scaled(tall).height], [1, 640]);
  });
});

describe('an invalid image', () => {
  const image = { width: 4, height: 2, encoding: 'rgb8', data: new Uint8Array(24) };

  it('is refused with the problem', () => {
    assert.throws(() => scaled({ ...image, width: 0 }), refused(/no pixels: its size is 0 x 2/));
    assert.throws(() => scaled({ ...image, height: 0 }), refused(/no pixels/));
    assert.throws(() => scaled({ ...image, step: 11 }), refused(/has 12 bytes, but its step is 11/));
    assert.throws(() => scaled({ ...image, step: 13 }), refused(/2 rows of 13 bytes do not fit in its 24 bytes/));
    assert.throws(() => scaled({ ...image, step: 0xffffffff, height: 0x7fff }), refused(/do not fit/));
    assert.throws(() => scaled({ ...image, width: 0xffffffff, height: 0xffffffff }), refused(/too large/));
    assert.throws(
      () => scaled({ width: 3, height: 1, encoding: 'uyvy', data: bytes(1, 2, 3, 4, 5, 6) }),
      refused(/8 bytes/),
    );
  });

  it('is refused for its encoding, with those that are supported', () => {
    assert.throws(() => scaled({ ...image, encoding: 'nv12' }), refused(/encoding "nv12".*rgb8, bgr8/));
    assert.throws(() => scaled({ ...image, encoding: 'constructor' }), refused(/"constructor"/));
    assert.throws(() => scaled({ ...image, encoding: 'x'.repeat(500) }), refused(/^.{0,500}$/));
  });

  it('is refused if the message is cut off, or claims more data than it has', () => {
    const cdr = imageCdr(image);
    for (let length = 0; length < cdr.length; length += 1)
      assert.throws(() => readImage(cdr.subarray(0, length)), refused(/not a valid sensor_msgs\/msg\/Image/));
  });
});
