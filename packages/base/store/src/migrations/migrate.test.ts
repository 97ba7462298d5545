import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { describe, it } from 'node:test';
import { StatementFailed, StoreTooNew } from '../errors.ts';
import { migrate } from './migrate.ts';
import { addColumn, type Migrations } from './migration.ts';

const AT = { path: '/var/lib/medkit/a.db', nowNs: 7n };
const tables = (database: DatabaseSync) =>
  database
    .prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
    .all()
    .map(({ name }) => name);
const applied = (database: DatabaseSync) =>
  database
    .prepare('SELECT owner, version, applied_at_ns AS at FROM schema_migrations ORDER BY owner, version')
    .all()
    .map(({ owner, version, at }) => [owner, version, at]);

describe('migrations', () => {
  it('are applied once each, by owner', () => {
    const database = new DatabaseSync(':memory:');
    const first: Migrations = { faults: [['CREATE TABLE faults (code)']] };
    migrate(database, first, AT);
    migrate(database, first, { ...AT, nowNs: 8n });
    migrate(
      database,
      { faults: [...first.faults, ['CREATE TABLE snapshots (id)']], triggers: [['CREATE TABLE triggers (id)']] },
      { ...AT, nowNs: 9n },
    );
    assert.deepEqual(tables(database), ['faults', 'schema_migrations', 'snapshots', 'triggers']);
    assert.deepEqual(applied(database), [
      ['faults', 1, 7],
      ['faults', 2, 9],
      ['triggers', 1, 9],
    ]);
  });

  it('leave the tables of absent owners unchanged', () => {
    const database = new DatabaseSync(':memory:');
    migrate(database, { triggers: [['CREATE TABLE triggers (id)']] }, AT);
    migrate(database, { faults: [['CREATE TABLE faults (code)']] }, AT);
    assert.deepEqual(tables(database), ['faults', 'schema_migrations', 'triggers']);
  });

  it('change nothing if one of them fails', () => {
    const database = new DatabaseSync(':memory:');
    const broken: Migrations = {
      faults: [['CREATE TABLE faults (code)'], ['CREATE TABLE more (id)', 'CREATE NONSENSE']],
    };
    assert.throws(() => migrate(database, broken, AT), /near "NONSENSE"/);
    assert.deepEqual(tables(database), []);
    assert.equal(database.isTransaction, false);
  });

  it('run a conditional step only if its condition holds', () => {
    const database = new DatabaseSync(':memory:');
    database.exec('CREATE TABLE faults (code TEXT)');
    const column = addColumn('faults', 'confirmed_at_ns', 'INT DEFAULT 0');
    migrate(database, { a: [[column]] }, AT);
    migrate(database, { b: [[column]] }, AT);
    const columns = database.prepare("SELECT name FROM pragma_table_info('faults')").all();
    assert.deepEqual(
      columns.map(({ name }) => name),
      ['code', 'confirmed_at_ns'],
    );
  });

  it('skip a step that has only a text for PostgreSQL', () => {
    const database = new DatabaseSync(':memory:');
    migrate(database, { a: [['CREATE TABLE a (id)', { postgres: 'CREATE TABLE b (id)' }]] }, AT);
    assert.deepEqual(tables(database), ['a', 'schema_migrations']);
  });

  it('can rebuild a table that other rows reference', () => {
    const database = new DatabaseSync(':memory:', { enableForeignKeyConstraints: false });
    database.exec(
      "CREATE TABLE bags (id INTEGER PRIMARY KEY, code TEXT UNIQUE); INSERT INTO bags VALUES (3, 'A'), (9, 'B')",
    );
    const rebuild = {
      when: "SELECT 1 FROM pragma_index_list('bags') WHERE origin = 'u'",
      sql: `ALTER TABLE bags RENAME TO old_bags;
            CREATE TABLE bags (id INTEGER PRIMARY KEY AUTOINCREMENT, code TEXT);
            INSERT INTO bags SELECT id, code FROM old_bags ORDER BY id;
            DROP TABLE old_bags`,
    };
    migrate(database, { bags: [[rebuild]] }, AT);
    database.exec("INSERT INTO bags (code) VALUES ('A')");
    assert.deepEqual(
      database
        .prepare('SELECT id, code FROM bags')
        .all()
        .map(({ id, code }) => [id, code]),
      [
        [3, 'A'],
        [9, 'B'],
        [10, 'A'],
      ],
    );
  });

  it('are rejected if they end their transaction, and if the database has newer ones', () => {
    const database = new DatabaseSync(':memory:');
    assert.throws(() => migrate(database, { a: [['CREATE TABLE a (id); COMMIT']] }, AT), {
      name: StatementFailed.name,
      message: 'migration a 1 ends the transaction that it runs in',
    });
    const newer = new DatabaseSync(':memory:');
    migrate(newer, { a: [['CREATE TABLE a (id)'], ['CREATE TABLE b (id)']] }, AT);
    assert.throws(() => migrate(newer, { a: [['CREATE TABLE a (id)']] }, AT), StoreTooNew);
    assert.equal(newer.isTransaction, false);
  });
});
