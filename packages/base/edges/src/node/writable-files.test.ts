import assert from 'node:assert/strict';
import { lstat, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { systemWritableFiles } from './writable-files.ts';

describe('writing files', () => {
  let folder = '';
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'medkit-files-'));
  });
  after(() => rm(folder, { recursive: true }));

  it('begins a file that nobody else reads, writes behind what is there, and keeps the one before', async () => {
    const path = join(folder, 'new.bin');
    for (const first of [7, 8, 1]) {
      await systemWritableFiles.create(path, Uint8Array.of(first));
      await systemWritableFiles.append(path, Uint8Array.of(2, 3));
    }
    assert.deepEqual([...(await readFile(path))], [1, 2, 3]);
    assert.deepEqual([...(await readFile(`${path}.old`))], [8, 2, 3]);
    assert.equal((await stat(path)).mode & 0o777, 0o600);
  });

  it('writes to what is no file without moving it', async () => {
    const [file, link] = [join(folder, 'target.bin'), join(folder, 'link.bin')];
    await writeFile(file, 'old');
    await symlink(file, link);
    await systemWritableFiles.create(link, Uint8Array.of(1));
    assert.deepEqual([...(await readFile(file))], [1]);
    assert.ok((await lstat(link)).isSymbolicLink());
  });

  it('does not begin a file in the middle', async () => {
    await assert.rejects(systemWritableFiles.append(join(folder, 'gone.bin'), Uint8Array.of(1)), { code: 'ENOENT' });
  });

  it('says what the system says', async () => {
    const file = join(folder, 'file');
    await writeFile(file, '');
    await assert.rejects(systemWritableFiles.create(join(file, 'below'), Uint8Array.of(1)), { code: 'ENOTDIR' });
  });
});
