import assert from 'node:assert/strict';
import type { DatabaseSync } from 'node:sqlite';
import { describe, it } from 'node:test';
import { SimulatedClock } from '@medkit/edges/testing';
import { ConstraintViolated, StoreFull } from '../errors.ts';
import type { Durability } from '../store.ts';
import { NOTES, note } from '../testing/sample-data.ts';
import { openForWriting } from './open-database.ts';
import { type Write, Writer } from './writer.ts';

const clock = new SimulatedClock();

function openWriter(maxBytes?: number): { database: DatabaseSync; writer: Writer } {
  const options = {
    path: ':memory:',
    maxBytes,
    migrations: NOTES,
  };
  const { database } = openForWriting(options, clock);
  return { database, writer: new Writer({ database, options, clock }) };
}

const write = (...statements: Write['statements']): Write => ({ statements, records: {} });
const names = (database: DatabaseSync) =>
  database
    .prepare('SELECT name FROM notes ORDER BY id')
    .all()
    .map(({ name }) => name);

describe('writes that are committed together', () => {
  it('fail individually', () => {
    const { database, writer } = openWriter();
    const outcomes = writer.commit([
      write(note('a')),
      write(note('b'), note('a')),
      write(note('c')),
      write({ sql: 'INSERT INTO notes (name) VALUES (NULL)' }),
      write(note('b')),
    ]);
    assert.deepEqual(
      outcomes.map(({ error }) => error?.name),
      [undefined, ConstraintViolated.name, undefined, ConstraintViolated.name, undefined],
    );
    assert.deepEqual(names(database), ['a', 'c', 'b']);
  });

  it('are rolled back whole even if there is only one', () => {
    const { database, writer } = openWriter();
    const [outcome] = writer.commit([write(note('a'), note('a'))]);
    assert.equal(outcome.error?.name, ConstraintViolated.name);
    assert.deepEqual(names(database), []);
    assert.ok(writer.commit([write(note('a'))])[0].result);
    assert.deepEqual(names(database), ['a']);
  });

  it('see the effects of earlier writes', () => {
    const { database, writer } = openWriter();
    const outcomes = writer.commit([
      write(note('a', 1)),
      write({ sql: 'UPDATE notes SET value = value + 1 WHERE name = ? RETURNING value', parameters: ['a'] }),
      write({ sql: 'DELETE FROM notes WHERE value = 2' }),
    ]);
    assert.deepEqual(outcomes[1].result?.results[0].rows, [{ value: 2 }]);
    assert.deepEqual(names(database), []);
  });

  it('survive a write that does not fit, also if it rolls back the whole transaction', () => {
    const { database, writer } = openWriter(200_000);
    // Simulates a full disk, which SQLite notices only when it writes out its cache.
    const failing = {
      sql: "INSERT OR ROLLBACK INTO notes (name, value) VALUES ('large', zeroblob(1000000))",
    };
    const outcomes = writer.commit([write(note('a')), write(failing), write(note('b'))]);
    assert.ok(outcomes[1].error instanceof StoreFull);
    assert.deepEqual(
      outcomes.map(({ error }) => error?.name),
      [undefined, StoreFull.name, undefined],
    );
    assert.deepEqual(names(database), ['a', 'b']);
    assert.equal(database.isTransaction, false);
  });

  it('are all flushed to disk if one of them requests it, and otherwise left to the system', () => {
    const { database, writer } = openWriter();
    const synchronous = () => database.prepare('PRAGMA synchronous').get()?.synchronous;
    const [FULL, NORMAL] = [2, 1];
    const seen: unknown[] = [];
    // Reads the setting within the transaction, as the write uses it.
    database.function('note_synchronous', () => {
      seen.push(synchronous());
      return 0;
    });
    const noting = (durability?: Durability): Write => ({
      statements: [{ sql: 'SELECT note_synchronous() AS n' }],
      records: {},
      ...(durability && { durability }),
    });
    const groups: readonly (readonly (Durability | undefined)[])[] = [
      ['system', 'system'],
      ['system', 'disk'],
      ['disk', 'system'],
      ['system'],
      ['system', undefined, 'system'],
      [undefined],
    ];
    const levels = groups.map((group) => {
      seen.length = 0;
      assert.ok(writer.commit(group.map(noting)).every(({ result }) => result));
      return [...new Set(seen)];
    });
    assert.deepEqual(levels, [[NORMAL], [FULL], [FULL], [NORMAL], [FULL], [FULL]]);
  });

  it('all fail if a statement rolls back their shared transaction', () => {
    const { database, writer } = openWriter();
    writer.commit([write(note('taken'))]);
    const outcomes = writer.commit([
      write(note('a')),
      write({ sql: "INSERT OR ROLLBACK INTO notes (name) VALUES ('taken')" }),
      write(note('b')),
    ]);
    assert.ok(outcomes.every(({ error }) => error instanceof ConstraintViolated));
    assert.deepEqual(names(database), ['taken'], 'none is half done');
    assert.ok(writer.commit([write(note('c'))])[0].result, 'and the next goes on');
  });
});
