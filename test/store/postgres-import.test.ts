import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { systemClock } from '@medkit/edges/node';
import { type Migrations, openStore, StoreUnavailable } from '@medkit/store';
import { type ImportedTable, importFiles } from '@medkit/store/import';
import { postgresStore } from '@medkit/store/postgres';
import { auditRecord } from '../../packages/base/store/src/testing/sample-data.ts';
import { type Postgres, startPostgres } from '../harness/postgres.ts';
import { missingSystemPackages } from '../harness/system-packages.ts';

const THINGS: Migrations = {
  things: [
    [
      'CREATE TABLE things (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT, size REAL, bytes BLOB, big INTEGER)',
      'CREATE TABLE pairs (a TEXT NOT NULL, b INTEGER, PRIMARY KEY (a, b)) WITHOUT ROWID',
    ],
  ],
};
const ROWS = 450;

describe('the import of files into PostgreSQL', { skip: missingSystemPackages('postgres') }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'medkit-import-'));
  const path = join(folder, 'things.db');
  const shared = { clock: systemClock, warn: () => undefined, migrations: THINGS, audit: { maxRecords: 20 } };
  let server: Postgres;
  before(async () => {
    server = await startPostgres();
    const store = await openStore({ path, ...shared });
    const add = { sql: 'INSERT INTO things (name, size, bytes, big) VALUES (?, ?, ?, ?)' };
    await store.write([
      ...Array.from({ length: ROWS }, (_, at) => ({
        ...add,
        parameters: [at % 2 === 0 ? null : `name ${at}`, at / 4, new Uint8Array([at % 256]), 2n ** 62n + BigInt(at)],
      })),
      { ...add, parameters: ["it's \0", null, null, null] },
      { sql: 'DELETE FROM things WHERE id = (SELECT max(id) FROM things)' },
      { sql: 'INSERT INTO pairs (a, b) VALUES (?, 1)', parameters: ["it's"] },
    ]);
    for (let count = 0; count < 40; count += 1)
      await store.write([], { audit: [auditRecord({ faultCode: `F${count}` })] });
    await store.close();
  });
  after(async () => {
    await server?.[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true });
  });
  const run = (schema: string, onTable: (table: ImportedTable) => void = () => undefined) =>
    importFiles({ address: { url: server.url }, files: [{ path, schema, ...shared }], ...shared, onTable });

  it('copies all values, continues the numbers, and retains the chain of an audit log with removed records', async () => {
    const tables: ImportedTable[] = [];
    await run('whole', (table) => tables.push(table));
    assert.equal(tables.find(({ name }) => name === 'things')?.rows, ROWS);
    const store = await postgresStore({ url: server.url, schema: 'whole', ...shared });
    const [row] = await store.read('SELECT name, size, bytes, big FROM things WHERE id = 4');
    assert.deepEqual(row, { name: 'name 3', size: 0.75, bytes: new Uint8Array([3]), big: 2n ** 62n + 3n });
    const { results } = await store.write([{ sql: "INSERT INTO things (name) VALUES ('next') RETURNING id" }]);
    assert.deepEqual(results[0]?.rows, [{ id: ROWS + 2 }]);
    const { auditSeqs } = await store.write([], { audit: [auditRecord({ faultCode: 'NEXT' })] });
    assert.deepEqual(auditSeqs, [41]);
    assert.equal((await store.verifyAudit()).intact, true);
    await store.close();
  });

  it('leaves all tables empty if one of them has rows', async () => {
    const store = await postgresStore({ url: server.url, schema: 'taken', ...shared });
    await store.write([{ sql: "INSERT INTO things (name) VALUES ('mine')" }]);
    await assert.rejects(run('taken'), (error: Error) => {
      assert.ok(error instanceof StoreUnavailable);
      assert.match(error.message, /taken\.things has 1 rows already: import into an empty database/);
      return true;
    });
    assert.deepEqual(await store.read('SELECT count(*) AS n FROM pairs'), [{ n: 0 }]);
    assert.deepEqual(await store.read('SELECT count(*) AS n FROM audit_log'), [{ n: 0 }]);
    await store.close();
  });
});
