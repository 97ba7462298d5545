import assert from 'node:assert/strict';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { systemClock } from '@medkit/edges/node';
import { openStore, type Store, StoreFull, type StoreOptions } from '@medkit/store';
import { temporaryFolder } from '../../packages/base/store/src/testing/temporary-folder.ts';
import { eventually } from '../harness/eventually.ts';

const migrations = { rows: [['CREATE TABLE rows (id INTEGER PRIMARY KEY, text TEXT)']] };
const row = (text = '') => ({ sql: 'INSERT INTO rows (text) VALUES (?)', parameters: [text] });

/** Opens two stores, each in a separate folder. */
async function opened(folder: string, ofFirst: Partial<StoreOptions> = {}) {
  const warnings: string[] = [];
  const open = async (name: string, options: Partial<StoreOptions> = {}): Promise<Store> => {
    await mkdir(join(folder, name), { recursive: true });
    const path = join(folder, name, 'kept.db');
    return openStore({ path, clock: systemClock, warn: (line) => warnings.push(line), migrations, ...options });
  };
  const first = await open('first', ofFirst);
  const second = await open('second');
  return {
    warnings,
    first,
    second,
    [Symbol.asyncDispose]: async () => void (await Promise.all([first.close(), second.close()])),
  };
}

/** Writes to a store continuously until it is stopped; the stop returns how many were acknowledged. */
function writing(store: Store): () => Promise<number> {
  let isOn = true;
  const acknowledged = (async () => {
    let count = 0;
    for (; isOn; count += 1) await store.write([row()]);
    return count;
  })();
  return () => {
    isOn = false;
    return acknowledged;
  };
}

const count = async (store: Store) => Number((await store.read('SELECT count(*) AS n FROM rows'))[0].n);

/** Returns the writer threads of this process. The system shows the first 15 letters of a name. */
const writers = () =>
  readdirSync('/proc/self/task').filter((task) =>
    readFileSync(`/proc/self/task/${task}/comm`, 'utf8').startsWith('medkit-store-wr'),
  );

describe('the stores of a process', () => {
  it('are written by one thread', async () => {
    using folder = temporaryFolder();
    await using stores = await opened(folder.path);
    await Promise.all([stores.first.write([row()]), stores.second.write([row()])]);
    assert.equal(writers().length, 1);
    await stores[Symbol.asyncDispose]();
    await eventually('its end with the last of them', async () => writers().length === 0);
  });

  it('continue when the disk has no room for one of them', async () => {
    using folder = temporaryFolder();
    await using stores = await opened(folder.path, { maxBytes: 200_000 });
    const stop = writing(stores.second);
    const full = (async () => {
      for (;;) await stores.first.write([row('x'.repeat(10_000))]);
    })();
    await assert.rejects(full, StoreFull);
    const written = await count(stores.second);
    await eventually('more writes to the other', async () => (await count(stores.second)) > written + 10);
    assert.equal(await stop(), await count(stores.second));
    assert.equal(stores.first.facts().running, true);
  });

  it('continue when the folder of one of them is removed, and that one loses nothing', async () => {
    using folder = temporaryFolder();
    await using stores = await opened(folder.path);
    await stores.first.write([row('kept')]);
    const stop = writing(stores.second);
    rmSync(join(folder.path, 'first'), { recursive: true });
    await eventually('the folder is there again', async () => stores.first.facts().rewrites === 1);
    await eventually('the store is open again', async () => stores.first.facts().running);
    assert.equal(await count(stores.first), 1);
    assert.equal(await stop(), await count(stores.second));
    assert.deepEqual([stores.second.facts().ends, stores.second.facts().rewrites], [0, 0]);
  });

  it('are opened, and continue, when the file of one of them is damaged', async () => {
    using folder = temporaryFolder();
    const before = await opened(folder.path);
    await before.first.write(Array.from({ length: 100 }, () => row('x'.repeat(1000))));
    await before[Symbol.asyncDispose]();
    const path = join(folder.path, 'first', 'kept.db');
    writeFileSync(path, readFileSync(path).fill(0xff, 4096));
    await using stores = await opened(folder.path);
    await Promise.all([stores.first.write([row()]), stores.second.write([row()])]);
    assert.notEqual(stores.first.facts().setAside, undefined);
    assert.equal(stores.second.facts().setAside, undefined);
    assert.deepEqual([await count(stores.first), await count(stores.second)], [1, 1]);
    assert.equal(stores.warnings.length, 1);
  });
});
