import type { FaultDetailResult, IncidentDetail, IncidentFault } from '@medkit/contract';
import { channelsOf, measurementsOf } from '@medkit/incidents/measured';
import type { UseQueryResult } from '@tanstack/react-query';
import { lazy, Suspense, useMemo } from 'react';
import { useBagSeries, type WantedSeries } from '../recordings/bag-series.ts';
import { useBag } from '../recordings/use-bag.ts';
import { Loaded, Skeleton } from '../regions/loaded.tsx';
import { Region } from '../regions/region.tsx';
import { entityOf } from '../routes/entity-of.ts';
import { fileAddress } from '../routes/file-address.ts';
import { texts } from '../texts/texts.ts';
import { type ChartProps, chartOf } from './frame-chart.ts';
import { findChannelInBag, rootRecording } from './measured-in-bag.ts';

const TimeChart = lazy(async () => ({ default: (await import('../charts/time-chart.tsx')).TimeChart }));
const HEIGHT = 280;

interface FrameRegionProps {
  readonly incident: IncidentDetail;
  readonly root: IncidentFault | undefined;
  readonly detail: Pick<UseQueryResult<FaultDetailResult, Error>, 'data' | 'error' | 'refetch' | 'isPending'>;
}

/** The freeze frame of the root fault as a chart: the value that crossed its threshold, and other channels. */
export function FrameRegion({ incident, root, detail }: FrameRegionProps) {
  return (
    <Region title={texts.incidents.frame} className="incident-frame">
      {root === undefined || entityOf(root) === undefined ? (
        <p className="soft">{texts.incidents.noFrame}</p>
      ) : (
        <Loaded query={detail} height={HEIGHT}>
          {(loaded) => <FrameChart incident={incident} root={root} detail={loaded} />}
        </Loaded>
      )}
    </Region>
  );
}

interface FrameChartProps {
  readonly incident: IncidentDetail;
  readonly root: IncidentFault;
  readonly detail: FaultDetailResult;
}

function FrameChart({ incident, root, detail }: FrameChartProps) {
  const chart = useMemo(() => {
    const thresholds = measurementsOf(detail, root.occurrence);
    return chartOf(incident, { thresholds, channels: channelsOf(detail, root.occurrence) });
  }, [incident, root.occurrence, detail]);
  const series = useRecorded(incident, chart?.props.series ?? []);
  if (chart === undefined) return <p className="soft">{texts.incidents.noFrame}</p>;
  const sampling = chart.everyMs === undefined ? '' : texts.incidents.sampled(Math.round(chart.everyMs));
  const { crossing } = chart.props;
  const named = crossing && { ...crossing, label: texts.incidents.crossing(chart.leadMs) };
  const thresholds = chart.props.thresholds.map((threshold) => ({ ...threshold, label: texts.incidents.threshold }));
  return (
    <Suspense fallback={<Skeleton height={HEIGHT} />}>
      <TimeChart
        title={texts.incidents.frameOf(root.fault_code)}
        height={HEIGHT}
        {...chart.props}
        series={series}
        thresholds={thresholds}
        {...(named && { crossing: named })}
      />
      <p className="soft">
        {chart.leadMs !== undefined && texts.incidents.lead((chart.leadMs / 1000).toFixed(2), root.fault_code)}{' '}
        {sampling}
      </p>
    </Suspense>
  );
}

/**
 * Replaces the series by those from the recording of the root fault, once it is available; it also covers the time
 * after the frame.
 */
function useRecorded(incident: IncidentDetail, series: ChartProps['series']): ChartProps['series'] {
  const href = rootRecording(incident)?.href;
  const { bag } = useBag(href === undefined ? undefined : fileAddress(href));
  const places = series.map(({ id }) => (bag ? findChannelInBag(bag.topics, id) : undefined));
  const recorded = useBagSeries(
    bag,
    places.filter((place): place is WantedSeries => place !== undefined),
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: places are derived from the series and the recording.
  return useMemo(
    () =>
      series.map((one, at) => {
        const place = places[at];
        const found = place && recorded?.series.find(({ id }) => id === `${place.topic}:${place.path}`);
        return found && found.samples.length > 1 ? { ...one, samples: found.samples } : one;
      }),
    [series, recorded],
  );
}
