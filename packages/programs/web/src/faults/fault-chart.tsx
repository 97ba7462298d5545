import type { FaultDetailResult } from '@medkit/contract';
import { channelsOf, measurementsOf } from '@medkit/incidents/measured';
import { lazy, Suspense, useMemo } from 'react';
import { useChartLink } from '../charts/chart-link.ts';
import { chartOf } from '../incidents/frame-chart.ts';
import { Skeleton } from '../regions/loaded.tsx';
import { Region } from '../regions/region.tsx';
import { texts } from '../texts/texts.ts';
import { formatDuration } from '../time/times.ts';
import { faultTexts } from './texts.ts';

const TimeChart = lazy(async () => ({ default: (await import('../charts/time-chart.tsx')).TimeChart }));
const HEIGHT = 260;

interface FaultChartProps {
  readonly detail: FaultDetailResult;
  readonly occurrence: number;
  /** Time of confirmation, ISO 8601. */
  readonly confirmed: string;
}

/** The value that crossed its threshold, as recorded until the fault. Renders nothing if no value was recorded. */
export function FaultChart({ detail, occurrence, confirmed }: FaultChartProps) {
  const t = faultTexts;
  const { code } = detail.item;
  const chart = useMemo(() => {
    const faults = [{ began: confirmed, fault_code: code }];
    const thresholds = measurementsOf(detail, occurrence);
    return chartOf({ faults, began: confirmed }, { thresholds, channels: channelsOf(detail, occurrence) });
  }, [detail, occurrence, confirmed, code]);
  useChartLink();
  if (chart === undefined) return null;
  // The chart appends the value to the label.
  const thresholds = chart.props.thresholds.map((threshold) => ({ ...threshold, label: texts.incidents.threshold }));
  return (
    <Region title={t.chart}>
      <Suspense fallback={<Skeleton height={HEIGHT} />}>
        <TimeChart title={t.chartOf(code)} height={HEIGHT} {...chart.props} thresholds={thresholds} />
        <p className="soft">
          {chart.leadMs !== undefined && t.lead(formatDuration(chart.leadMs))}{' '}
          {chart.everyMs !== undefined && t.sampled(Math.round(chart.everyMs))}
        </p>
      </Suspense>
    </Region>
  );
}
