import type { IncidentDetail, TimelineRow } from '@medkit/contract';
import { useEffect, useMemo } from 'react';
import { Loaded, Partial, silentOnes } from '../app/region.tsx';
import { useRoute } from '../gateway/gateway.ts';
import { goTo } from '../routes/location.ts';
import { addressOf } from '../routes/pages.ts';
import { texts } from '../texts/texts.ts';
import { wholeTime } from '../time/times.ts';
import { BeforeRegion } from './before-region.tsx';
import { ContributorsRegion } from './contributors-region.tsx';
import { entityOf } from './entity-of.ts';
import { FrameRegion } from './frame-region.tsx';
import { IncidentHead } from './incident-head.tsx';
import { LogsRegion } from './logs-region.tsx';
import { PeopleRegion } from './people-region.tsx';
import { RecordingRegion } from './recording-region.tsx';
import { eventsOf } from './timeline-lanes.ts';
import { TimelineRegion } from './timeline-region.tsx';
import { useIncidentCursor } from './use-incident-cursor.ts';
import { WhyRegion } from './why-region.tsx';
import './incident.css';

const MAX_ROWS = 1000;
/** While it is open, rows come that no event tells of: log lines, what people do. */
const OPEN_EVERY_MS = 4000;

/** Everything that is known of one event of the world. */
export function IncidentPage({ id }: { readonly id: string }) {
  const incident = useRoute('getIncident', { path: { incident_id: id } });
  const state = incident.data?.state;
  const timeline = useRoute(
    'getIncidentTimeline',
    { path: { incident_id: id }, query: { limit: MAX_ROWS } },
    { ...(state !== 'closed' && { everyMs: OPEN_EVERY_MS }) },
  );
  const known = incident.data?.id;
  useEffect(() => {
    // It was merged into another one: the address is that of the one that is shown.
    if (known !== undefined && known !== id)
      goTo(addressOf('incident', { id: known }) + location.search, { replace: true });
  }, [known, id]);
  return (
    <Loaded query={incident} height={600}>
      {(shown) => (
        <IncidentView incident={shown} rows={timeline.data?.items} withheld={timeline.data?.withheld ?? []} />
      )}
    </Loaded>
  );
}

interface IncidentViewProps {
  readonly incident: IncidentDetail;
  /** `undefined` while nobody has answered. */
  readonly rows: readonly TimelineRow[] | undefined;
  readonly withheld: readonly string[];
}

function IncidentView({ incident, rows, withheld }: IncidentViewProps) {
  const known = rows ?? [];
  const events = useMemo(() => eventsOf(incident, rows ?? []), [incident, rows]);
  useIncidentCursor(events);
  useUnfoldedPrint();
  const root = incident.faults[0];
  const of = root && entityOf(root);
  const detail = useRoute(
    'getFault',
    { entity: of ?? { kind: 'app', id: '-' }, path: { fault_code: root?.fault_code ?? '-' } },
    { enabled: of !== undefined },
  );
  return (
    <div className="incident">
      <IncidentHead incident={incident} isWhole={silentOnes(incident['x-medkit']).length === 0} />
      <Partial about={incident['x-medkit']} />
      <div className="incident-grid">
        <WhyRegion incident={incident} />
        <FrameRegion incident={incident} root={root} detail={detail} />
        <TimelineRegion incident={incident} rows={known} events={events} />
        <RecordingRegion incident={incident} />
        <div className="incident-beside stack">
          <LogsRegion rows={known} isLoading={rows === undefined} />
          <PeopleRegion rows={known} withheld={withheld.includes('people')} isLoading={rows === undefined} />
          <div className="incident-pair">
            <BeforeRegion incident={incident} root={root} />
            <ContributorsRegion incident={incident} />
          </div>
        </div>
      </div>
      <footer className="print-only">{texts.incidents.printed(location.href, wholeTime(Date.now(), true))}</footer>
    </div>
  );
}

/** On paper nothing can be opened: all folds are open while it is printed. */
function useUnfoldedPrint(): void {
  useEffect(() => {
    let opened: readonly HTMLDetailsElement[] = [];
    const unfold = (): void => {
      // A message of a recording has thousands of values: those that somebody has opened are enough.
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
