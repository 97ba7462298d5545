import { useState } from 'react';
import { useRoute } from '../gateway/gateway.ts';
import { gatewayNowMs } from '../gateway/gateway-clock.ts';
import { Heading } from '../heading/heading.tsx';
import { Loaded } from '../regions/loaded.tsx';
import { PartialNotice } from '../regions/partial-notice.tsx';
import { Link } from '../routes/link.tsx';
import { changeSearch, useSearch } from '../routes/location.ts';
import { addressOf } from '../routes/pages.ts';
import { texts } from '../texts/texts.ts';
import { IncidentCard } from './incident-card.tsx';

const PAGE = 50;
const HOUR_MS = 3_600_000;
const STATES = ['open', 'healed', 'closed'] as const;

/** All incidents, newest first, filtered by the URL. */
export function IncidentsPage() {
  const search = useSearch();
  const [openedMs] = useState(gatewayNowMs);
  const [state, hours, entity, cursor] = ['state', 'hours', 'entity', 'cursor'].map(
    (name) => search.get(name) ?? '',
  ) as [string, string, string, string];
  const since =
    Number(hours) > 0 ? new Date(openedMs - Number(hours) * HOUR_MS).toISOString() : (search.get('since') ?? '');
  const until = search.get('until') ?? '';
  const list = useRoute('listIncidents', {
    query: {
      limit: PAGE,
      ...(state && { state }),
      ...(since && { since }),
      ...(until && { until }),
      ...(entity && { entity }),
      ...(cursor && { cursor }),
    },
  });
  const filter = (name: string, value: string) =>
    changeSearch({ [name]: value, cursor: undefined }, { replace: false });
  return (
    <div className="stack">
      <div className="spread">
        <Heading>{texts.incidents.title}</Heading>
        <div className="row">
          <select
            aria-label={texts.incidents.state}
            value={state}
            onChange={(event) => filter('state', event.target.value)}
          >
            <option value="">{texts.incidents.anyState}</option>
            {STATES.map((one) => (
              <option key={one} value={one}>
                {texts.incidents.states[one]}
              </option>
            ))}
          </select>
          <select
            aria-label={texts.incidents.since}
            value={hours}
            onChange={(event) => filter('hours', event.target.value)}
          >
            {['', '1', '24', '168', '720'].map((span) => (
              <option key={span} value={span}>
                {texts.incidents.spans[span]}
              </option>
            ))}
          </select>
          <input
            aria-label={texts.incidents.entity}
            placeholder={texts.incidents.entity}
            defaultValue={entity}
            spellCheck={false}
            onKeyDown={(event) => event.key === 'Enter' && filter('entity', event.currentTarget.value.trim())}
            onBlur={(event) => event.target.value.trim() !== entity && filter('entity', event.target.value.trim())}
          />
        </div>
      </div>
      <Loaded query={list} height={400}>
        {({ items, next_cursor, 'x-medkit': about }) => (
          <>
            <PartialNotice about={about} />
            {items.length === 0 && (
              <p className="soft">{search.size > 0 ? texts.incidents.noneWith : texts.incidents.none}</p>
            )}
            <ul className="stack">
              {items.map((incident) => (
                <li key={incident.id}>
                  <IncidentCard incident={incident} />
                </li>
              ))}
            </ul>
            <div className="row">
              {cursor && <Link to={addressOf('incidents', {}, { state, hours, entity })}>{texts.incidents.first}</Link>}
              {next_cursor && (
                <Link to={addressOf('incidents', {}, { state, hours, entity, cursor: next_cursor })}>
                  {texts.incidents.more}
                </Link>
              )}
            </div>
          </>
        )}
      </Loaded>
    </div>
  );
}
