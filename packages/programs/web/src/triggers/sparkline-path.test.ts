import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { HEIGHT, layOutSparkline, WIDTH } from './sparkline-path.ts';

const at = { nowMs: 60_000, spanMs: 60_000 };

describe('a sparkline', () => {
  it('ends at the right edge with the newest value', () => {
    const line = layOutSparkline(
      [
        [0, 1],
        [30_000, 2],
      ],
      { ...at, band: undefined },
    );
    const [first, middle, end] = (line?.points ?? '').split(' ').map((point) => point.split(',').map(Number));
    assert.deepEqual([first?.[0], middle?.[0], end?.[0]], [0, WIDTH / 2, WIDTH]);
    assert.ok(first![1]! > middle![1]!, 'higher values are further up');
    assert.equal(middle![1], end![1]);
  });

  it('has a scale with the nearest bound, and clips the band', () => {
    const line = layOutSparkline([[0, 25]], { ...at, band: { lower: 0, upper: 22 } });
    assert.equal(line?.limits.length, 1, 'the bound at 0 is out of sight');
    assert.ok(line.band!.y > HEIGHT / 2);
    assert.equal(line.band!.y + line.band!.height, HEIGHT);
    const open = layOutSparkline([[0, 25]], { ...at, band: { lower: 22, upper: undefined } });
    assert.equal(open?.band?.y, 0);
  });

  it('is drawn for a constant value, and not without values', () => {
    assert.match(layOutSparkline([[0, 3]], { ...at, band: undefined })?.points ?? '', /,40 600,40$/);
    assert.equal(layOutSparkline([[0, Number.NaN]], { ...at, band: undefined }), undefined);
    assert.equal(layOutSparkline([], { ...at, band: { lower: 0, upper: 1 } }), undefined);
  });
});
