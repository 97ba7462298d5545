import assert from 'node:assert/strict';
import { it } from 'node:test';
import { errorOf } from '@medkit/core/testing';
import { MemoryFiles } from '@medkit/edges/testing';
import { RegisteredUpdates } from './registered-updates.ts';

it('registered updates leave room to others while one client registers as many as it can', async () => {
  const updates = new RegisteredUpdates({ folder: '/updates', files: new MemoryFiles(), log: () => undefined });
  for (let n = 0; n < 128; n++) await updates.add({ id: `map-${n}` }, 'user:greedy');
  const refused = await errorOf(updates.add({ id: 'one-more' }, 'user:greedy'));
  assert.deepEqual([refused.code, refused.parameters], ['rate-limit-exceeded', { limit: 256, held: 128 }]);
  await updates.add({ id: 'other' }, 'user:other');
  assert.deepEqual(updates.quota.figures(), { held: 129, capacity: 256, owners: 2, largest: 128, refused: 1 });
  await updates.remove('map-0');
  await updates.add({ id: 'one-more' }, 'user:greedy');
  for (let n = 0; updates.quota.total < 256; n++) await updates.add({ id: `own-${n}` }, undefined);
  assert.equal((await errorOf(updates.add({ id: 'last' }, 'user:third'))).code, 'x-medkit-storage-full');
});

it('registered updates are counted for their owners after a restart', async () => {
  const files = new MemoryFiles();
  const options = { folder: '/updates', files, log: () => undefined };
  const before = new RegisteredUpdates(options);
  const metadata = { id: 'map', owner: 'hall', metadata: { id: 'other' } };
  await before.add(metadata, 'user:greedy');
  await before.add({ id: 'own' }, undefined);
  // An earlier medkit version stored the metadata alone.
  files.contents.set('/updates/old.json', Buffer.from('{"id":"old","owner":"user:greedy"}'));
  const updates = new RegisteredUpdates(options);
  await updates.load();
  assert.deepEqual(updates.get('map'), metadata);
  assert.deepEqual(
    updates
      .all()
      .map(({ id }) => id)
      .sort(),
    ['map', 'old', 'own'],
  );
  assert.deepEqual(updates.quota.figures(), { held: 3, capacity: 256, owners: 1, largest: 1, refused: 0 });
});
