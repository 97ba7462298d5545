import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, suite, test } from 'node:test';
import { systemStoredFiles as files } from './stored-files.ts';

async function* chunks(...texts: readonly string[]): AsyncIterable<Uint8Array> {
  for (const text of texts) yield Buffer.from(text);
}

suite('stored files on the machine', () => {
  let folder = '';
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'medkit-stored-files-'));
  });
  after(() => rm(folder, { recursive: true }));

  test('a file is written in chunks, for its owner alone, and read whole and in part', async () => {
    const path = join(folder, 'deep', 'er', 'file');
    await files.write(path, chunks('0123', '456', '789'));
    assert.equal(await text(files.read(path)), '0123456789');
    assert.equal(await text(files.read(path, { first: 3, last: 5 })), '345');
    assert.equal((await stat(path)).mode & 0o777, 0o600);
    assert.equal((await stat(join(folder, 'deep'))).mode & 0o777, 0o700);
  });

  test('a file that is there is not written over', async () => {
    const path = join(folder, 'there');
    await writeFile(path, 'old');
    await assert.rejects(files.write(path, chunks('new')), { code: 'EEXIST' });
    assert.equal(await text(files.read(path)), 'old');
  });

  test('a folder is moved with what is in it, and removed with it', async () => {
    await files.write(join(folder, 'from', 'a'), chunks('a'));
    await files.move(join(folder, 'from'), join(folder, 'to', 'here'));
    assert.equal(await text(files.read(join(folder, 'to', 'here', 'a'))), 'a');
    await files.remove(join(folder, 'to'));
    await files.remove(join(folder, 'to'));
    assert.equal((await readdir(folder)).includes('to'), false);
  });

  test('what breaks off while it is written is the caller’s to remove', async () => {
    const path = join(folder, 'torn');
    const torn = (async function* () {
      yield Buffer.from('half');
      throw new Error('gone');
    })();
    await assert.rejects(files.write(path, torn), /gone/);
    assert.equal(await text(files.read(path)), 'half');
  });

  test('a file is as large as it is, a folder is one, and what is not there is nothing', async () => {
    const path = join(folder, 'looked', 'at');
    await files.write(path, chunks('0123'));
    const { mtimeMs } = await stat(path);
    assert.deepEqual(await files.stat(path), { isFolder: false, octets: 4, modifiedMs: mtimeMs });
    assert.equal((await files.stat(join(folder, 'looked')))?.isFolder, true);
    assert.equal(await files.stat(join(path, 'below')), undefined);
    assert.equal(await files.stat(join(folder, 'nothing')), undefined);
  });

  test('a file that is not there cannot be read', async () => {
    await assert.rejects(text(files.read(join(folder, 'nothing'))), { code: 'ENOENT' });
  });
});
