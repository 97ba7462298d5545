import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Box, overlap, placeLabel } from './label-place.ts';

const within: Box = { left: 0, top: 0, width: 400, height: 100 };
const line: Box = { left: 0, top: 49, width: 400, height: 2 };
const options = { width: 80, height: 14, gap: 8, within, taken: [line] };

describe('the label of a point', () => {
  it('stays within the plot and covers no line, wherever the point is', () => {
    for (let x = 0; x <= 400; x += 20) {
      for (let y = 0; y <= 100; y += 5) {
        const place = placeLabel(x, y, options);
        assert.ok(place.left >= 0 && place.left + 80 <= 400 && place.top >= 0 && place.top + 14 <= 100, `${x} ${y}`);
        assert.ok(!overlap(place, line), `${x} ${y}: ${place.top}`);
      }
    }
  });

  it('is placed on the side with more room', () => {
    assert.deepEqual(placeLabel(100, 90, options), { left: 108, top: 68, width: 80, height: 14 });
    assert.equal(placeLabel(300, 90, options).left, 212);
  });

  it('covers something if there is no other place', () => {
    assert.deepEqual(placeLabel(200, 50, { ...options, taken: [within] }).width, 80);
    assert.ok(placeLabel(200, 50, { ...options, width: 900 }).left <= 0);
  });
});
