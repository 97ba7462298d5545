import type { IncidentDetail } from '@medkit/contract';
import { type Channel, crossingOf, type Threshold } from '@medkit/incidents/measured';

type Samples = Channel['samples'];

/** What a chart is drawn from; times in milliseconds since 1970. */
export interface ChartProps {
  readonly series: readonly {
    readonly id: string;
    readonly label: string;
    readonly unit?: string;
    readonly samples: Samples;
  }[];
  readonly thresholds: readonly {
    readonly label: string;
    readonly value: number;
    readonly unit?: string;
    readonly side?: 'below' | 'above';
  }[];
  readonly marks: readonly {
    readonly ms: number;
    readonly number: number;
    readonly label: string;
    readonly kind: 'fault';
  }[];
  readonly crossing?: { readonly ms: number; readonly value: number; readonly label: string };
}

export interface FrameChart {
  readonly props: ChartProps;
  /** From one sample of the measured value to the next: what happened between two is not known. */
  readonly everyMs?: number;
  /** From the crossing of the threshold to the moment when the root was confirmed. */
  readonly leadMs?: number;
}

/** Besides the measured value so many others: more curves tell less. */
const MAX_OTHERS = 3;

/** The chart of a freeze frame; `undefined` where it has nothing that moved. */
export function chartOf(
  incident: Pick<IncidentDetail, 'faults' | 'crossing' | 'began'>,
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
      marks: incident.faults.flatMap(({ began, fault_code }, at) => {
        const ms = Date.parse(began);
        return Number.isNaN(ms) ? [] : [{ ms, number: at + 1, label: fault_code, kind: 'fault' as const }];
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

/** How often a value became another one. */
function changes({ samples }: Channel): number {
  return samples.filter(([, value], at) => at > 0 && value !== samples[at - 1]![1]).length;
}

function medianStep(samples: Samples): number | undefined {
  const steps = samples.slice(1).map(([ms], at) => ms - samples[at]![0]);
  return steps.toSorted((one, other) => one - other)[Math.floor(steps.length / 2)];
}
