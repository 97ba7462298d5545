import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pagesFolder } from './pages-folder.ts';

test('the pages of the repository are where they are built, built or not', () => {
  assert.match(pagesFolder(), /^\/.*\/packages\/programs\/web\/dist$/);
});
