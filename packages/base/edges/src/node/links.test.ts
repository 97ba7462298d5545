import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemLinks } from './links.ts';

test('a link says where it leads; a file says nothing', async () => {
  assert.equal(await systemLinks.readLink('/proc/self/exe'), process.execPath);
  assert.equal(await systemLinks.readLink('/proc/self/stat'), undefined);
  assert.equal(await systemLinks.readLink('/proc/0/exe'), undefined);
});
