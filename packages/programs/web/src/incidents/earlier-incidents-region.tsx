import type { IncidentDetail, IncidentFault } from '@medkit/contract';
import { useState } from 'react';
import { gateway, refetchRoutes, useRoute } from '../gateway/gateway.ts';
import { Loaded } from '../regions/loaded.tsx';
import { Region } from '../regions/region.tsx';
import { Link } from '../routes/link.tsx';
import { addressOf } from '../routes/pages.ts';
import { texts } from '../texts/texts.ts';
import { Time } from '../time/time.tsx';
import { timeMs } from '../time/times.ts';
import { StateChip } from './incident-head.tsx';
import { NoteForm } from './note-form.tsx';

const DAYS_MS = 30 * 86_400_000;
const MAX_INCIDENTS = 20;

interface BeforeRegionProps {
  readonly incident: IncidentDetail;
  readonly root: IncidentFault | undefined;
}

/** Other incidents of the same entity in thirty days, and the notes on this one. */
export function EarlierIncidentsRegion({ incident, root }: BeforeRegionProps) {
  const [since] = useState(() => new Date(Date.parse(incident.began) - DAYS_MS).toISOString());
  const entity = root?.entity_id ?? undefined;
  const before = useRoute(
    'listIncidents',
    { query: { since, limit: MAX_INCIDENTS, ...(entity && { entity }) } },
    { enabled: entity !== undefined },
  );
  return (
    <Region title={texts.incidents.before} className="incident-before">
      {entity === undefined ? (
        <p className="soft">{texts.incidents.neverBefore}</p>
      ) : (
        <Loaded query={before} height={60}>
          {({ items }) => {
            const others = items.filter(({ id }) => id !== incident.id);
            if (others.length === 0) return <p className="soft">{texts.incidents.neverBefore}</p>;
            return (
              <ul className="incident-people-rows">
                {others.map((other) => (
                  <li key={other.id} className="row">
                    <Time ms={timeMs(other.began)} />
                    <Link to={addressOf('incident', { id: other.id })}>{other.title}</Link>
                    <StateChip incident={other} />
                  </li>
                ))}
              </ul>
            );
          }}
        </Loaded>
      )}
      <h3>{texts.incidents.notes}</h3>
      {incident.notes.length > 0 && (
        <ul className="incident-people-rows">
          {incident.notes.map(({ at, by, text }) => (
            <li key={`${at} ${by}`}>
              <Time ms={timeMs(at)} /> <b>{by}</b> {text}
            </li>
          ))}
        </ul>
      )}
      <NoteForm
        onWrite={async (note) => {
          await gateway().call('changeIncident', { path: { incident_id: incident.id }, body: { note } });
          refetchRoutes(['getIncident', 'getIncidentTimeline']);
        }}
      />
    </Region>
  );
}
