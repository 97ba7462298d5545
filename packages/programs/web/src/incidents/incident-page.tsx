import type { IncidentDetail, TimelineRow } from '@medkit/contract';
import { lazy, Suspense, useEffect, useMemo } from 'react';
import { useChartLink } from '../charts/chart-link.ts';
import { useRoute } from '../gateway/gateway.ts';
import { gatewayNowMs } from '../gateway/gateway-clock.ts';
import { Failure } from '../regions/failure.tsx';
import { Loaded } from '../regions/loaded.tsx';
import { missingMembers, PartialNotice } from '../regions/partial-notice.tsx';
import { entityOf } from '../routes/entity-of.ts';
import { goTo } from '../routes/location.ts';
import { addressOf } from '../routes/pages.ts';
import { useBackToList } from '../tables/list-return.ts';
import { texts } from '../texts/texts.ts';
import { wholeTime } from '../time/times.ts';
import { CauseRegion } from './cause-region.tsx';
import { ContributorsRegion } from './contributors-region.tsx';
import { EarlierIncidentsRegion } from './earlier-incidents-region.tsx';
import { FrameRegion } from './frame-region.tsx';
import { IncidentHead } from './incident-head.tsx';
import { LogsRegion } from './logs-region.tsx';
import { PeopleRegion } from './people-region.tsx';
import { RecordingRegion } from './recording-region.tsx';
import { eventsOf } from './timeline-lanes.ts';
import { TimelineRegion } from './timeline-region.tsx';
import { useIncidentKeys } from './use-incident-keys.ts';
import { useTimeline } from './use-timeline.ts';
import './incident.css';

const OutbreakRegion = lazy(async () => ({ default: (await import('./outbreak-region.tsx')).OutbreakRegion }));

/** Everything known about an incident. */
export function IncidentPage({ id }: { readonly id: string }) {
  useBackToList('/incidents');
  const incident = useRoute('getIncident', { path: { incident_id: id } });
  const timeline = useTimeline(id, incident.data?.state === 'open');
  const known = incident.data?.id;
  useEffect(() => {
    // The incident was merged into another one: replaces the URL by that of the shown incident.
    if (known !== undefined && known !== id)
      goTo(addressOf('incident', { id: known }) + location.search, { replace: true });
  }, [known, id]);
  return (
    <Loaded query={incident} height={600}>
      {(loaded) => <IncidentView incident={loaded} timeline={timeline} />}
    </Loaded>
  );
}

const NO_ROWS: readonly TimelineRow[] = [];

interface IncidentViewProps {
  readonly incident: IncidentDetail;
  readonly timeline: ReturnType<typeof useTimeline>;
}

function IncidentView({ incident, timeline }: IncidentViewProps) {
  const { data, error, isPending, refetch } = timeline;
  const known = data?.rows ?? NO_ROWS;
  const events = useMemo(() => eventsOf(incident, known), [incident, known]);
  useChartLink();
  useIncidentKeys(events);
  useUnfoldedPrint();
  const root = incident.faults[0];
  const outbreak = incident.outbreak_detail;
  const of = root && entityOf(root);
  const detail = useRoute(
    'getFault',
    { entity: of ?? { kind: 'app', id: '-' }, path: { fault_code: root?.fault_code ?? '-' } },
    { enabled: of !== undefined },
  );
  return (
    <div className="incident">
      <IncidentHead incident={incident} isWhole={missingMembers(incident['x-medkit']).length === 0} />
      <PartialNotice about={incident['x-medkit']} />
      <PartialNotice about={data?.about} />
      {error && <Failure error={error} again={refetch} />}
      {data?.isCut && <p className="partial">{texts.incidents.firstRows(known.length)}</p>}
      <div className="incident-grid">
        {outbreak ? (
          <Suspense>
            <OutbreakRegion incident={incident} detail={outbreak} />
          </Suspense>
        ) : (
          <>
            <CauseRegion incident={incident} />
            <FrameRegion incident={incident} root={root} detail={detail} />
          </>
        )}
        <TimelineRegion incident={incident} rows={known} events={events} />
        {!outbreak && <RecordingRegion incident={incident} />}
        <div className="incident-beside stack">
          <LogsRegion rows={known} isLoading={isPending} />
          <PeopleRegion rows={known} withheld={data?.withheld.includes('people') ?? false} isLoading={isPending} />
          <div className="incident-pair">
            <EarlierIncidentsRegion incident={incident} root={root} />
            <ContributorsRegion incident={incident} />
          </div>
        </div>
      </div>
      <footer className="print-only">{texts.incidents.printed(location.href, wholeTime(gatewayNowMs(), true))}</footer>
    </div>
  );
}

/** Opens all folds for printing, because a reader cannot open them on paper. */
function useUnfoldedPrint(): void {
  useEffect(() => {
    let opened: readonly HTMLDetailsElement[] = [];
    const unfold = (): void => {
      // Leaves folds of recorded messages, which have thousands of values, as the user set them.
      opened = [
        ...document.querySelectorAll<HTMLDetailsElement>('main details:not([open], .recording-fields details)'),
      ];
      for (const fold of opened) fold.open = true;
    };
    const fold = (): void => {
      for (const details of opened) details.open = false;
    };
    addEventListener('beforeprint', unfold);
    addEventListener('afterprint', fold);
    return () => {
      removeEventListener('beforeprint', unfold);
      removeEventListener('afterprint', fold);
    };
  }, []);
}
