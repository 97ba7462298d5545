import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { systemFiles } from './files.ts';

test('only regular files are read if nothing else is allowed, and a read never blocks on a pipe', async () => {
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
    await assert.rejects(read('pipe'), /pipe is not a regular file$/);
    await assert.rejects(read('.'), /is not a regular file$/);
    await assert.rejects(systemFiles.readText('/dev/zero', { regularOnly: true }), /\/dev\/zero is not a regular file/);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('reading a link returns its target; reading a file as a link returns nothing', async () => {
  assert.equal(await systemFiles.readLink('/proc/self/exe'), process.execPath);
  assert.equal(await systemFiles.readLink('/proc/self/stat'), undefined);
  assert.equal(await systemFiles.readLink('/proc/0/exe'), undefined);
});

test('the state of a link is that of its target', async (context) => {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'medkit-states-')));
  context.after(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'robot.yaml'), 'apps: []');
  await symlink('robot.yaml', join(folder, 'link.yaml'));
  const state = await systemFiles.stateOf(join(folder, 'link.yaml'));
  assert.deepEqual([state?.path, state?.isFile, state?.bytes], [join(folder, 'robot.yaml'), true, 8]);
  assert.equal((await systemFiles.stateOf(folder))?.isFile, false);
  assert.equal(await systemFiles.stateOf(join(folder, 'nothing')), undefined);
  assert.equal(await systemFiles.stateOf(join(folder, 'robot.yaml', 'below')), undefined);
});
