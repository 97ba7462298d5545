import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { SimulatedClock } from '@medkit/edges/testing';
import { StoreUnavailable } from '../errors.ts';
import { auditRecord, NOTES, note } from '../testing/sample-data.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { openForWriting } from './open-database.ts';
import { Reader } from './reader.ts';
import { Writer } from './writer.ts';

const EVENT = { timeNs: 1n, type: 'e', payload: '{}' };

/** Opens a database with two notes: one checkpointed, one only in its write-ahead log. */
function opened(folder: string) {
  const clock = new SimulatedClock({ epochMs: Date.UTC(2026, 10, 22) });
  const path = join(folder, 'data', 'a.db');
  const options = { path, migrations: NOTES, audit: { maxRecords: 0 } };
  const { database } = openForWriting(options, clock);
  const writer = new Writer({ database, options, clock });
  const write = (name: string) =>
    writer.commit([{ statements: [note(name)], records: { events: [EVENT], audit: [auditRecord()] } }]);
  write('folded');
  writer.foldLog();
  write('logged');
  /** Reads what a new connection finds at the path. */
  const found = () => {
    const again = openForWriting(options, clock);
    const reader = new Reader({ database: again.database, options });
    const names = reader.read({ sql: 'SELECT name FROM notes ORDER BY id' }).map(({ name }) => name);
    const { newestId } = reader.eventsAfter(0, 1);
    const { intact, checked } = reader.verifyAudit();
    again.database.close();
    return { names, newestId, audit: intact && checked, lostCommits: again.lostCommits };
  };
  return { writer, write, clock, path, data: join(folder, 'data'), found };
}

const BOTH = { names: ['folded', 'logged'], newestId: 2, audit: 2, lostCommits: 0 };

describe('files of a database', () => {
  it('are left alone while they exist', () => {
    using folder = temporaryFolder();
    const { writer } = opened(folder.path);
    assert.equal(writer.recover(), 'there');
    assert.equal(writer.checkpoint(), true);
    assert.equal(writer.recover(), 'there');
    writer.close();
    assert.equal(writer.recover(), 'there', 'SQLite itself removes the log in the end');
  });

  for (const [what, remove] of [
    ['removed with their folder', (data: string) => rmSync(data, { recursive: true })],
    ['moved with their folder', (data: string) => renameSync(data, `${data}.moved`)],
    ['removed except for the database file', (data: string) => rmSync(join(data, 'a.db-wal'))],
  ] as const) {
    it(`that were ${what} are restored with all their content`, () => {
      using folder = temporaryFolder();
      const { writer, data, found } = opened(folder.path);
      remove(data);
      assert.equal(writer.recover(), 'rewritten');
      assert.deepEqual(found(), BOTH);
      writer.close();
      assert.deepEqual(found(), BOTH);
    });
  }

  it('that were removed do not replace another database at their path, which is stored under another name', () => {
    using folder = temporaryFolder();
    const { writer, path, data, found } = opened(folder.path);
    rmSync(data, { recursive: true });
    mkdirSync(data);
    writeFileSync(path, 'of somebody else');
    assert.equal(writer.recover(), 'rewritten');
    assert.deepEqual(found(), BOTH);
    assert.ok(readdirSync(data).includes('a.db.replaced-2026-11-22T00-00-00.000Z'));
    writer.close();
  });

  it('that cannot be restored are restored by a later attempt', () => {
    using folder = temporaryFolder();
    const { writer, clock, data, found } = opened(folder.path);
    renameSync(data, `${data}.moved`);
    writeFileSync(data, 'in the way');
    const recover = () => writer.recover();
    assert.throws(recover, {
      name: StoreUnavailable.name,
      message: /a\.db were removed, and cannot be recreated: E/,
    });
    rmSync(data);
    assert.throws(recover, StoreUnavailable, 'not over and over');
    clock.advance(2000);
    assert.equal(recover(), 'rewritten');
    assert.deepEqual(found(), BOTH);
    writer.close();
  });
});
