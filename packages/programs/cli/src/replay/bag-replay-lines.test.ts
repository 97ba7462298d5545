import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { BagReplay } from '@medkit/gateway/replay-bags';
import { bagReplayJson, bagReplayLines, isSameReplay } from './bag-replay-lines.ts';

const at = BigInt(Date.UTC(2026, 10, 3, 12)) * 1_000_000n;
const about = { bags: ['stop.mcap'], changes: ['tried.yaml'] };
const outcome = { faults: { occurrences: [], nearMisses: 0, events: 0 }, incidents: [], notifications: [] };
const condition = { type: 'EnterRange', parameters: { lower_bound: 0, upper_bound: 22 } };
const replayed: BagReplay = {
  spans: [{ startNs: at, endNs: at + 5_000_000_000n }],
  messages: 9,
  malformed: new Map(),
  incomplete: [],
  rules: [
    {
      id: 'trig_1',
      rule: {
        number: 1,
        entity: { kind: 'app', id: 'battery' },
        resource: '/api/v1/apps/battery/data/voltage',
        collection: 'data',
        item: 'voltage\u001b[2J',
        condition,
        pointer: '',
        protocol: 'sse',
        multishot: true,
        persistent: true,
      },
      before: { judged: 9, fired: 1, timesNs: [at] },
      after: { judged: 9, fired: 1, timesNs: [at] },
      differences: [],
    },
  ],
  result: {
    before: outcome,
    after: outcome,
    difference: { faults: [], incidents: [], notifications: [] },
    deviations: [],
  },
};

it('says how often each rule fires, and that nothing would have been different', () => {
  const text = bagReplayLines(replayed, about).join('\n');
  assert.ok(isSameReplay(replayed));
  assert.match(text, /^stop\.mcap: 9 messages of watched topics from /);
  assert.match(text, /trig_1 +voltage.* EnterRange lower_bound=0 upper_bound=22 +1 +1/);
  assert.match(text, /Nothing would have been different\./);
  assert.ok(!text.includes('\u001b'), 'no name controls the terminal');
});

it('lists differences, unknown rules and incomplete recordings', () => {
  const [rule] = replayed.rules;
  const changed: BagReplay = {
    ...replayed,
    malformed: new Map([['/scan', 2]]),
    incomplete: ['stop.mcap'],
    rules: [
      {
        ...rule!,
        after: { judged: 9, fired: 2, timesNs: [at + 1_000_000_000n, at + 3_000_000_000n] },
        differences: [
          { is: 'later', beforeNs: at, afterNs: at + 1_000_000_000n },
          { is: 'more', afterNs: at + 3_000_000_000n },
        ],
      },
      { ...rule!, id: 'trig_2', before: { judged: 0, fired: 0, timesNs: [], unknown: 'No topic' }, differences: [] },
    ],
  };
  const text = bagReplayLines(changed, about).join('\n');
  assert.ok(!isSameReplay(changed));
  assert.match(text, /trig_1 +fires later .*\+1\.0 s/);
  assert.match(text, /trig_1 +fires additionally +never/);
  assert.match(text, /trig_2 .* unknown/);
  assert.match(text, /Unknown: trig_2\. No topic\./);
  assert.match(text, /stop\.mcap is incomplete/);
  assert.match(text, /2 messages of \/scan do not match their definition/);
  assert.match(text, /Events of triggers: 1 now, 3 with the change\./);
  const json = JSON.parse(bagReplayJson(changed, about));
  assert.deepEqual(json.rules[0].differences, [
    { is: 'later', before: '2026-11-03T12:00:00.000Z', after: '2026-11-03T12:00:01.000Z' },
    { is: 'more', before: null, after: '2026-11-03T12:00:03.000Z' },
  ]);
  assert.deepEqual([json.changes, json.incomplete, json.malformed], [['tried.yaml'], ['stop.mcap'], { '/scan': 2 }]);
});
