import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crossingLine } from './measured-lines.ts';

for (const [values, expected] of [
  [[70, 91.5, 92], /^Level 91\.50 % > 90 % +\S+ \d\d:\d\d:01\.000$/],
  [[70, 91.5, 60], /^Level 91\.50 % > 90 % +\S+ \d\d:\d\d:01\.000$/],
  [[91.5, 92], /^Level 92\.00 % > 90 %, as it was all the time$/],
  [[91.5, 60], /^Level 91\.50 % > 90 %, when what was kept of it begins$/],
  [[], /^Level 90\.00 % = 90 %, as it was all the time$/],
] as const) {
  test(`a level with the limit 90 that was ${values.join(', ') || 'nothing'} is said so`, () => {
    const samples = values.map((value, at) => [1_770_201_000_000 + at * 1000, value] as const);
    const measured = { channel: 'tank.level', label: 'Level', unit: '%', threshold: 90, side: 'above' } as const;
    assert.match(crossingLine({ ...measured, samples }), expected);
  });
}
