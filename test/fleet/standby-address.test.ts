import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { systemClock as clock } from '@medkit/edges/node';
import { postgresStore, watchLocks } from '@medkit/store/postgres';
import { startPostgres } from '../harness/postgres.ts';
import { missingSystemPackages } from '../harness/system-packages.ts';

suite('the address of the hub that serves', { skip: missingSystemPackages('postgres'), timeout: 60_000 }, () => {
  test('is that of the session that has the lock, and not that of an earlier one', async () => {
    await using stack = new AsyncDisposableStack();
    const { url } = stack.use(await startPostgres());
    const watch = watchLocks({ url }, ['medkit', 'medkit_gateway']);
    stack.defer(() => watch.close());
    const open = (address?: string) =>
      postgresStore({ url, clock, warn: () => undefined, schema: 'medkit_gateway', lock: { owner: 'hub', address } });
    assert.equal(await watch.holder(), undefined);

    const silent = await open();
    const holder = await watch.holder();
    assert.equal(holder?.owner, 'hub');
    assert.equal(holder?.address, undefined);
    await silent.close();

    for (const address of ['10.0.0.5:8081', '10.0.0.6:8081']) {
      const store = await open(address);
      assert.equal((await watch.holder())?.address, address);
      await store.close();
    }
    const last = await open();
    assert.equal((await watch.holder())?.address, undefined);
    await last.close();
  });
});
