import uPlot from 'uplot';
import { showsUtc } from '../time/times.ts';
import { axisTimes } from './axis-times.ts';
import { type ChartModel, unitOfThreshold, unitsOf } from './chart-model.ts';
import { FLAG_ROW, FLAG_ROWS, scaleOf } from './chart-overlay.ts';
import { formatMeasurement } from './chart-series.ts';
import { type ChartStyle, DASHES, fontOf } from './chart-style.ts';

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Maximum value axes, one on each side. Series of a third unit are drawn without an axis. */
const MAX_VALUE_AXES = 2;

/**
 * Returns the uPlot options: uPlot draws lines and axes, but no legend and no cursor. `model` returns the current
 * content of the chart.
 */
export function chartOptions(model: () => ChartModel, look: ChartStyle, size: Size): uPlot.Options {
  const { scale } = look;
  const { series, marks } = model();
  const units = unitsOf({ series });
  const font = fontOf(12 * scale);
  const grid = { stroke: look.line, width: scale };
  const axis = { stroke: look.soft, font, grid, ticks: { ...grid, size: 4 * scale }, gap: 4 * scale };
  return {
    ...size,
    ms: 1,
    ...(showsUtc() && { tzDate: (ms: number) => uPlot.tzDate(new Date(ms), 'Etc/UTC') }),
    padding: [(marks.length > 0 ? FLAG_ROW * FLAG_ROWS + 2 : 10) * scale, units.length > 1 ? 0 : 30 * scale, 0, 0],
    legend: { show: false },
    cursor: { show: false },
    scales: {
      x: { time: true, auto: false, range: (_, min, max) => [min, max] },
      ...Object.fromEntries(
        units.map((unit) => [
          scaleOf(unit),
          { range: (_: uPlot, min: number, max: number) => valueRange(model(), unit, min, max) },
        ]),
      ),
    },
    axes: [
      {
        ...axis,
        space: 82 * scale,
        size: 28 * scale,
        values: (_, splits, __, ___, incr) => axisTimes(splits, incr),
      },
      ...units.slice(0, MAX_VALUE_AXES).map(
        (unit, place): uPlot.Axis => ({
          ...axis,
          scale: scaleOf(unit),
          side: place === 0 ? 3 : 1,
          ...(place > 0 && { grid: { show: false } }),
          size: 56 * scale,
          space: 34 * scale,
          values: (_, splits, __, ___, incr) =>
            splits.map((value, at) => axisValue(value, incr, at === splits.length - 1 ? unit : '')),
        }),
      ),
    ],
    series: [
      {},
      ...series.map(
        ({ label, unit = '', step }, place): uPlot.Series => ({
          label,
          scale: scaleOf(unit),
          stroke: look.lanes[place % look.lanes.length]!,
          width: 1.75 * scale,
          dash: DASHES[place % DASHES.length]!.map((length) => length * scale),
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
function valueRange(model: ChartModel, unit: string, min: number | null, max: number | null): uPlot.Range.MinMax {
  const limits = model.thresholds
    .filter((threshold) => unitOfThreshold(model, threshold) === unit)
    .map(({ value }) => value);
  const ends = [...(min === null || max === null ? [] : [min, max]), ...limits].filter(Number.isFinite);
  if (ends.length === 0) return [0, 1];
  const [low, high] = [Math.min(...ends), Math.max(...ends)];
  if (low === high) return low === 0 ? [0, 1] : [low - Math.abs(low) / 5, high + Math.abs(high) / 5];
  return uPlot.rangeNum(low, high, 0.1, true);
}
