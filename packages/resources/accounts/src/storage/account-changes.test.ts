import assert from 'node:assert/strict';
import { it } from 'node:test';
import { TooMany } from '../refusals.ts';
import { accountChanges } from './account-changes.ts';

it('pending account changes leave room for other principals while one requests as many as it can', async () => {
  const changes = accountChanges({ read: async () => [], write: async () => undefined as never }, () => undefined);
  const disk = Promise.withResolvers<void>();
  const flood = Array.from({ length: 501 }, () => changes.runExclusive(() => disk.promise, 'user:greedy'));
  await assert.rejects(flood.at(-1)!, TooMany);
  const other = changes.runExclusive(async () => 'done', 'user:other');
  assert.deepEqual(changes.quota.figures(), { held: 501, capacity: 1000, owners: 2, largest: 500, refused: 1 });
  disk.resolve();
  assert.equal(await other, 'done');
  await Promise.all(flood.slice(0, -1));
  assert.equal(changes.quota.total, 0);
});
