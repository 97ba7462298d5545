import type { IncidentDetail, IncidentFault } from '@medkit/contract';
import { type Channel, crossingOf, type Threshold } from '@medkit/incidents/measured';
import type { ChartCrossing, ChartMark, ChartSeries, ChartThreshold } from '../charts/chart-series.ts';

/** Input of a chart; times in milliseconds since 1970. */
export interface ChartProps {
  readonly series: readonly ChartSeries[];
  readonly thresholds: readonly ChartThreshold[];
  readonly marks: readonly ChartMark[];
  readonly crossing?: ChartCrossing;
}

export interface FrameChart {
  readonly props: ChartProps;
  /** Sampling interval of the measured value. */
  readonly everyMs?: number;
  /** Time from the crossing of the threshold to the confirmation of the root fault. */
  readonly leadMs?: number;
}

/** Maximum series besides the measured value; more curves would be unreadable. */
const MAX_OTHERS = 3;
/** Maximum faults marked in the chart; the list next to it has all of them. */
const MAX_MARKS = 20;

/** Returns the chart of a freeze frame, or `undefined` if it has no samples. */
export function chartOf(
  incident: Pick<IncidentDetail, 'crossing' | 'began'> & {
    readonly faults: readonly Pick<IncidentFault, 'began' | 'fault_code'>[];
  },
  { thresholds, channels }: { readonly thresholds: readonly Threshold[]; readonly channels: readonly Channel[] },
): FrameChart | undefined {
  const measured = thresholds.find(({ channel }) => channel === incident.crossing?.channel) ?? thresholds[0];
  const isMeasured = ({ channel }: Channel): boolean =>
    measured !== undefined && (channel === measured.channel || channel.startsWith(`${measured.channel}.`));
  const others = channels
    .filter((channel) => !isMeasured(channel) && channel.samples.length > 0)
    .toSorted((one, other) => changes(other) - changes(one))
    .slice(0, MAX_OTHERS);
  const drawn = [...(measured ? [measured] : []), ...others].filter(({ samples }) => samples.length > 0);
  if (drawn.length === 0) return undefined;
  const crossing = measured && (incident.crossing ?? crossingOf(measured));
  const crossedMs = Date.parse(crossing?.at ?? '');
  const beganMs = Date.parse(incident.faults[0]?.began ?? incident.began);
  const everyMs = measured && medianStep(measured.samples);
  return {
    props: {
      series: drawn.map(({ channel, label, unit, samples }) => ({
        id: channel,
        label: label ?? channel,
        ...(unit && { unit }),
        samples,
      })),
      thresholds: measured
        ? [
            {
              label: `${measured.threshold}${measured.unit ? ` ${measured.unit}` : ''}`,
              value: measured.threshold,
              ...(measured.unit && { unit: measured.unit }),
              ...(crossing && ({ side: crossing.value <= crossing.threshold ? 'below' : 'above' } as const)),
            },
          ]
        : [],
      marks: incident.faults.slice(0, MAX_MARKS).flatMap(({ began, fault_code }, at) => {
        const ms = Date.parse(began);
        return Number.isNaN(ms) ? [] : [{ ms, number: at + 1, label: fault_code }];
      }),
      ...(crossing &&
        !Number.isNaN(crossedMs) && {
          crossing: { ms: crossedMs, value: crossing.value, label: crossing.label ?? crossing.channel },
        }),
    },
    ...(everyMs !== undefined && { everyMs }),
    ...(crossing && !Number.isNaN(crossedMs) && beganMs - crossedMs > 5 && { leadMs: beganMs - crossedMs }),
  };
}

/** Counts the changes of a value. */
function changes({ samples }: Channel): number {
  return samples.filter(([, value], at) => at > 0 && value !== samples[at - 1]![1]).length;
}

function medianStep(samples: ChartSeries['samples']): number | undefined {
  const steps = samples.slice(1).map(([ms], at) => ms - samples[at]![0]);
  return steps.toSorted((one, other) => one - other)[Math.floor(steps.length / 2)];
}
