import { token } from '../themes/theme.ts';

/** How series are told apart, in this order: by colour and by dash. Red comes last, it is that of faults. */
export const LANES = ['--lane-2', '--lane-5', '--lane-4', '--lane-3', '--lane-6', '--lane-1'] as const;
export const DASHES: readonly (readonly number[])[] = [[], [7, 4], [2, 3], [10, 4, 2, 4], [4, 2], [14, 5]];

/** Colours of kinds of marks, as lanes of the timeline have them; any other kind is grey. */
const MARK_COLOURS: Readonly<Record<string, `--${string}`>> = {
  fault: '--fault-2',
  threshold: '--fault-2',
  action: '--lane-2',
  log: '--lane-3',
  person: '--lane-4',
};

/** The class of the flag of a mark beside the chart: of the same colour as within it. */
export function markClass(kind: string): string {
  return Object.hasOwn(MARK_COLOURS, kind) ? `chart-kind-${kind}` : '';
}

/** What a chart is drawn with: colours of the present theme, and how large everything is (2 for paper). */
export interface ChartLook {
  readonly scale: number;
  readonly ink: string;
  readonly soft: string;
  readonly line: string;
  readonly card: string;
  readonly harm: string;
  readonly limit: string;
  readonly lanes: readonly string[];
  mark(kind: string): string;
}

/** Reads the colours of the present theme. */
export function chartLook(scale: number): ChartLook {
  const marks = new Map<string, string>();
  return {
    scale,
    ink: token('--ink'),
    soft: token('--soft'),
    line: token('--line'),
    card: token('--card'),
    harm: token('--fault-2'),
    limit: token('--fault-1'),
    lanes: LANES.map(token),
    mark(kind) {
      const name = Object.hasOwn(MARK_COLOURS, kind) ? MARK_COLOURS[kind]! : '--soft';
      const colour = marks.get(name) ?? token(name);
      marks.set(name, colour);
      return colour;
    },
  };
}

/** The font of everything on a canvas, at a size in CSS pixels. */
export const fontOf = (size: number, weight = 400): string => `${weight} ${size}px system-ui, "Segoe UI", sans-serif`;
