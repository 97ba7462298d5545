import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { RecordingCopy } from './recording-copy.ts';
import { recordingRanks } from './recording-ranks.ts';

const copy = (id: string, severity: number): RecordingCopy => ({
  peer: 'yard',
  id,
  descriptor: {},
  faults: [{ holder: 'apps/arm', code: id, isTold: true }],
  severity,
  sinceMs: 0,
  copied: { place: 1, asOfMs: 0, files: [{ name: 'a.mcap', size: 10, tag: '' }] },
});

/** Ranks of recordings; the peer lists the faults in `listed`. */
function ranksOf(all: readonly RecordingCopy[], listed: readonly string[]) {
  const find = ({ code }: { readonly code: string }) => ({ isListed: listed.includes(code) });
  return recordingRanks({ all: () => all }, { find } as unknown as Parameters<typeof recordingRanks>[1]);
}

describe('recordings that are removed first', () => {
  it('belong to faults that are no longer listed, even if a listed fault has a lower severity', () => {
    const [listed, unlisted] = [copy('LISTED', 0), copy('UNLISTED', 3)];
    const one = { bytes: 1, count: 0 };
    const giving = ranksOf([listed, unlisted], ['LISTED', 'NEW']).evictionsFor(copy('NEW', 1), one);
    assert.deepEqual(
      giving?.map(({ id }) => id),
      ['UNLISTED'],
    );
    assert.equal(ranksOf([listed], ['LISTED']).evictionsFor(copy('NEW', 3), one), undefined);
  });
});
