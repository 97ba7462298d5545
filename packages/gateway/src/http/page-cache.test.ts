import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MAX_OCTETS, matchesEtag, PageCache } from './page-cache.ts';

test('a page is created once per generation, and its entity tag contains boot id and generation', () => {
  let generation = 1;
  let made = 0;
  const cache = new PageCache({ bootId: 'b', generation: () => generation });
  const ask = () => cache.get('/apps') ?? cache.make('/apps', () => `made ${++made}`);
  assert.equal(ask().bytes.toString(), 'made 1');
  assert.equal(ask().etag, '"b-1"');
  assert.equal(made, 1);
  generation = 2;
  assert.deepEqual([ask().bytes.toString(), ask().etag], ['made 2', '"b-2"']);
});

test('a failure is not cached', () => {
  const cache = new PageCache({ bootId: 'b', generation: () => 1 });
  assert.throws(() => cache.make('/apps/x', () => assert.fail()));
  assert.equal(cache.get('/apps/x'), undefined);
});

test('the number of cached pages is bounded', () => {
  const cache = new PageCache({ bootId: 'b', generation: () => 1 });
  for (let id = 0; id < 5000; id++) cache.make(`/apps/${id}`, () => '');
  const count = Array.from({ length: 5000 }, (_, id) => cache.get(`/apps/${id}`)).filter(Boolean).length;
  assert.ok(count > 0 && count <= 4096, String(count));
});

test('the total size of the pages is bounded, and a larger page is cached alone', () => {
  const cache = new PageCache({ bootId: 'b', generation: () => 1 });
  const quarter = 'x'.repeat(MAX_OCTETS / 4);
  const cachedBytes = () =>
    ['1', '2', '3', '4', '5'].reduce((sum, key) => sum + (cache.get(key)?.bytes.length ?? 0), 0);
  for (const key of ['1', '2', '3', '4']) cache.make(key, () => quarter);
  assert.equal(cachedBytes(), MAX_OCTETS);
  cache.make('5', () => quarter);
  assert.equal(cachedBytes(), quarter.length, 'it begins anew');
  cache.make('1', () => 'x'.repeat(MAX_OCTETS + 1));
  assert.equal(cachedBytes(), MAX_OCTETS + 1);
});

test('If-None-Match may be a list, weak, or a star', () => {
  assert.ok(matchesEtag('"a-1"', '"a-1"'));
  assert.ok(matchesEtag('"x", W/"a-1"', '"a-1"'));
  assert.ok(matchesEtag('*', '"a-1"'));
  assert.equal(matchesEtag('"a-12"', '"a-1"'), false);
  assert.equal(matchesEtag(undefined, '"a-1"'), false);
});
