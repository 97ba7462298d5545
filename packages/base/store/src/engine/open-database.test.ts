import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, it } from 'node:test';
import { SimulatedClock } from '@medkit/edges/testing';
import type { EngineOptions } from '../engine-options.ts';
import { StoreCorrupt, StoreLocked, StoreReadOnly, StoreTooNew, StoreUnavailable } from '../errors.ts';
import { addColumn, type Migrations } from '../migrations/migration.ts';
import { auditRecord, NOTES, note } from '../testing/sample-data.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { openForReading, openForWriting } from './open-database.ts';
import { Reader } from './reader.ts';
import { Writer } from './writer.ts';

const clock = new SimulatedClock({ epochMs: Date.UTC(2026, 10, 21, 14, 36, 17) });

/** Opens a database, runs `work` with writer and reader, and closes it as a store does. */
function withDatabase<T>(
  options: EngineOptions,
  work: (writer: Writer, reader: Reader, setAside: string | undefined) => T,
): T {
  const { database, setAside } = openForWriting(options, clock);
  const writer = new Writer({ database, options, clock });
  const reader = new Reader({ database: openForReading(options), options });
  try {
    return work(writer, reader, setAside);
  } finally {
    reader.close();
    writer.close();
  }
}

function add(options: EngineOptions, ...names: readonly string[]): void {
  withDatabase(options, (writer) => {
    for (const name of names) {
      assert.ok(writer.commit([{ statements: [note(name, 'x'.repeat(3000))], records: {} }])[0].result);
    }
  });
}

const namesIn = (reader: Reader) => reader.read({ sql: 'SELECT name FROM notes ORDER BY id' }).map(({ name }) => name);

