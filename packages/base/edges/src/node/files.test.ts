import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { systemFiles } from './files.ts';

test('only regular files are read where nothing else is wanted, and nobody waits for a pipe', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'medkit-files-'));
  try {
    const path = (name: string) => join(folder, name);
    await writeFile(path('text'), 'grüße');
    await symlink(path('text'), path('link'));
    execFileSync('mkfifo', [path('pipe')]);
    const read = (name: string) => systemFiles.readText(path(name), { regularOnly: true });
    assert.equal(await read('text'), 'grüße');
    assert.equal(await read('link'), 'grüße');
    assert.equal(await read('missing'), undefined);
    await assert.rejects(read('pipe'), /pipe is no regular file$/);
    await assert.rejects(read('.'), /is no regular file$/);
    await assert.rejects(systemFiles.readText('/dev/zero', { regularOnly: true }), /\/dev\/zero is no regular file/);
  } finally {
    await rm(folder, { recursive: true });
  }
});
