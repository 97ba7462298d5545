import assert from 'node:assert/strict';
import { crc32, inflateSync } from 'node:zlib';

/** Decodes a PNG of the gateway: 8-bit gray or RGB, with the filter that the encoder uses. Checks all checksums. */
export function decodePng(png: Uint8Array) {
  const file = Buffer.from(png);
  assert.equal(file.subarray(0, 8).toString('latin1'), '\x89PNG\r\n\x1a\n');
  const chunks = new Map<string, Buffer>();
  for (let at = 8; at < file.length; ) {
    const length = file.readUInt32BE(at);
    assert.equal(file.readUInt32BE(at + 8 + length), crc32(file.subarray(at + 4, at + 8 + length)));
    chunks.set(file.toString('latin1', at + 4, at + 8), file.subarray(at + 8, at + 8 + length));
    at += length + 12;
  }
  assert.deepEqual([...chunks.keys()], ['IHDR', 'IDAT', 'IEND']);
  const head = chunks.get('IHDR')!;
  const [width, height, channels] = [head.readUInt32BE(0), head.readUInt32BE(4), head[9] === 2 ? 3 : 1];
  const rows = inflateSync(chunks.get('IDAT')!);
  const stride = width * channels + 1;
  assert.equal(rows.length, stride * height);
  const bytes = Array.from({ length: height }, (_, row) => {
    const line = rows.subarray(row * stride, (row + 1) * stride);
    assert.equal(line[0], 1);
    for (let at = 1 + channels; at < stride; at += 1) line[at] = line[at]! + line[at - channels]!;
    return [...line.subarray(1)];
  });
  return { width, height, channels, bytes: bytes.flat() };
}
