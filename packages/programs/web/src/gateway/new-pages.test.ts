import assert from 'node:assert/strict';
import { it } from 'node:test';
import { mayReload } from './new-pages.ts';

it('reloads a page once a minute at most', () => {
  assert.equal(mayReload(null, 1_000_000), true);
  assert.equal(mayReload('1000000', 1_030_000), false);
  assert.equal(mayReload('1000000', 1_060_000), true);
  assert.equal(mayReload('2000000', 1_000_000), true, 'the clock was set back');
  assert.equal(mayReload('nonsense', 1_000_000), true);
});
