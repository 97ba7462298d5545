import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { setAside } from './database-file.ts';

it('a database is set aside together with its log, so that its successor does not replay that log', () => {
  using folder = temporaryFolder();
  const path = join(folder.path, 'a.db');
  writeFileSync(path, 'SQLite format 3\0 and then rubbish');
  writeFileSync(`${path}-wal`, 'log');
  writeFileSync(`${path}-shm`, 'index');
  const aside = setAside(path, 0);
  assert.equal(aside, `${path}.corrupt-1970-01-01T00-00-00.000Z`);
  assert.deepEqual(readdirSync(folder.path).sort(), [
    'a.db.corrupt-1970-01-01T00-00-00.000Z',
    'a.db.corrupt-1970-01-01T00-00-00.000Z-wal',
  ]);
  assert.equal(readFileSync(`${aside}-wal`, 'utf8'), 'log');
});
