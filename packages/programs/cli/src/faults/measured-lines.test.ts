import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crossingLine } from './measured-lines.ts';

for (const [values, expected] of [
  [[70, 91.5, 92], /^Level 91\.50 % > 90 % +\S+ \d\d:\d\d:01\.000$/],
  [[70, 91.5, 60], /^Level 91\.50 % > 90 % +\S+ \d\d:\d\d:01\.000$/],
  [[91.5, 92], /^Level 92\.00 % > 90 %, for the whole recorded time$/],
  [[91.5, 60], /^Level 91\.50 % > 90 %, at the start of the recorded values$/],
  [[], /^Level 90\.00 % = 90 %, for the whole recorded time$/],
] as const) {
  test(`the line for a level with the limit 90 and ${values.join(', ') || 'no value'} matches ${expected}`, () => {
    const samples = values.map((value, at) => [1_770_201_000_000 + at * 1000, value] as const);
    const measured = { channel: 'tank.level', label: 'Level', unit: '%', threshold: 90, side: 'above' } as const;
    assert.match(crossingLine({ ...measured, samples }), expected);
  });
}
