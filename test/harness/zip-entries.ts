import assert from 'node:assert/strict';
import { crc32 } from 'node:zlib';

const [CENTRAL, LOCAL_HEADER_BYTES] = [0x02014b50, 30];

/** Reads the files of a zip archive by name (APPNOTE.TXT 4.3). Fails if one is compressed or has a wrong checksum. */
export function zipEntries(archive: Buffer): ReadonlyMap<string, Buffer> {
  const end = archive.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  assert.ok(end >= 0, 'an end of central directory');
  const entries = new Map<string, Buffer>();
  let at = archive.readUInt32LE(end + 16);
  for (let remaining = archive.readUInt16LE(end + 10); remaining > 0; remaining -= 1) {
    assert.equal(archive.readUInt32LE(at), CENTRAL);
    const [method, sum, size] = [
      archive.readUInt16LE(at + 10),
      archive.readUInt32LE(at + 16),
      archive.readUInt32LE(at + 20),
    ];
    const [nameBytes, extraBytes, commentBytes] = [28, 30, 32].map((offset) => archive.readUInt16LE(at + offset));
    const place = archive.readUInt32LE(at + 42);
    const name = archive.toString('utf8', at + 46, at + 46 + nameBytes!);
    assert.equal(method, 0, `${name} is stored`);
    const begin = place + LOCAL_HEADER_BYTES + archive.readUInt16LE(place + 26) + archive.readUInt16LE(place + 28);
    const octets = archive.subarray(begin, begin + size);
    assert.equal(crc32(octets), sum, `${name} is whole`);
    entries.set(name, octets);
    at += 46 + nameBytes! + extraBytes! + commentBytes!;
  }
  return entries;
}
