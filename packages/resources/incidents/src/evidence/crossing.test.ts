import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { NIGHT_MS } from '../testing/occurrence.ts';
import { crossingOf } from './crossing.ts';

describe('the value with which a threshold of 5 was crossed', () => {
  for (const [what, values, expected] of [
    ['does not exist without values', [], undefined],
    ['does not exist if all values are on one side', [1, 2, 3], undefined],
    ['is the first value below', [9, 7, 4, 3], [4, 2]],
    ['is the first value above', [1, 4, 6, 9], [6, 2]],
    ['belongs to the last crossing', [9, 4, 8, 3, 2], [3, 3]],
    ['is the threshold itself, reached from below', [3, 4, 5, 5], [5, 2]],
    ['is the threshold itself, reached from above', [7, 6, 5, 5], [5, 2]],
    ['does not exist if all values equal the threshold', [5, 5], undefined],
    ['is the value beyond the threshold, if values pass through it', [7, 5, 4], [4, 2]],
  ] as const) {
    it(what, () => {
      const samples = values.map((value, at) => [NIGHT_MS + at * 1000, value] as const);
      const crossing = crossingOf({ channel: '/range', unit: 'm', threshold: 5, samples });
      const [value, at] = expected ?? [];
      assert.deepEqual(
        crossing,
        expected && {
          channel: '/range',
          value,
          threshold: 5,
          unit: 'm',
          at: new Date(NIGHT_MS + at! * 1000).toISOString(),
        },
      );
    });
  }
});

describe('the value with which a threshold of 5 was crossed in the given direction', () => {
  for (const [side, values, expected] of [
    ['above', [4, 5, 6, 7], [6, 2]],
    ['above', [4, 6, 4], [6, 1]],
    ['above', [4, 6, 4, 7, 3], [7, 3]],
    ['above', [6, 4], undefined],
    ['above', [4, 5], undefined],
    ['below', [6, 5, 4], [4, 2]],
    ['below', [6, 4, 9], [4, 1]],
    ['below', [3, 4], undefined],
  ] as const) {
    it(`${side} it is ${expected?.[0] ?? 'none'} for the values ${values}`, () => {
      const samples = values.map((value, at) => [NIGHT_MS + at * 1000, value] as const);
      const crossing = crossingOf({ channel: '/range', threshold: 5, side, samples });
      assert.deepEqual(
        crossing && [crossing.value, Date.parse(crossing.at!)],
        expected && [expected[0], NIGHT_MS + expected[1] * 1000],
      );
    });
  }
});
