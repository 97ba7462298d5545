import assert from 'node:assert/strict';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { SovdError } from '@medkit/contract';
import { seededRandom } from '@medkit/edges';
import { MemoryFiles, SimulatedClock } from '@medkit/edges/testing';
import { BulkDataStore, type BulkDataStoreOptions, MAX_ITEMS_ON_SHELF, type Shelf } from './bulk-data-store.ts';
import type { FilePart } from './upload.ts';

const shelf: Shelf = { kind: 'app', entityId: 'lidar', category: 'maps' };

function opened(options: Partial<BulkDataStoreOptions> = {}) {
  const files = new MemoryFiles();
  const clock = new SimulatedClock();
  const all = {
    folder: '/data',
    files,
    clock,
    random: seededRandom(1),
    maxFileBytes: 10,
    maxTotalBytes: 25,
    ...options,
  };
  return { files, clock, store: new BulkDataStore(all) };
}

function file(text: string, filename?: string, breaksOff = false): FilePart {
  const chunks = (async function* () {
    for (const character of text) yield Buffer.from(character);
    if (breaksOff) throw new Error('the client has gone');
  })();
  return { kind: 'file', name: 'file', filename, mimetype: 'text/plain', chunks };
}

const codeIs = (code: string) => (error: unknown) => error instanceof SovdError && error.code === code;

test('a file is an item once it is stored, and can be read whole and in part', async () => {
  const { files, store } = opened();
  const incoming = await store.takeIn(file('0123456789', 'a.txt'));
  assert.deepEqual(await store.list(shelf), []);
  const item = await store.shelve(shelf, incoming, { description: 'figures' });
  assert.deepEqual(await store.list(shelf), [item]);
  assert.equal(item.size, 10);
  assert.equal(item.sha256, '84d89877f0d4041efb6bf91a16f0248f2fd573e6af05c19f96bedb9f882f7882');
  const read = (range?: { first: number; last: number }) => text(store.open(shelf, item, range));
  assert.equal(await read(), '0123456789');
  assert.equal(await read({ first: 2, last: 4 }), '234');
  await store.remove(shelf, item);
  assert.deepEqual([...files.contents.keys()], []);
});

test('a file that is too large, or breaks off, leaves nothing behind', async () => {
  const { files, store } = opened();
  await assert.rejects(store.takeIn(file('01234567890')), codeIs('payload-too-large'));
  await assert.rejects(store.takeIn(file('0123', 'a', true)), /client has gone/);
  assert.equal(files.contents.size, 0);
});

test('all files together have a limit, below which removing makes room, also after a restart', async () => {
  const { files, store } = opened();
  const add = async (to: BulkDataStore) => to.shelve(shelf, await to.takeIn(file('0123456789')), {});
  const first = await add(store);
  await add(store);
  await assert.rejects(add(store), codeIs('x-medkit-storage-full'));
  const { store: restarted } = opened({ files });
  await assert.rejects(add(restarted), codeIs('x-medkit-storage-full'));
  await restarted.remove(shelf, first);
  await add(restarted);
});

test('uploads in progress count towards the limit of all files', async () => {
  const { store } = opened({ maxTotalBytes: 15 });
  const both = await Promise.allSettled([store.takeIn(file('0123456789')), store.takeIn(file('0123456789'))]);
  assert.ok(both.some(({ status }) => status === 'rejected'));
});

test('an upload counts from its first byte to its last, also while another file is stored', async () => {
  const { store } = opened({ maxTotalBytes: 15 });
  const shelved = Promise.withResolvers<void>();
  const slow: FilePart = {
    ...file(''),
    chunks: (async function* () {
      await shelved.promise;
      yield Buffer.from('0123456789');
    })(),
  };
  const second = store.takeIn(slow);
  await store.shelve(shelf, await store.takeIn(file('0123456789')), {});
  shelved.resolve();
  await assert.rejects(second, codeIs('x-medkit-storage-full'));
});

test('a discarded upload makes room again', async () => {
  const { store } = opened({ maxTotalBytes: 15 });
  await store.throwAway(await store.takeIn(file('0123456789')));
  await store.takeIn(file('0123456789'));
});

test('a folder that could not be read is counted again at the next upload', async () => {
  const { files, store } = opened({ maxTotalBytes: 15 });
  const item = await store.shelve(shelf, await store.takeIn(file('0123456789')), {});
  const { store: restarted } = opened({ files, maxTotalBytes: 15 });
  const list = files.list.bind(files);
  files.list = () => Promise.reject(new Error('EIO'));
  await assert.rejects(restarted.takeIn(file('1')), /EIO/);
  await assert.rejects(restarted.remove(shelf, item), /EIO/);
  files.list = list;
  await assert.rejects(restarted.takeIn(file('0123456789')), codeIs('x-medkit-storage-full'));
});

test('a category of an entity accepts no more files than a list can show', async () => {
  const { files, store } = opened();
  for (let item = 1; item < MAX_ITEMS_ON_SHELF; item += 1)
    files.contents.set(`/data/apps/lidar/maps/m_${item}/a`, Buffer.of());
  await store.refuseCrowd(shelf);
  files.contents.set('/data/apps/lidar/maps/m_0/a', Buffer.of());
  await assert.rejects(store.refuseCrowd(shelf), codeIs('x-medkit-storage-full'));
  await store.refuseCrowd({ ...shelf, category: 'logs' });
});

test('a full disk is reported to the client, any other failure to the log', async () => {
  const { files, store } = opened();
  files.failure = Object.assign(new Error('no space left'), { code: 'ENOSPC' });
  await assert.rejects(store.takeIn(file('1')), codeIs('x-medkit-storage-full'));
  files.failure = new Error('EIO');
  await assert.rejects(store.takeIn(file('1')), /EIO/);
});

test('a start removes the partial uploads of a killed gateway, and only these', async () => {
  const { files, store } = opened();
  const item = await store.shelve(shelf, await store.takeIn(file('1')), {});
  await store.takeIn(file('2'));
  await store.clean();
  assert.deepEqual(await store.list(shelf), [item]);
  assert.equal([...files.contents.keys()].filter((path) => path.includes('.incoming')).length, 0);
});

test('an item with a damaged descriptor is skipped', async () => {
  const { files, store } = opened();
  const item = await store.shelve(shelf, await store.takeIn(file('1')), {});
  files.contents.set(`/data/apps/lidar/maps/${item.id}/descriptor.json`, Buffer.from('{"id"'));
  assert.deepEqual(await store.list(shelf), []);
  assert.equal(await store.find(shelf, item.id), undefined);
});

test('files of one owner leave room to those of other owners, also after a restart', async () => {
  const { files, store } = opened({ maxTotalBytes: 20 });
  const shelve = async (from: BulkDataStore, text: string, owner: string) =>
    from.shelve(shelf, await from.takeIn(file(text), owner), {});
  const stored = await shelve(store, '0123456789', 'user:greedy');
  await assert.rejects(store.takeIn(file('0'), 'user:greedy'), codeIs('x-medkit-storage-full'));
  await shelve(store, '01234', 'user:other');
  assert.deepEqual(store.quota.figures(), { held: 15, capacity: 20, owners: 2, largest: 10, refused: 1 });
  const { store: later } = opened({ maxTotalBytes: 20, files });
  await assert.rejects(later.takeIn(file('0'), 'user:greedy'), codeIs('x-medkit-storage-full'));
  await later.remove(shelf, stored);
  await shelve(later, '01234', 'user:greedy');
  assert.deepEqual([later.quota.heldBy('user:greedy'), later.quota.heldBy('user:other')], [5, 5]);
});
