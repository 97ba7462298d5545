import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
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

  it('replaces what was there, writes behind it, and lets nobody else read it', async () => {
    const path = join(folder, 'new.bin');
    await systemWritableFiles.create(path, Uint8Array.of(9, 9, 9));
    await systemWritableFiles.create(path, Uint8Array.of(1, 2));
    await systemWritableFiles.append(path, Uint8Array.of(3));
    assert.deepEqual([...(await readFile(path))], [1, 2, 3]);
    assert.equal((await stat(path)).mode & 0o777, 0o600);
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
