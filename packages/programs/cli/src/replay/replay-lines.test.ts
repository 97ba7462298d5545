import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { FolderRecord, ReplayResult } from '@medkit/gateway/replay';
import { replayJson, replayLines } from './replay-lines.ts';

const at = Date.UTC(2026, 10, 3, 12);
const about = { changes: ['confirmation_threshold=-3'], folder: '/data' };

const record: FolderRecord = {
  events: [
    { timeNs: BigInt(at) * 1_000_000n, event: { kind: 'start', code: '', source: '' } },
    { timeNs: BigInt(at + 5000) * 1_000_000n, event: { kind: 'failed', code: 'HOT', source: '/a', severity: 2 } },
  ],
  occurrences: [],
  incidents: { occurrences: [], records: [] },
  damaged: 0,
  isCut: false,
};

const outcome = { faults: { occurrences: [], nearMisses: 0, events: 2 }, incidents: [], notifications: [] };
const same: ReplayResult = {
  before: outcome,
  after: outcome,
  difference: { faults: [], incidents: [], notifications: [] },
  deviations: [],
};

it('says that nothing would have been different', () => {
  const lines = replayLines(record, same, about);
  assert.match(lines[0] ?? '', /^\/data: 2 recorded events from .* to /);
  assert.ok(lines.includes('Nothing would have been different.'));
  assert.match(replayLines({ ...record, events: [] }, same, about)[0] ?? '', /has no recorded reports yet/);
});

it('lists each difference, and no name steers the terminal', () => {
  const result: ReplayResult = {
    ...same,
    difference: {
      faults: [
        { is: 'later', code: 'HOT', beforeMs: at, afterMs: at + 2000 },
        { is: 'fewer', code: 'evil\u001b[2J', beforeMs: at, afterMs: null },
      ],
      incidents: [
        { is: 'regrouped', before: [{ beganMs: at, codes: ['A'] }], after: [{ beganMs: at, codes: ['B', 'A'] }] },
      ],
      notifications: [{ receiver: 'team', kind: 'opened', root: 'A', before: 2, after: 1 }],
    },
    deviations: [{ code: 'OLD\u001b[1m', number: 1, recorded: undefined, replayed: undefined }],
  };
  const text = replayLines({ ...record, damaged: 3, isCut: true }, result, about).join('\n');
  for (const expected of [
    /HOT +confirmed later .*\+2\.0 s/,
    /evil.* +no longer a fault .* never/,
    /grouped differently +A +B, A/,
    /team +opened +A +2 +1/,
    /1 no longer a fault/,
    /Caution: .* for OLD/,
    /3 rows of the record are damaged/,
    /the oldest were left out/,
  ]) {
    assert.match(text, expected);
  }
  assert.ok(!text.includes('\u001b['));
  const json = JSON.parse(replayJson(record, result, about));
  assert.deepEqual(json.faults[0], {
    is: 'later',
    code: 'HOT',
    before: '2026-11-03T12:00:00.000Z',
    after: '2026-11-03T12:00:02.000Z',
  });
  assert.deepEqual([json.events, json.changes, json.deviations.length], [2, about.changes, 1]);
});

it('counts the rows that do not fit', () => {
  const faults = Array.from({ length: 60 }, (_, n) => ({
    is: 'more' as const,
    code: `F${n}`,
    beforeMs: null,
    afterMs: at,
  }));
  const result = { ...same, difference: { ...same.difference, faults } };
  assert.match(replayLines(record, result, about).join('\n'), /… and 10 more; --json prints all/);
});
