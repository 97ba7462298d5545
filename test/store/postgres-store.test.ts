import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { systemClock } from '@medkit/edges/node';
import {
  addColumn,
  ConstraintViolated,
  type Migrations,
  type Statement,
  type Store,
  StoreBusy,
  StoreReadOnly,
  StoreTooNew,
  StoreUnavailable,
} from '@medkit/store';
import { type PostgresAddress, type PostgresOptions, postgresStore } from '@medkit/store/postgres';
import { auditRecord, NOTES, note } from '../../packages/base/store/src/testing/sample-data.ts';
import { eventually } from '../harness/eventually.ts';
import { type Postgres, startPostgres } from '../harness/postgres.ts';
import { missingSystemPackages } from '../harness/system-packages.ts';

const skip = missingSystemPackages('postgres');

describe('a store on PostgreSQL', { skip }, () => {
  let server: Postgres;
  let opened = 0;
  before(async () => {
    server = await startPostgres();
  });
  after(() => server?.[Symbol.asyncDispose]());

  const newSchema = (): string => `test_${++opened}`;
  interface Options extends PostgresOptions {
    readonly url?: string;
    readonly warn?: (message: string) => void;
  }
  const open = (schema: string, options: Options = {}): Promise<Store> =>
    postgresStore({ url: server.url, schema, clock: systemClock, warn: () => undefined, ...options });
  const closing = (store: Store): AsyncDisposable => ({ [Symbol.asyncDispose]: () => store.close() });
  const tables = (schema: string) =>
    server.psql(`SELECT string_agg(table_name, ' ' ORDER BY table_name) FROM information_schema.tables
                 WHERE table_schema = '${schema}' AND table_name NOT LIKE 'event%' AND table_name <> 'schema_migrations'`);

  it('states the remedy if the server cannot be used', async () => {
    const cases: readonly (readonly [PostgresAddress, RegExp])[] = [
      [{ url: 'postgres://medkit@127.0.0.1:1/medkit' }, /ECONNREFUSED.*start PostgreSQL/],
      [{ url: 'postgres://medkit@%2Fnowhere/medkit' }, /start PostgreSQL/],
      [
        { url: server.address({ password: 'wrong' }) },
        /password authentication failed.*correct the user and the password/,
      ],
      [{ url: server.address({ user: 'nobody' }) }, /correct the user and the password/],
      [{ url: server.address({ database: 'absent' }) }, /database "absent" does not exist.*createdb/],
      [{ url: 'mysql://medkit@db/medkit' }, /is not a URL such as postgres:/],
      [{ urlFile: '/nowhere/url' }, /\/nowhere\/url.*cannot be read/],
    ];
    for (const [address, message] of cases) {
      await assert.rejects(postgresStore({ ...address, clock: systemClock, warn: () => undefined }), (error: Error) => {
        assert.ok(error instanceof StoreUnavailable, `${error.name}: ${error.message}`);
        assert.match(error.message, message);
        assert.doesNotMatch(error.message, /wrong|horse/);
        return true;
      });
    }
  });

  it('reads its URL from a file, and names the database without its password', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'medkit-url-'));
    const urlFile = join(folder, 'url');
    writeFileSync(urlFile, `${server.url}\n`);
    const store = await postgresStore({ urlFile, schema: newSchema(), clock: systemClock, warn: () => undefined });
    await using _closing = closing(store);
    rmSync(folder, { recursive: true });
    assert.match(store.facts().path, /^postgres:\/\/medkit@/);
    assert.doesNotMatch(store.facts().path, /horse/);
    assert.ok((await store.usage()).databaseBytes > 0);
  });

  it('reports that a user may not change the database', async () => {
    const schema = newSchema();
    await (await open(schema)).close();
    server.psql("CREATE ROLE guest LOGIN PASSWORD 'guest'");
    server.psql(`GRANT USAGE ON SCHEMA ${schema} TO guest`);
    const failed = open(schema, { url: server.address({ user: 'guest', password: 'guest' }) });
    await assert.rejects(failed, (error: Error) => {
      assert.ok(error instanceof StoreReadOnly, error.message);
      assert.match(error.message, /as a user who owns the database/);
      return true;
    });
  });

  it('migrates once if two processes start together', async () => {
    const schema = newSchema();
    const stores = await Promise.all(
      [1, 2, 3].map(() => open(schema, { migrations: NOTES, audit: { maxRecords: 0 } })),
    );
    await Promise.all(stores.map((store, index) => store.write([note(String(index))])));
    assert.deepEqual(await stores[0].read("SELECT count(*) AS n FROM schema_migrations WHERE owner = 'notes'"), [
      { n: 1 },
    ]);
    assert.deepEqual(await stores[1].read('SELECT count(*) AS n FROM notes'), [{ n: 3 }]);
    await Promise.all(stores.map((store) => store.close()));
  });

  it('changes nothing if a migration fails, and lets older programs run beside newer ones that only add', async () => {
    const schema = newSchema();
    const old: Migrations = { parts: [['CREATE TABLE parts (id INTEGER PRIMARY KEY, name TEXT NOT NULL)']] };
    const newer: Migrations = {
      parts: [
        ...old.parts,
        [addColumn('parts', 'place', "TEXT NOT NULL DEFAULT ''"), 'CREATE TABLE more (id INTEGER)'],
      ],
    };
    const broken: Migrations = { parts: [...newer.parts, ['CREATE TABLE broken (id INTEGER)', 'CREATE NONSENSE']] };
    const first = await open(schema, { migrations: old });
    await using _first = closing(first);
    await assert.rejects(open(schema, { migrations: broken }), /NONSENSE/);
    assert.equal(tables(schema), 'parts');
    const second = await open(schema, { migrations: newer });
    await using _second = closing(second);
    const add = { sql: 'INSERT INTO parts (name) VALUES (?)', parameters: ['by the old one'] };
    await first.write([add]);
    const third = await open(schema, { migrations: old });
    await using _third = closing(third);
    await third.write([add]);
    assert.deepEqual(await second.read('SELECT DISTINCT place FROM parts'), [{ place: '' }]);
    const changed: Migrations = { parts: [...newer.parts, ['ALTER TABLE parts RENAME COLUMN name TO title']] };
    await (await open(schema, { migrations: changed })).close();
    await assert.rejects(open(schema, { migrations: old }), StoreTooNew);
  });

  it('chains the audit records and numbers the events of two processes', async () => {
    const schema = newSchema();
    const options = { migrations: NOTES, audit: { maxRecords: 0 } };
    const stores = await Promise.all([open(schema, options), open(schema, options)]);
    const event = { timeNs: 1n, type: 'e', payload: '{}' };
    const writes = Array.from({ length: 40 }, (_, index) =>
      stores[index % 2].write([note(`n${index}`)], { audit: [auditRecord()], events: [event] }),
    );
    const results = await Promise.all(writes);
    const numbers = Array.from({ length: 40 }, (_, index) => index + 1);
    const sorted = (all: readonly number[]) => [...all].sort((one, other) => one - other);
    assert.deepEqual(sorted(results.flatMap(({ auditSeqs }) => auditSeqs)), numbers);
    assert.deepEqual(sorted(results.flatMap(({ eventIds }) => eventIds)), numbers);
    assert.deepEqual(await stores[1].verifyAudit(), { intact: true, checked: 40 });
    await Promise.all(stores.map((store) => store.close()));
    for (const change of ["UPDATE ?.audit_log SET status = ''", 'DELETE FROM ?.audit_log', 'TRUNCATE ?.audit_log']) {
      assert.throws(() => server.psql(change.replace('?', schema)), /audit_log is append-only/);
    }
  });

  it('repeats a write that the server undid because of another one', async () => {
    const schema = newSchema();
    const stores = await Promise.all([open(schema, { migrations: NOTES }), open(schema, { migrations: NOTES })]);
    await stores[0].write([note('a', 0), note('b', 0)]);
    const add = (name: string) => ({ sql: 'UPDATE notes SET value = value + 1 WHERE name = ?', parameters: [name] });
    // Each locks the row that the other one needs next.
    const rounds = Array.from({ length: 20 }, () => [
      stores[0].write([add('a'), add('b')]),
      stores[1].write([add('b'), add('a')]),
    ]);
    await Promise.all(rounds.flat());
    assert.deepEqual(await stores[0].read('SELECT value FROM notes ORDER BY id'), [{ value: 40 }, { value: 40 }]);
    await Promise.all(stores.map((store) => store.close()));
  });

  it('connects again after a restart of the server, with all acknowledged writes', async () => {
    const warnings: string[] = [];
    const store = await open(newSchema(), { migrations: NOTES, warn: (message) => warnings.push(message) });
    await using _closing = closing(store);
    let acknowledged = 0;
    const failures: unknown[] = [];
    const writes = Array.from({ length: 3000 }, (_, index) =>
      store.write([note(String(index))]).then(
        () => (acknowledged += 1),
        (error) => failures.push(error),
      ),
    );
    await writes[20];
    await server.restart();
    await Promise.all(writes);
    assert.ok(failures.length > 0 && failures.every((error) => error instanceof StoreUnavailable), String(failures[0]));
    const [{ n }] = await eventually('a read after the restart', () => store.read('SELECT count(*) AS n FROM notes'));
    assert.ok(Number(n) >= acknowledged, `${n} of ${acknowledged}`);
    assert.equal(store.facts().running, true);
    assert.ok(store.facts().ends >= 1);
    assert.match(warnings[0], /is down .* and is opened again in \d+ ms/);
    await assert.rejects(store.write([note('0')]), ConstraintViolated);
  });

  it('commits pending writes together, and a failed one changes nothing and affects no other', async () => {
    const schema = newSchema();
    const store = await open(schema, { migrations: NOTES });
    await using _closing = closing(store);
    const settled: number[] = [];
    const write = (index: number, statements: readonly Statement[]) =>
      store.write(statements).finally(() => settled.push(index));
    const sound = await Promise.all(Array.from({ length: 20 }, (_, index) => write(index, [note(`sound ${index}`)])));
    assert.ok(sound.every(({ results }) => results.length === 1 && results[0]!.changes === 1));
    const transactions = () => Number(server.psql(`SELECT count(DISTINCT xmin::text) FROM ${schema}.notes`));
    assert.equal(transactions(), 1);

    const value = (name: string) => ({ sql: 'SELECT value FROM notes WHERE name = ?', parameters: [name] });
    const set = { sql: 'UPDATE notes SET value = 7 WHERE name = ?', parameters: ['sound 3'] };
    const mixed = await Promise.allSettled([
      write(20, [note('first')]),
      write(21, [note('second'), value('second')]),
      write(22, [note('undone'), note('sound 0')]),
      write(23, [{ ...set, expect: 2 }]),
      write(24, [note('reserved'), { sql: 'COMMIT' }]),
      write(25, [note('unbound'), { sql: 'INSERT INTO notes (name) VALUES (?)' }]),
      write(26, [set, { sql: 'INSERT INTO notes (name, value) SELECT ?, changes()', parameters: ['changes'] }]),
      write(27, [note('last', 5), value('last')]),
    ]);
    const reasons = mixed.map((outcome) => (outcome.status === 'rejected' ? outcome.reason.name : 'committed'));
    assert.deepEqual(reasons, [
      ...['committed', 'committed', 'ConstraintViolated', 'ConditionFailed', 'StatementFailed', 'StatementFailed'],
      ...['committed', 'committed'],
    ]);
    assert.deepEqual(
      settled,
      [...settled].sort((one, other) => one - other),
      'in the order of submission',
    );
    const [last] = mixed.slice(-1);
    assert.deepEqual(last!.status === 'fulfilled' && last.value.results[1]!.rows, [{ value: 5 }]);
    assert.deepEqual(await store.read(`SELECT name, value FROM notes WHERE name NOT LIKE 'sound%' ORDER BY id`), [
      { name: 'first', value: null },
      { name: 'second', value: null },
      { name: 'changes', value: 1 },
      { name: 'last', value: 5 },
    ]);
  });

  it('has a bound for pending writes', async () => {
    const store = await open(newSchema(), { migrations: NOTES });
    await using _closing = closing(store);
    const outcomes = await Promise.allSettled(
      Array.from({ length: 20 }, (_, index) => store.write([note(`n${index}`, new Uint8Array(1024 ** 2))])),
    );
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
    assert.ok(refused.length > 0);
    assert.ok(refused.some(({ reason }) => reason instanceof StoreBusy));
  });
});
