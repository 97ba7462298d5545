import uPlot from 'uplot';
import { showsUtc } from '../time/times.ts';
import { axisMoments, axisTimes } from './axis-times.ts';
import { type ChartPlot, unitsOf, widened } from './chart-model.ts';
import { FLAG_ROW, FLAG_ROWS, scaleOf } from './chart-overlay.ts';
import { formatMeasurement } from './chart-series.ts';
import { type ChartStyle, DASHES, fontOf } from './chart-style.ts';

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Width of the value axis, CSS pixels: `25.447 m/s`. Equal for all plots of a chart, so that their times line up. */
const AXIS_WIDTH = 70;

/**
 * Returns the uPlot options: uPlot draws lines and axes, but no legend and no cursor. `plot` returns the current content.
 */
export function chartOptions(plot: () => ChartPlot, look: ChartStyle, size: Size): uPlot.Options {
  const { scale } = look;
  const { series, places, marks, isFirst, isLast } = plot();
  const [unit] = unitsOf({ series }) as [string];
  const font = fontOf(12 * scale);
  const grid = { stroke: look.line, width: scale };
  const axis = { stroke: look.soft, font, grid, ticks: { ...grid, size: 4 * scale }, gap: 4 * scale };
  return {
    ...size,
    ms: 1,
    ...(showsUtc() && { tzDate: (ms: number) => uPlot.tzDate(new Date(ms), 'Etc/UTC') }),
    padding: [(isFirst && marks.length > 0 ? FLAG_ROW * FLAG_ROWS + 2 : 10) * scale, 30 * scale, 0, 0],
    legend: { show: false },
    cursor: { show: false },
    scales: {
      x: { time: true, auto: false, range: (_, min, max) => [min, max] },
      [scaleOf(unit)]: { range: (_: uPlot, min: number, max: number) => valueRange(plot(), unit, min, max) },
    },
    axes: [
      {
        ...axis,
        space: 82 * scale,
        size: (isLast ? 28 : 8) * scale,
        splits: (_, __, min, max, incr) => axisMoments(min, max, incr),
        values: (_, splits, __, ___, incr) => (isLast ? axisTimes(splits, incr) : splits.map(() => '')),
      },
      {
        ...axis,
        scale: scaleOf(unit),
        size: AXIS_WIDTH * scale,
        space: 34 * scale,
        values: (_, splits, __, ___, incr) =>
          splits.map((value, at) => axisValue(value, incr, at === splits.length - 1 ? unit : '')),
      },
    ],
    series: [
      {},
      ...series.map(
        ({ label, step }, at): uPlot.Series => ({
          label,
          scale: scaleOf(unit),
          stroke: look.lanes[places[at]! % look.lanes.length]!,
          width: 1.75 * scale,
          dash: DASHES[places[at]! % DASHES.length]!.map((length) => length * scale),
          points: { size: 4 * scale, space: 14 * scale },
          ...(step && { paths: uPlot.paths.stepped!({ align: 1 }) }),
        }),
      ),
    ],
  };
}

/** Formats an axis label with the precision of the tick distance. Only the topmost label gets the unit. */
function axisValue(value: number, incr: number, unit: string): string {
  const decimals = Math.min(12, (String(incr).split('.')[1] ?? '').length);
  const isPlain = incr >= 1e-6 && Math.abs(value) < 1e7;
  const number = isPlain ? String(Number(value.toFixed(decimals))).replace('-', '−') : formatMeasurement(value);
  return unit === '' ? number : `${number} ${unit}`;
}

/** Returns the range of the visible values and thresholds, with a margin. */
function valueRange(plot: ChartPlot, unit: string, min: number | null, max: number | null): uPlot.Range.MinMax {
  const limits = plot.thresholds.map(({ value }) => value);
  const ends = [...(min === null || max === null ? [] : [min, max]), ...limits].filter(Number.isFinite);
  if (ends.length === 0) return [0, 1];
  const [low, high] = widened(Math.min(...ends), Math.max(...ends), unit);
  return low === high ? [0, 1] : uPlot.rangeNum(low, high, 0.1, true);
}
