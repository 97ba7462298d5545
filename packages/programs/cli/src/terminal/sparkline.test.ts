import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { glyphsOf } from './glyphs.ts';
import { sparkline } from './sparkline.ts';

const DRAWN = glyphsOf({ LANG: 'C.UTF-8' });
const ASCII = glyphsOf({ NO_COLOR: '1' });

/** One value every 100 ms. */
const curve = (values: readonly number[], threshold = 0.8) => ({
  samples: values.map((value, at) => [1000 + at * 100, value] as const),
  threshold,
});

describe('a sparkline', () => {
  it('falls with the value, and marks the columns in which it is beyond its threshold', () => {
    const { bars, marks } = sparkline(curve([2, 2, 2, 1.6, 1.2, 0.2, 0.2, 0.2]), 8, DRAWN);
    assert.equal(bars, '███▆▅▁▁▁');
    assert.equal(marks, '     ^^^');
  });

  it('is drawn in ASCII if the terminal may have no block characters', () => {
    assert.equal(sparkline(curve([2, 2, 0.2, 0.2]), 4, ASCII).bars, '##__');
    for (const environment of [
      { TERM: 'dumb' },
      { TERM: 'linux', LANG: 'C.UTF-8' },
      { LC_ALL: 'C', LANG: 'C.UTF-8' },
    ]) {
      assert.deepEqual(glyphsOf(environment), ASCII, JSON.stringify(environment));
    }
    assert.deepEqual(glyphsOf({ TERM: 'xterm', NO_COLOR: '' }), DRAWN);
  });

  it('has columns of equal duration, in which a value stays until the next sample', () => {
    const samples = [
      [0, 2],
      [100, 2],
      [900, 0.2],
      [1000, 0.2],
    ] as const;
    assert.equal(sparkline({ samples, threshold: 0.8 }, 10, ASCII).bars, '#########_');
  });

  it('marks a sample beyond the threshold, however few columns there are', () => {
    const values = Array.from({ length: 100 }, (_, at) => (at === 50 || at === 99 ? 0.2 : 2));
    assert.equal(sparkline(curve(values), 10, ASCII).marks, '     ^   ^');
  });

  it('rises with the value, and marks a threshold that was crossed from below', () => {
    assert.deepEqual(sparkline(curve([70, 80, 95], 90), 3, ASCII), { bars: '_-#', marks: '  ^' });
    assert.deepEqual(sparkline(curve([2, 2, 2], 0.8), 3, ASCII), { bars: '###', marks: '' });
  });

  it('marks a value equal to the threshold, reached from either side', () => {
    assert.equal(sparkline(curve([3, 2, 0.8, 0.8]), 4, ASCII).marks, '  ^^');
    assert.equal(sparkline(curve([0.2, 0.4, 0.8, 0.8]), 4, ASCII).marks, '  ^^');
    assert.equal(sparkline(curve([0.8, 0.8]), 2, ASCII).marks, '');
  });

  it('has no bar without a sample, and one for a single sample', () => {
    assert.deepEqual(sparkline(curve([]), 10, ASCII), { bars: '', marks: '' });
    assert.deepEqual(sparkline(curve([0.8]), 10, ASCII), { bars: '_', marks: '' });
  });
});
