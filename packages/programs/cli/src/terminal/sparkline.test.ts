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
  it('falls with the value, and marks where that is beyond its threshold', () => {
    const { bars, marks } = sparkline(curve([2, 2, 2, 1.6, 1.2, 0.2, 0.2, 0.2]), 8, DRAWN);
    assert.equal(bars, '███▆▅▁▁▁');
    assert.equal(marks, '     ^^^');
  });

  it('is drawn with letters of ASCII where a terminal may have no others', () => {
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

  it('has columns of the same time, in which a value stays until another one comes', () => {
    const samples = [
      [0, 2],
      [100, 2],
      [900, 0.2],
      [1000, 0.2],
    ] as const;
    assert.equal(sparkline({ samples, threshold: 0.8 }, 10, ASCII).bars, '#########_');
  });

  it('shows what was beyond the threshold for a moment only, however narrow it is', () => {
    const values = Array.from({ length: 100 }, (_, at) => (at === 50 || at === 99 ? 0.2 : 2));
    assert.equal(sparkline(curve(values), 10, ASCII).marks, '     ^   ^');
  });

  it('rises as well, and shows the threshold that was never reached by where the others lie', () => {
    assert.deepEqual(sparkline(curve([70, 80, 95], 90), 3, ASCII), { bars: '_-#', marks: '  ^' });
    assert.deepEqual(sparkline(curve([2, 2, 2], 0.8), 3, ASCII), { bars: '###', marks: '' });
  });

  it('has reached its threshold from above as from below', () => {
    assert.equal(sparkline(curve([3, 2, 0.8, 0.8]), 4, ASCII).marks, '  ^^');
    assert.equal(sparkline(curve([0.2, 0.4, 0.8, 0.8]), 4, ASCII).marks, '  ^^');
    assert.equal(sparkline(curve([0.8, 0.8]), 2, ASCII).marks, '');
  });

  it('is short where nothing was measured, or one value', () => {
    assert.deepEqual(sparkline(curve([]), 10, ASCII), { bars: '', marks: '' });
    assert.deepEqual(sparkline(curve([0.8]), 10, ASCII), { bars: '_', marks: '' });
  });
});
