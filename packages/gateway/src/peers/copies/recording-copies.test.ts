import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { systemClock } from '@medkit/edges/node';
import { MemoryFiles } from '@medkit/edges/testing';
import { memoryDatabase } from '../../testing/memory-database.ts';
import { RecordingCopies, type RecordingCopiesOptions } from './recording-copies.ts';
import type { RecordingCopy } from './recording-copy.ts';

const copy = (id: string, severity: number): RecordingCopy => ({
  peer: 'yard',
  id,
  descriptor: {},
  faults: [{ holder: 'apps/arm', code: id, isTold: true }],
  severity,
  sinceMs: 0,
  copied: { place: 1, asOfMs: 0, files: [{ name: 'a.mcap', size: 10, tag: '' }] },
});

/** Copies that use all of their space; the peer lists the faults in `listed`. */
async function copiesOf(all: readonly RecordingCopy[], listed: readonly string[]): Promise<RecordingCopies> {
  const find = ({ code }: { readonly code: string }) => ({ isListed: listed.includes(code) });
  const copies = new RecordingCopies({
    database: memoryDatabase(systemClock),
    storage: new MemoryFiles(),
    folder: '/data/recording_copies',
    maxBytes: 10 * all.length,
    faults: { find } as unknown as RecordingCopiesOptions['faults'],
  });
  for (const each of all) await copies.put(each);
  return copies;
}

describe('recordings that are removed first', () => {
  it('belong to faults that are no longer listed, even if a listed fault has a lower severity', async () => {
    const [listed, unlisted] = [copy('LISTED', 0), copy('UNLISTED', 3)];
    const giving = (await copiesOf([listed, unlisted], ['LISTED', 'NEW'])).evictionsFor(copy('NEW', 1), 1);
    assert.deepEqual(
      giving?.map(({ id }) => id),
      ['UNLISTED'],
    );
    assert.equal((await copiesOf([listed], ['LISTED'])).evictionsFor(copy('NEW', 3), 1), undefined);
  });
});
