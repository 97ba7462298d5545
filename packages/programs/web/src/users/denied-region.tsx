import type { AccessRefusal } from '@medkit/contract';
import { useRoute } from '../gateway/gateway.ts';
import { Loaded } from '../regions/loaded.tsx';
import { Region } from '../regions/region.tsx';
import type { Column } from '../tables/columns.ts';
import { DataTable } from '../tables/data-table.tsx';
import { Time } from '../time/time.tsx';
import { clockTime, timeMs } from '../time/times.ts';
import { t } from './texts.ts';
import { principalName } from './user-facts.ts';

const EVERY_MS = 5000;

/** The requests that the gateway refused since its start, by source and reason. */
export function DeniedRegion() {
  const d = t.denied;
  const denied = useRoute('listDeniedAccess', {}, { everyMs: EVERY_MS });
  const { refused = 0, since } = denied.data ?? {};
  return (
    <Region
      className="table-region"
      title={d.title}
      aside={refused > 0 && <span className="soft number">{d.about(refused, clockTime(timeMs(since) ?? 0))}</span>}
    >
      <Loaded query={denied} height={120}>
        {({ items, forgotten_sources }) => (
          <>
            <DataTable label={d.title} rows={items} keyOf={keyOf} columns={COLUMNS} emptyText={d.none} />
            {forgotten_sources > 0 && <p className="soft">{d.forgotten(forgotten_sources)}</p>}
          </>
        )}
      </Loaded>
    </Region>
  );
}

const keyOf = ({ reason, address, principal, first }: AccessRefusal): string =>
  JSON.stringify([reason, address, principal, first]);

const COLUMNS: readonly Column<AccessRefusal>[] = [
  {
    id: 'reason',
    title: t.denied.reason,
    sortBy: ({ reason }) => t.denied.reasons[reason],
    cell: ({ reason }) => <span title={reason}>{t.denied.reasons[reason]}</span>,
    under: ({ address, principal, last }) =>
      [clockTime(timeMs(last) ?? 0), principal && principalName(principal), address].filter(Boolean).join(' · '),
  },
  {
    id: 'principal',
    title: t.denied.principal,
    width: '18%',
    isWideOnly: true,
    sortBy: ({ principal }) => principal,
    cell: ({ principal }) => principal && <span title={principal}>{principalName(principal)}</span>,
  },
  {
    id: 'address',
    title: t.denied.address,
    width: '14rem',
    className: 'mono',
    isWideOnly: true,
    sortBy: ({ address }) => address,
    cell: ({ address }) => <span title={address}>{address}</span>,
  },
  {
    id: 'operation',
    title: t.denied.operation,
    width: '16%',
    className: 'mono',
    isWideOnly: true,
    sortBy: ({ operation_id }) => operation_id,
    cell: ({ operation_id }) => operation_id && <span title={operation_id}>{operation_id}</span>,
  },
  {
    id: 'count',
    title: t.denied.count,
    width: '6rem',
    className: 'number',
    sortBy: ({ count }) => count,
    cell: ({ count }) => count,
  },
  {
    id: 'first',
    title: t.denied.first,
    width: '9rem',
    isWideOnly: true,
    sortBy: ({ first }) => timeMs(first),
    cell: ({ first }) => <Time ms={timeMs(first)} />,
  },
  {
    id: 'last',
    title: t.denied.last,
    width: '9rem',
    isWideOnly: true,
    sortBy: ({ last }) => timeMs(last),
    cell: ({ last }) => <Time ms={timeMs(last)} />,
  },
];
