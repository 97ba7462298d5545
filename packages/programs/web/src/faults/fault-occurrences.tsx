import type { EntityKind, FaultHistory, FaultOccurrence } from '@medkit/contract';
import type { UseQueryResult } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useRoute } from '../gateway/gateway.ts';
import { gatewayNowMs } from '../gateway/gateway-clock.ts';
import { Loaded } from '../regions/loaded.tsx';
import { Region } from '../regions/region.tsx';
import { Link } from '../routes/link.tsx';
import { addressOf } from '../routes/pages.ts';
import type { Column } from '../tables/columns.ts';
import { DataTable } from '../tables/data-table.tsx';
import { Time } from '../time/time.tsx';
import { timeMs } from '../time/times.ts';
import { faultTexts } from './texts.ts';

const DAYS_30_MS = 30 * 86_400_000;

interface FaultOccurrencesProps {
  readonly code: string;
  readonly entity: { readonly kind: EntityKind; readonly id: string };
  readonly history: Pick<UseQueryResult<FaultHistory, Error>, 'data' | 'error' | 'refetch' | 'isPending'>;
}

/** Occurrences of a fault, and its incidents of the last 30 days. */
export function FaultOccurrences({ code, entity, history }: FaultOccurrencesProps) {
  const t = faultTexts;
  const columns = useMemo(occurrenceColumns, []);
  // Rounded to the minute, so that the query stays the same while the page is shown.
  const [since] = useState(() => new Date(Math.floor((gatewayNowMs() - DAYS_30_MS) / 60_000) * 60_000).toISOString());
  const incidents = useRoute('listIncidents', { query: { since, entity: entity.id, limit: 200 } });
  const faultIncidents = (incidents.data?.items ?? []).filter(
    ({ root, entity_id }) => root === code && entity_id === entity.id,
  );
  return (
    <Region title={t.occurrences}>
      <Loaded query={history} height={100}>
        {({ items }) => (
          <>
            <p className="soft">
              {t.inThirtyDays(items.filter(({ first_occurred }) => first_occurred * 1000 >= Date.parse(since)).length)}
            </p>
            <DataTable
              label={t.occurrences}
              rows={items.toReversed()}
              keyOf={({ occurrence }) => String(occurrence)}
              columns={columns}
              emptyText={t.noOccurrences}
            />
          </>
        )}
      </Loaded>
      {faultIncidents.length > 0 && (
        <p className="row">
          <span className="soft">{t.alsoIn}</span>
          {faultIncidents.slice(0, 20).map(({ id }) => (
            <Link key={id} to={addressOf('incident', { id })}>
              {id}
            </Link>
          ))}
        </p>
      )}
    </Region>
  );
}

function occurrenceColumns(): readonly Column<FaultOccurrence>[] {
  const t = faultTexts;
  return [
    { id: 'no', title: t.occurrence, width: '3.5rem', className: 'number', cell: ({ occurrence }) => occurrence },
    { id: 'began', title: t.began, cell: ({ first_occurred }) => <Time ms={timeMs(first_occurred)} digits={1} /> },
    {
      id: 'confirmed',
      title: t.confirmed,
      isWideOnly: true,
      cell: ({ confirmed_at }) => <Time ms={timeMs(confirmed_at)} digits={1} />,
    },
    { id: 'healed', title: t.healed, cell: ({ healed_at }) => <Time ms={timeMs(healed_at)} digits={1} /> },
    {
      id: 'cleared',
      title: t.cleared,
      isWideOnly: true,
      cell: ({ cleared_at, cleared_by }) =>
        cleared_at ? (
          <>
            <Time ms={timeMs(cleared_at)} digits={1} /> {cleared_by && t.clearedBy(cleared_by)}
          </>
        ) : (
          '–'
        ),
    },
  ];
}
