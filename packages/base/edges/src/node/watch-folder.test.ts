import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { watchSystemFolder } from './watch-folder.ts';

const folder = mkdtempSync(join(tmpdir(), 'medkit-watch-'));
after(() => rmSync(folder, { recursive: true, force: true }));

test('a written file and a relinked link are reported until the watch is closed', async () => {
  const changes = new EventTarget();
  let notices = 0;
  const watch = watchSystemFolder(folder, () => {
    notices++;
    changes.dispatchEvent(new Event('change'));
  });
  const change = once(changes, 'change');
  writeFileSync(join(folder, 'a'), 'a');
  await change;
  symlinkSync('a', join(folder, 'next'));
  await once(changes, 'change');
  const renamed = once(changes, 'change');
  renameSync(join(folder, 'next'), join(folder, 'current'));
  await renamed;
  watch?.close();
  const before = notices;
  writeFileSync(join(folder, 'b'), 'b');
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(notices, before);
});

test('a missing folder is not watched, and does not throw', () => {
  assert.equal(
    watchSystemFolder(join(folder, 'nowhere'), () => undefined),
    undefined,
  );
});
