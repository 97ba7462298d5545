import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pagesFolder } from './pages-folder.ts';

test('in the repository the folder of the pages is packages/programs/web/dist', () => {
  assert.match(pagesFolder(), /^\/.*\/packages\/programs\/web\/dist$/);
});
