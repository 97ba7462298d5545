import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { BlobError } from '../blob-error.ts';
import type { Blobs, ListedBlob } from '../blobs.ts';

const KEY = 'default/ab/abcdef0123';

async function* chunksOf(...texts: readonly (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text);
}
async function bytesOf(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return Buffer.concat(all);
}
async function allOf(blobs: Blobs, prefix: string): Promise<readonly ListedBlob[]> {
  const all: ListedBlob[] = [];
  for await (const blob of blobs.list(prefix)) all.push(blob);
  return all.sort((a, b) => (a.key < b.key ? -1 : 1));
}
const digestOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** What every store of bytes does. `open` returns a store that is used by this suite alone. */
export function blobsContract(name: string, open: () => Blobs): void {
  describe(name, () => {
    it('returns what was stored, whole and in ranges', async () => {
      const blobs = open();
      const stored = await blobs.put(KEY, chunksOf('hello ', 'world'));
      assert.deepEqual(stored, { bytes: 11, sha256: digestOf(Buffer.from('hello world')) });
      assert.deepEqual(await blobs.head(KEY), { bytes: 11 });
      const read = async (first: number, last: number) => String(await bytesOf(await blobs.get(KEY, { first, last })));
      assert.equal(String(await bytesOf(await blobs.get(KEY))), 'hello world');
      assert.deepEqual([await read(0, 4), await read(6, 10), await read(4, 4)], ['hello', 'world', 'o']);
    });

    it('replaces content as a whole, and stores nothing as nothing', async () => {
      const blobs = open();
      await blobs.put('replaced/key', chunksOf('a long first content'));
      await blobs.put('replaced/key', chunksOf('short'));
      assert.equal(String(await bytesOf(await blobs.get('replaced/key'))), 'short');
      assert.equal((await blobs.put('replaced/key', chunksOf())).bytes, 0);
      assert.deepEqual(await blobs.head('replaced/key'), { bytes: 0 });
    });

    it('stores content of many parts', async () => {
      const blobs = open();
      const piece = Buffer.alloc(1_000_003, 'content that does not repeat at the size of a part. ');
      const pieces = Array.from({ length: 18 }, (_, at) => Buffer.concat([Buffer.of(at), piece]));
      const whole = Buffer.concat(pieces);
      const stored = await blobs.put('large/one', chunksOf(...pieces));
      assert.deepEqual(stored, { bytes: whole.length, sha256: digestOf(whole) });
      assert.equal(digestOf(await bytesOf(await blobs.get('large/one'))), stored.sha256);
      const edge = 8 * 1024 * 1024;
      const part = await bytesOf(await blobs.get('large/one', { first: edge - 5, last: edge + 5 }));
      assert.deepEqual(part, whole.subarray(edge - 5, edge + 6));
      await blobs.remove('large/one');
      assert.equal(await blobs.head('large/one'), undefined);
    });

    it('says that a key has no content, and removes it without an error', async () => {
      const blobs = open();
      assert.equal(await blobs.head('no/content'), undefined);
      await blobs.remove('no/content');
      await assert.rejects(
        async () => bytesOf(await blobs.get('no/content')),
        (error) => error instanceof BlobError && error.failure === 'missing',
      );
    });

    it('leaves a key unchanged if its new content breaks off', async () => {
      const blobs = open();
      await blobs.put('cut/key', chunksOf('before'));
      async function* cut(size: number) {
        yield Buffer.alloc(size);
        throw new Error('the source broke off');
      }
      for (const size of [10, 9_000_000]) {
        await assert.rejects(blobs.put('cut/key', cut(size)), /the source broke off/);
        assert.equal(String(await bytesOf(await blobs.get('cut/key'))), 'before');
      }
      assert.deepEqual(
        (await allOf(blobs, 'cut/')).map(({ key }) => key),
        ['cut/key'],
      );
    });

    it('lists the keys with a prefix', async () => {
      const blobs = open();
      for (const key of ['list/b', 'list/a/c', 'other/d']) await blobs.put(key, chunksOf(key));
      const listed = await allOf(blobs, 'list/');
      assert.deepEqual(
        listed.map(({ key, bytes }) => [key, bytes]),
        [
          ['list/a/c', 8],
          ['list/b', 6],
        ],
      );
      assert.ok(listed.every(({ storedMs }) => storedMs > Date.parse('2020-01-01')));
    });

    it('refuses keys that lead elsewhere', async () => {
      const blobs = open();
      for (const key of ['', '/etc/passwd', '../up', 'a/../b', 'a//b', 'A', 'a b', 'a.part', 'x'.repeat(600)]) {
        await assert.rejects(async () => blobs.put(key, chunksOf('x')), TypeError, key);
        await assert.rejects(async () => blobs.get(key), TypeError, key);
        await assert.rejects(async () => blobs.remove(key), TypeError, key);
      }
    });
  });
}
