import { token } from '../themes/theme.ts';

/** Colours and dashes that distinguish the series, in this order. Red comes last because faults use it. */
export const LANES = ['--lane-2', '--lane-5', '--lane-4', '--lane-3', '--lane-6', '--lane-1'] as const;
export const DASHES: readonly (readonly number[])[] = [[], [7, 4], [2, 3], [10, 4, 2, 4], [4, 2], [14, 5]];

/** Drawing parameters of a chart: colours of the current theme and a scale factor (2 for print). */
export interface ChartStyle {
  readonly scale: number;
  readonly ink: string;
  readonly soft: string;
  readonly line: string;
  readonly card: string;
  readonly harm: string;
  readonly limit: string;
  readonly lanes: readonly string[];
}

/** Reads the colours of the current theme. */
export function chartStyle(scale: number): ChartStyle {
  return {
    scale,
    ink: token('--ink'),
    soft: token('--soft'),
    line: token('--line'),
    card: token('--card'),
    harm: token('--fault-2'),
    limit: token('--fault-1'),
    lanes: LANES.map(token),
  };
}

/** Returns the canvas font at a size in CSS pixels. */
export const fontOf = (size: number, weight = 400): string => `${weight} ${size}px system-ui, "Segoe UI", sans-serif`;
