import assert from 'node:assert/strict';
import { cpSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { SimulatedClock } from '@medkit/edges/testing';
import { NOTES, note } from '../testing/sample-data.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { openForWriting } from './open-database.ts';
import { Writer } from './writer.ts';

const clock = new SimulatedClock();

/**
 * Returns the writer of a new database with `folded` checkpointed notes, and `logged` notes that are only in its log.
 */
function young(folder: string, { folded, logged }: { readonly folded: number; readonly logged: number }) {
  const options = { path: join(folder, 'a.db'), migrations: NOTES };
  const { database } = openForWriting(options, clock);
  const writer = new Writer({ database, options, clock });
  const write = (name: string) => assert.ok(writer.commit([{ statements: [note(name)], records: {} }])[0].result);
  for (let index = 0; index < folded; index += 1) write(`folded ${index}`);
  writer.foldLog();
  for (let index = 0; index < logged; index += 1) write(`logged ${index}`);
  return { writer, path: options.path };
}

/** Opens a copy of the files as a kill would leave them, after `damage`. */
function afterKill(from: string, damage: (path: string) => void) {
  using folder = temporaryFolder();
  const path = join(folder.path, 'a.db');
  for (const ending of ['', '-wal', '.mark']) cpSync(`${from}${ending}`, `${path}${ending}`);
  damage(path);
  const found = openForWriting({ path, migrations: NOTES }, clock);
  const [{ n }] = found.database.prepare('SELECT count(*) AS n FROM notes').all() as [{ n: number }];
  // A second opening does not report the loss again.
  new Writer({ database: found.database, options: { path }, clock }).close();
  const again = openForWriting({ path, migrations: NOTES }, clock);
  again.database.close();
  return { lost: found.lostCommits, notes: n, again: again.lostCommits };
}

describe('a database', () => {
  const FRAME_OCTETS = 24 + 4096;
  const damages: Readonly<Record<string, (path: string) => void>> = {
    'lost its log': (path) => rmSync(`${path}-wal`),
    'has its log cut': (path) => truncateSync(`${path}-wal`, 32 + 4 * FRAME_OCTETS),
    'has damage in its log': (path) => {
      const octets = readFileSync(`${path}-wal`);
      octets.fill(0xa5, 32, 64);
      writeFileSync(`${path}-wal`, octets);
    },
    'was removed': (path) => rmSync(path),
  };
  for (const [what, damage] of Object.entries(damages)) {
    it(`that ${what} reports the number of lost commits once`, () => {
      using folder = temporaryFolder();
      const { writer, path } = young(folder.path, { folded: 3, logged: 4 });
      const { lost, notes, again } = afterKill(path, damage);
      writer.close();
      assert.deepEqual([lost, again], [7 - notes, 0]);
      assert.ok(lost > 0);
      if (what !== 'was removed') assert.ok(notes >= 3, 'what was folded in is there');
    });
  }

  const harmless: Readonly<Record<string, (path: string) => void>> = {
    'was killed': () => undefined,
    'has no mark, as in the folder of an earlier medkit': (path) => {
      rmSync(`${path}-wal`);
      rmSync(`${path}.mark`);
    },
    'has an invalid mark': (path) => writeFileSync(`${path}.mark`, '\0\0'),
  };
  for (const [what, damage] of Object.entries(harmless)) {
    it(`that ${what} reports no lost commits`, () => {
      using folder = temporaryFolder();
      const { writer, path } = young(folder.path, { folded: 3, logged: 4 });
      const { lost } = afterKill(path, damage);
      writer.close();
      assert.equal(lost, 0);
    });
  }

  it('does not mark writes that change nothing as commits, so that they fit on a full disk', () => {
    using folder = temporaryFolder();
    const { writer, path } = young(folder.path, { folded: 3, logged: 0 });
    const mark = () => Number(readFileSync(`${path}.mark`, 'latin1'));
    const before = [mark(), readFileSync(`${path}-wal`)];
    writer.commit([{ statements: [{ sql: "DELETE FROM notes WHERE name = 'nobody'" }], records: {} }]);
    assert.deepEqual([mark(), readFileSync(`${path}-wal`)], before);
    writer.close();
  });

  it('reports lost commits if its file was replaced with an older copy', () => {
    using folder = temporaryFolder();
    const { writer, path } = young(folder.path, { folded: 3, logged: 0 });
    const copy = readFileSync(path);
    assert.ok(writer.commit([{ statements: [note('later')], records: {} }])[0].result);
    writer.close();
    writeFileSync(path, copy);
    const { database, lostCommits } = openForWriting({ path, migrations: NOTES }, clock);
    database.close();
    assert.equal(lostCommits, 1);
  });
});
