import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { systemClock } from '@medkit/edges/node';
import { openStore, StoreUnavailable } from '@medkit/store';
import { temporaryFolder } from '../../packages/base/store/src/testing/temporary-folder.ts';
import { eventually } from '../harness/eventually.ts';

const migrations = { rows: [['CREATE TABLE rows (id INTEGER PRIMARY KEY)']] };
const row = (id: number) => ({ sql: 'INSERT INTO rows (id) VALUES (?)', parameters: [id] });

/** A store in a removable folder, with a hundred rows. */
async function openedStore(folder: string) {
  const data = join(folder, 'data');
  const path = join(data, 'a.db');
  const warnings: string[] = [];
  const open = () => openStore({ path, clock: systemClock, warn: (line) => warnings.push(line), migrations });
  const store = await open();
  for (let id = 0; id < 100; id += 1) await store.write([row(id)]);
  const rewritten = () =>
    eventually('the store is written anew', async () => store.facts().rewrites === 1 && store.facts().running);
  return { data, store, warnings, rewritten, open, [Symbol.asyncDispose]: () => store.close() };
}

describe('a store whose folder is removed', () => {
  it('is rewritten within seconds, also without further writes', { timeout: 240_000 }, async () => {
    using folder = temporaryFolder();
    await using opened = await openedStore(folder.path);
    rmSync(opened.data, { recursive: true });
    await opened.rewritten();
    assert.deepEqual(await opened.store.read('SELECT count(*) AS n FROM rows'), [{ n: 100 }]);
    assert.match(opened.warnings.join(), /were removed while they were in use: the store recreates them/);
  });

  it('loses no write that it acknowledges meanwhile, and continues', { timeout: 240_000 }, async () => {
    using folder = temporaryFolder();
    await using opened = await openedStore(folder.path);
    rmSync(opened.data, { recursive: true });
    const acknowledged: number[] = [];
    for (let id = 1000; opened.store.facts().rewrites === 0 || acknowledged.length < 10; id += 1) {
      await opened.store.write([row(id)]).then(
        () => acknowledged.push(id),
        (error) => assert.ok(error instanceof StoreUnavailable, String(error)),
      );
      await setImmediate();
    }
    await opened.rewritten();
    await opened.store.close();
    const again = await opened.open();
    const stored = new Set((await again.read('SELECT id FROM rows')).map(({ id }) => Number(id)));
    await again.close();
    assert.deepEqual(
      acknowledged.filter((id) => !stored.has(id)),
      [],
    );
    assert.ok(stored.has(99));
  });

  it('acknowledges nothing while it cannot be rewritten', { timeout: 240_000 }, async () => {
    using folder = temporaryFolder();
    await using opened = await openedStore(folder.path);
    rmSync(opened.data, { recursive: true });
    writeFileSync(opened.data, 'in the way');
    await assert.rejects(opened.store.write([row(1000)]), { name: StoreUnavailable.name, message: /were removed/ });
    rmSync(opened.data);
    await opened.rewritten();
    await opened.store.write([row(2000)]);
  });
});
