import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { it } from 'node:test';
import { SimulatedClock } from '@medkit/edges/testing';
import { NOTES, note } from '../testing/sample-data.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { openForWriting } from './open-database.ts';
import { Writer } from './writer.ts';

it('the log is truncated once the reader that held it open is closed', () => {
  using folder = temporaryFolder();
  const clock = new SimulatedClock();
  const options = {
    path: join(folder.path, 'a.db'),
    busyTimeoutMs: 10,
    migrations: NOTES,
  };
  const { database } = openForWriting(options, clock);
  const writer = new Writer({ database, options, clock });
  let written = 0;
  const write = (mebibytes: number) => {
    for (let count = 0; count < mebibytes; count += 1) {
      const value = new Uint8Array(1024 * 1024);
      const [{ error }] = writer.commit([{ statements: [note(String(written++), value)], records: {} }]);
      assert.equal(error, undefined);
      writer.tidyLog();
    }
    return Math.round(writer.usage().logBytes / 1024 ** 2);
  };
  const reader = new DatabaseSync(options.path, { readOnly: true });
  reader.exec('BEGIN; SELECT count(*) FROM notes');
  reader.prepare('SELECT count(*) FROM notes').get();
  assert.equal(write(20), 20, 'it grows while it is read');
  assert.equal(writer.checkpoint(), false);
  reader.close();
  assert.ok(write(20) < 20, 'and is cut at the limit once it is not');
  writer.close();
  writer.tidyLog();
});
