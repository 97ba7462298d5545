import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { systemClock } from '@medkit/edges/node';
import { FLEET_TABLES } from '@medkit/fleet';
import { openStore, type Store } from '@medkit/store';
import { importFiles } from '@medkit/store/import';
import { postgresStore } from '@medkit/store/postgres';
import { startPostgres } from '../harness/postgres.ts';
import { missingSystemPackages } from '../harness/system-packages.ts';

test('an import into PostgreSQL copies the waiting changes, and records no change by itself', {
  skip: missingSystemPackages('postgres'),
}, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'medkit-nats-import-'));
  await using stack = new AsyncDisposableStack();
  stack.defer(() => rmSync(folder, { recursive: true }));
  const server = stack.use(await startPostgres());
  const common = { migrations: FLEET_TABLES, clock: systemClock, warn: () => undefined };
  const path = join(folder, 'fleet.db');
  const presence = (store: Store, reason: string) =>
    store.write([
      { sql: 'INSERT INTO fleet_presence (robot, at_ms, online, reason) VALUES (1, 5, 1, ?)', parameters: [reason] },
    ]);
  const rows = (store: Store) => store.read('SELECT id, body FROM fleet_changes ORDER BY id');
  const files = await openStore({ path, ...common });
  await presence(files, 'earlier');
  await files.write([{ sql: "INSERT INTO fleet_publisher (id, token, hub) VALUES (1, 't', 'hub')" }]);
  for (const reason of ['one', 'two']) await presence(files, reason);
  await files.write([{ sql: 'DELETE FROM fleet_changes WHERE id = 1' }]);
  await files.close();

  const schema = 'medkit';
  const onTable = (): void => undefined;
  await importFiles({
    ...{ address: { url: server.url }, files: [{ path, schema, migrations: FLEET_TABLES }], onTable },
    ...{ clock: systemClock, warn: () => undefined },
  });
  const database = await postgresStore({ url: server.url, schema, ...common });
  stack.defer(() => database.close());
  assert.deepEqual(await rows(database), [{ id: 2, body: '{"reason":"two"}' }]);
  assert.deepEqual(await database.read('SELECT count(*) AS n FROM fleet_presence'), [{ n: 3 }]);
  await presence(database, 'three');
  assert.deepEqual(
    (await rows(database)).map(({ id, body }) => [id, JSON.parse(String(body)).reason]),
    [
      [2, 'two'],
      [3, 'three'],
    ],
  );
});
