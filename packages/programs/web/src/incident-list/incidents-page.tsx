import type { Incident } from '@medkit/contract';
import { useState } from 'react';
import { useRoute } from '../gateway/gateway.ts';
import { gatewayNowMs } from '../gateway/gateway-clock.ts';
import { Heading } from '../heading/heading.tsx';
import { IncidentCard } from '../incidents/incident-card.tsx';
import { Loaded } from '../regions/loaded.tsx';
import { PartialNotice } from '../regions/partial-notice.tsx';
import { Link } from '../routes/link.tsx';
import { changeSearch, useSearch } from '../routes/location.ts';
import { addressOf } from '../routes/pages.ts';
import { texts } from '../texts/texts.ts';
import { timeMs } from '../time/times.ts';
import { groupByCause } from './cause-groups.ts';
import { IncidentGroup } from './incident-group.tsx';
import { t } from './texts.ts';

const PAGE = 100;
const HOUR_MS = 3_600_000;
const STATES = ['open', 'healed', 'closed'] as const;

/** All incidents, newest first, filtered by the URL. */
export function IncidentsPage() {
  const search = useSearch();
  const [openedMs] = useState(gatewayNowMs);
  const [state, hours, entity, cursor, group] = ['state', 'hours', 'entity', 'cursor', 'group'].map(
    (name) => search.get(name) ?? '',
  ) as [string, string, string, string, string];
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
          <select aria-label={t.group} value={group} onChange={(event) => filter('group', event.target.value)}>
            <option value="">{t.groups.cause}</option>
            <option value="none">{t.groups.none}</option>
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
            <IncidentItems items={items} isGrouped={group !== 'none'} sinceMs={timeMs(since)} />
            {next_cursor && group !== 'none' && <p className="soft">{t.older}</p>}
            <div className="row">
              {cursor && (
                <Link to={addressOf('incidents', {}, { state, hours, entity, group })}>{texts.incidents.first}</Link>
              )}
              {next_cursor && (
                <Link to={addressOf('incidents', {}, { state, hours, entity, group, cursor: next_cursor })}>
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

interface IncidentItemsProps {
  readonly items: readonly Incident[];
  readonly isGrouped: boolean;
  /** Beginning of the list, if it is filtered by time. */
  readonly sinceMs: number | undefined;
}

/** The incidents, those with one cause in a group. */
function IncidentItems({ items, isGrouped, sinceMs }: IncidentItemsProps) {
  const oldestMs = Math.min(...items.map(({ began }) => timeMs(began) ?? Number.POSITIVE_INFINITY));
  const span = { fromMs: sinceMs ?? oldestMs, toMs: gatewayNowMs() };
  const groups = isGrouped
    ? groupByCause(items)
    : items.map((incident) => ({ key: incident.id, incidents: [incident] }));
  return (
    <ul className="stack">
      {groups.map((group) => (
        <li key={group.key}>
          {group.incidents.length > 1 ? (
            <IncidentGroup group={group} {...span} />
          ) : (
            <IncidentCard incident={group.incidents[0]!} />
          )}
        </li>
      ))}
    </ul>
  );
}
