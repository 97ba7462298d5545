import assert from 'node:assert/strict';
import { mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { systemFileStates } from './file-states.ts';

test('the state of a file is that of what a link leads to', async (context) => {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'medkit-states-')));
  context.after(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'robot.yaml'), 'apps: []');
  await symlink('robot.yaml', join(folder, 'link.yaml'));
  const state = await systemFileStates.stateOf(join(folder, 'link.yaml'));
  assert.deepEqual([state?.path, state?.isFile, state?.bytes], [join(folder, 'robot.yaml'), true, 8]);
  assert.equal((await systemFileStates.stateOf(folder))?.isFile, false);
  assert.equal(await systemFileStates.stateOf(join(folder, 'nothing')), undefined);
  assert.equal(await systemFileStates.stateOf(join(folder, 'robot.yaml', 'below')), undefined);
});
