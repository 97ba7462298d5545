import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { systemFiles, systemWritableFiles } from '@medkit/edges/node';
import { MemoryFiles } from '@medkit/edges/testing';
import { BlobError } from './blob-error.ts';
import { folderBlobs } from './folder-blobs.ts';
import { blobsContract } from './testing/index.ts';

const root = mkdtempSync(join(tmpdir(), 'medkit-blobs-'));
after(() => rmSync(root, { recursive: true }));
const files = { ...systemFiles, ...systemWritableFiles };
let folders = 0;
function folder(): string {
  folders += 1;
  return join(root, `blobs-${folders}`);
}
async function* chunks(text: string) {
  yield Buffer.from(text);
}

blobsContract('a folder of blobs', () => folderBlobs({ folder: folder(), files }));

describe('a folder of blobs on a disk', () => {
  it('is readable by its user alone, and has no URL', async () => {
    const path = folder();
    const blobs = folderBlobs({ folder: path, files });
    await blobs.put('a/b', chunks('x'));
    assert.equal(statSync(join(path, 'a')).mode & 0o077, 0);
    assert.equal(statSync(join(path, 'a', 'b')).mode & 0o077, 0);
    assert.equal(await blobs.presign('get', 'a/b', 60), undefined);
    assert.equal(blobs.place, path);
  });

  it('removes parts of a process that was killed when all keys are listed', async () => {
    const path = folder();
    mkdirSync(join(path, 'a'), { recursive: true });
    writeFileSync(join(path, 'a', 'b.1.part'), 'half');
    const blobs = folderBlobs({ folder: path, files });
    await blobs.put('a/b', chunks('whole'));
    writeFileSync(join(path, 'a', 'c.7.part'), 'half');
    const keys: string[] = [];
    for await (const { key } of blobs.list('')) keys.push(key);
    assert.deepEqual(keys, ['a/b']);
    assert.deepEqual(readdirSync(join(path, 'a')), ['b']);
  });

  it('names the remedy if the disk is full or the folder cannot be used', async () => {
    const failure = async (code: string) => {
      const memory = new MemoryFiles();
      memory.failure = Object.assign(new Error(`${code}: failed`), { code, syscall: 'write' });
      const blobs = folderBlobs({ folder: '/evidence', files: memory });
      const error = await blobs.put('a/b', chunks('x')).then(
        () => assert.fail('stored'),
        (reason: unknown) => reason as BlobError,
      );
      assert.ok(error instanceof BlobError, String(error));
      return `${error.failure}: ${error.message}`;
    };
    assert.match(await failure('ENOSPC'), /^full: Cannot use the folder \/evidence: no space is left: free space/);
    assert.match(await failure('EACCES'), /^access: .*change its owner/);
    assert.match(await failure('EROFS'), /^access: .*read-only/);
    assert.match(await failure('EIO'), /^failed: .*EIO: failed/);
  });
});