/** Runs `work` without root rights, since file permissions do not apply to root. */
function asOrdinaryUser(work: () => void): void {
  const UNPRIVILEGED_UID = 65_534;
  const isRoot = process.geteuid?.() === 0;
  if (isRoot) process.seteuid?.(UNPRIVILEGED_UID);
  try {
    work();
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
}

describe('opening a database file', () => {
  it('creates the file, its folder and side files for this user alone', () => {
    using folder = temporaryFolder();
    const path = join(folder.path, 'deep', 'er', 'faults.db');
    withDatabase({ path, migrations: NOTES }, (writer) => {
      writer.commit([{ statements: [note('a')], records: {} }]);
      for (const name of ['faults.db', 'faults.db-wal', 'faults.db-shm', 'faults.db.mark']) {
        assert.equal(statSync(join(folder.path, 'deep', 'er', name)).mode & 0o777, 0o600, name);
      }
      assert.equal(statSync(join(folder.path, 'deep')).mode & 0o777, 0o700);
    });
    const left = readdirSync(join(folder.path, 'deep', 'er'));
    assert.deepEqual(left, ['faults.db', 'faults.db.mark'], 'nothing else is left beside it');
  });

  it('writes with FULL synchronisation into a write-ahead log', () => {
    using folder = temporaryFolder();
    const { database } = openForWriting({ path: join(folder.path, 'a.db') }, clock);
    assert.equal(database.prepare('PRAGMA synchronous').get()?.synchronous, 2);
    assert.equal(database.prepare('PRAGMA journal_mode').get()?.journal_mode, 'wal');
    database.close();
  });

  it('finds the data written earlier, and continues the numbers of events and audit records', () => {
    using folder = temporaryFolder();
    const options = { path: join(folder.path, 'a.db'), migrations: NOTES, audit: { maxRecords: 0 } };
    const event = { timeNs: 1n, type: 'e', payload: '{}' };
    for (let round = 1; round <= 3; round += 1) {
      withDatabase(options, (writer, reader) => {
        const records = { events: [event], audit: [auditRecord()] };
        const [{ result }] = writer.commit([{ statements: [note(`round ${round}`)], records }]);
        assert.deepEqual([result?.eventIds, result?.auditSeqs], [[round], [round]]);
        assert.equal(namesIn(reader).length, round);
        assert.deepEqual(reader.verifyAudit(), { intact: true, checked: round });
      });
    }
  });

  it('migrates a database of ros2_medkit that has no migrations table', () => {
    using folder = temporaryFolder();
    const path = join(folder.path, 'faults.db');
    const old = new DatabaseSync(path);
    old.exec("CREATE TABLE faults (fault_code TEXT PRIMARY KEY, severity INT); INSERT INTO faults VALUES ('F1', 2)");
    old.close();
    const migrations: Migrations = {
      faults: [
        [
          'CREATE TABLE IF NOT EXISTS faults (fault_code TEXT PRIMARY KEY, severity INT, confirmed_at_ns INT DEFAULT 0)',
          addColumn('faults', 'confirmed_at_ns', 'INT DEFAULT 0'),
        ],
      ],
    };
    for (const opened of ['first', 'again']) {
      withDatabase({ path, migrations }, (_writer, reader) => {
        const rows = reader.read({ sql: 'SELECT * FROM faults' });
        assert.deepEqual(rows, [{ fault_code: 'F1', severity: 2, confirmed_at_ns: 0 }], opened);
      });
    }
  });

  it('rejects a database of a newer medkit and leaves it unchanged', () => {
    using folder = temporaryFolder();
    const path = join(folder.path, 'a.db');
    add({ path, migrations: { notes: [...NOTES.notes, ['CREATE TABLE more (id)']] } }, 'kept');
    assert.throws(() => openForWriting({ path, migrations: NOTES }, clock), {
      name: StoreTooNew.name,
      message: `${path} was written by a newer medkit (notes: version 2, supported 1): update medkit, or choose another path`,
    });
    assert.deepEqual(readdirSync(folder.path), ['a.db', 'a.db.mark']);
  });

  it('waits for another process that holds the file, and finally reports it', () => {
    using folder = temporaryFolder();
    const path = join(folder.path, 'a.db');
    add({ path, migrations: NOTES }, 'kept');
    const other = new DatabaseSync(path);
    other.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
    assert.throws(
      () => openForWriting({ path, busyTimeoutMs: 20 }, clock),
      (error: Error) => {
        assert.ok(error instanceof StoreLocked);
        assert.match(error.message, /a\.db is locked by another process/);
        return true;
      },
    );
    other.close();
    withDatabase({ path, migrations: NOTES }, (_writer, reader) => assert.deepEqual(namesIn(reader), ['kept']));
  });

  it('fails only the writes that conflict with another writer, and leaves nothing of them', () => {
    using folder = temporaryFolder();
    const options = { path: join(folder.path, 'a.db'), migrations: NOTES, busyTimeoutMs: 20 };
    withDatabase(options, (writer, reader) => {
      const other = new DatabaseSync(options.path);
      other.exec('BEGIN IMMEDIATE');
      const held = writer.commit([
        { statements: [note('a')], records: {} },
        { statements: [note('b')], records: {} },
      ]);
      assert.ok(held.every(({ error }) => error instanceof StoreLocked));
      assert.deepEqual(namesIn(reader), [], 'reads go on');
      other.close();
      assert.ok(writer.commit([{ statements: [note('c')], records: {} }])[0].result);
      assert.deepEqual(namesIn(reader), ['c']);
    });
  });

  it('reports that it may not write to the file, or create one in the folder', () => {
    using folder = temporaryFolder();
    const path = join(folder.path, 'a.db');
    add({ path, migrations: NOTES }, 'kept');
    const refused = () =>
      asOrdinaryUser(() =>
        assert.throws(
          () => openForWriting({ path }, clock),
          (error: Error) => {
            assert.ok(error instanceof StoreReadOnly, `${error.name}: ${error.message}`);
            assert.match(error.message, /a\.db cannot be written: give this user write permission/);
            return true;
          },
        ),
      );
    chmodSync(path, 0o444);
    chmodSync(folder.path, 0o777);
    refused();
    chmodSync(path, 0o666);
    chmodSync(folder.path, 0o555);
    refused();
    chmodSync(folder.path, 0o700);
    withDatabase({ path, migrations: NOTES }, (_writer, reader) => assert.deepEqual(namesIn(reader), ['kept']));
  });

  it('names the path if no file can be created there', () => {
    using folder = temporaryFolder();
    writeFileSync(join(folder.path, 'file'), '');
    mkdirSync(join(folder.path, 'folder'));
    for (const path of [join(folder.path, 'file', 'a.db'), join(folder.path, 'folder')]) {
      assert.throws(
        () => openForWriting({ path }, clock),
        (error: Error) => {
          assert.ok(error instanceof StoreUnavailable, error.name);
          assert.ok(error.message.startsWith(path));
          return true;
        },
      );
    }
  });
});

describe('a damaged database file', () => {
  const damages: Readonly<Record<string, (path: string) => void>> = {
    'has pages of random bytes': (path) => {
      const octets = readFileSync(path);
      octets.fill(0xa5, 4096);
      writeFileSync(path, octets);
    },
    'lost its end': (path) => truncateSync(path, statSync(path).size - 5000),
    'is all zeros': (path) => writeFileSync(path, Buffer.alloc(statSync(path).size)),
  };
  for (const [name, damage] of Object.entries(damages)) {
    it(`that ${name} is set aside, and a new one is created`, () => {
      using folder = temporaryFolder();
      const options = { path: join(folder.path, 'a.db'), migrations: NOTES };
      add(options, 'a', 'b', 'c', 'd');
      damage(options.path);
      const octets = readFileSync(options.path);
      const aside = `${options.path}.corrupt-2026-11-21T14-36-17.000Z`;
      withDatabase(options, (writer, reader, setAside) => {
        assert.equal(setAside, aside);
        assert.deepEqual(namesIn(reader), []);
        assert.ok(writer.commit([{ statements: [note('new')], records: {} }])[0].result);
      });
      assert.deepEqual(readFileSync(aside), octets);
      withDatabase(options, (_writer, reader, setAside) => {
        assert.equal(setAside, undefined);
        assert.deepEqual(namesIn(reader), ['new']);
      });
    });
  }

  it('does not include other files, which are rejected and not moved', () => {
    using folder = temporaryFolder();
    const path = join(folder.path, 'notes.txt');
    writeFileSync(path, 'a shopping list, longer than sixteen octets');
    assert.throws(() => openForWriting({ path }, clock), {
      name: StoreCorrupt.name,
      message: `${path} is not a database: choose another path for the store, or remove the file`,
    });
    assert.equal(readFileSync(path, 'utf8'), 'a shopping list, longer than sixteen octets');
  });

  it('is retained as one of the newest three', () => {
    using folder = temporaryFolder();
    const path = join(folder.path, 'a.db');
    for (let day = 1; day <= 5; day += 1) {
      writeFileSync(path, Buffer.alloc(8192));
      openForWriting({ path }, new SimulatedClock({ epochMs: Date.UTC(2026, 0, day) })).database.close();
    }
    assert.deepEqual(readdirSync(folder.path).sort(), [
      'a.db',
      ...[3, 4, 5].map((day) => `a.db.corrupt-2026-01-0${day}T00-00-00.000Z`),
    ]);
  });

  it('is truncated at a log record torn by a power loss, which loses only unacknowledged writes', () => {
    using folder = temporaryFolder();
    const options = { path: join(folder.path, 'a.db'), migrations: NOTES };
    const { database } = openForWriting(options, clock);
    const writer = new Writer({ database, options, clock });
    writer.commit([{ statements: [note('safe')], records: {} }]);
    const sound = readFileSync(`${options.path}-wal`);
    writer.commit([{ statements: [note('torn', 'x'.repeat(20_000))], records: {} }]);
    const torn = readFileSync(`${options.path}-wal`).subarray(0, sound.length + 7000);
    const main = readFileSync(options.path);
    writer.close();
    writeFileSync(options.path, main);
    writeFileSync(`${options.path}-wal`, torn);
    withDatabase(options, (_writer, reader, setAside) => {
      assert.equal(setAside, undefined);
      assert.deepEqual(namesIn(reader), ['safe']);
    });
  });
});
