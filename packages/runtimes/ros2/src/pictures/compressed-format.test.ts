import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { compressedFormat } from './compressed-format.ts';

const padded = (...bytes: readonly number[]) => Uint8Array.from({ length: 40 }, (_, at) => bytes[at] ?? 0);
const letters = (text: string) => Array.from(text, (letter) => letter.charCodeAt(0));
const PNG = [0x89, ...letters('PNG\r\n\x1a\n'), 0, 0, 0, 13, ...letters('IHDR')];
const WEBP = [...letters('RIFF'), 0, 0, 0, 0, ...letters('WEBP')];

describe('the format of a compressed image', () => {
  it('is JPEG with the size of its first frame', () => {
    const frame = [0xff, 0xc2, 0, 11, 8, 0x01, 0xe0, 0x02, 0x80];
    const jpeg = padded(0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 2, 0xff, 0xff, 0xc4, 0, 3, 9, ...frame);
    assert.deepEqual(compressedFormat(jpeg), { encoding: 'jpeg', width: 640, height: 480 });
  });

  it('is PNG or WebP', () => {
    const png = padded(...PNG, 0, 0, 2, 0x80, 0, 0, 1, 0xe0);
    assert.deepEqual(compressedFormat(png), { encoding: 'png', width: 640, height: 480 });
    const lossy = padded(...WEBP, ...letters('VP8 '), 0, 0, 0, 0, 0, 0, 0, 0x9d, 0x01, 0x2a, 0x80, 0x42, 0xe0, 0x01);
    assert.deepEqual(compressedFormat(lossy), { encoding: 'webp', width: 640, height: 480 });
    const bits = 639 | (479 << 14);
    const lossless = padded(
      ...WEBP,
      ...letters('VP8L'),
      0,
      0,
      0,
      0,
      0x2f,
      ...[0, 8, 16, 24].map((by) => (bits >> by) & 0xff),
    );
    assert.deepEqual(compressedFormat(lossless), { encoding: 'webp', width: 640, height: 480 });
    const extended = padded(...WEBP, ...letters('VP8X'), 0, 0, 0, 0, 0, 0, 0, 0, 0x7f, 2, 0, 0xdf, 1, 0);
    assert.deepEqual(compressedFormat(extended), { encoding: 'webp', width: 640, height: 480 });
  });

  it('is unknown for other content, and for headers without a size', () => {
    const svg = new TextEncoder().encode('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>');
    const unknown = [
      svg,
      new TextEncoder().encode('GIF89a'.padEnd(60)),
      new Uint8Array(),
      padded(...PNG),
      padded(...WEBP, ...letters('VP8?')),
      padded(0xff, 0xd8, 0xff, 0xe0, 0, 1),
      padded(0xff, 0xd8, 0xff, 0xe0, 0xff, 0xff),
      Uint8Array.from({ length: 1000 }, (_, at) => (at === 1 ? 0xd8 : 0xff)),
    ];
    for (const data of unknown) assert.equal(compressedFormat(data), undefined);
  });
});
