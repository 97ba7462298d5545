import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { systemFiles, systemWritableFiles } from '@medkit/edges/node';
import { eventArchive } from './event-archive.ts';

async function* linesOf(...lines: readonly string[]): AsyncGenerator<string> {
  yield* lines;
}

describe('the archive of events', () => {
  const root = mkdtempSync(join(tmpdir(), 'medkit-archive-'));
  after(() => rmSync(root, { recursive: true }));
  const at = (name: string) => {
    const folder = join(root, name);
    return { folder, archive: eventArchive({ folder, files: { ...systemFiles, ...systemWritableFiles } }) };
  };

  it('writes a compressed file, and again if an attempt was interrupted', async () => {
    const { folder, archive } = at('repeated');
    await archive.store('events-1-2.ndjson', linesOf('{"id":1}\n'));
    const failing = async function* () {
      yield '{"id":1}\n';
      throw new Error('the database is away');
    };
    await assert.rejects(archive.store('events-1-2.ndjson', failing()), /the database is away/);
    await archive.store('events-1-2.ndjson', linesOf('{"id":1}\n', '{"id":2}\n'));
    const bytes = readFileSync(join(folder, 'events-1-2.ndjson.gz'));
    assert.equal(gunzipSync(bytes).toString(), '{"id":1}\n{"id":2}\n');
  });

  it('removes its oldest files beyond 2,000', async () => {
    const { folder, archive } = at('many');
    await archive.store('events-1-1.ndjson', linesOf());
    for (let id = 2; id <= 2000; id += 1) writeFileSync(join(folder, `events-${id}-${id}.ndjson.gz`), '');
    await archive.store('events-2001-2001.ndjson', linesOf());
    const names = readdirSync(folder);
    assert.equal(names.length, 2000);
    assert.ok(!names.includes('events-1-1.ndjson.gz'));
  });

  it('removes the files that were written before a time, and no others', async () => {
    const { folder, archive } = at('old');
    await archive.removeBefore(Date.now());
    const written = {
      'events-1-2.ndjson.gz': 10,
      'events-3-4.ndjson.gz': 30,
      'events-5-6.ndjson.gz': 20,
      'notes.txt': 5,
    };
    await archive.store('events-1-2.ndjson', linesOf());
    for (const [name, seconds] of Object.entries(written)) {
      writeFileSync(join(folder, name), '');
      utimesSync(join(folder, name), seconds, seconds);
    }
    await archive.removeBefore(20_001);
    assert.deepEqual(readdirSync(folder).sort(), ['events-3-4.ndjson.gz', 'notes.txt']);
    await archive.removeBefore(30_000);
    assert.deepEqual(readdirSync(folder).sort(), ['events-3-4.ndjson.gz', 'notes.txt'], 'not the age itself');
  });
});
