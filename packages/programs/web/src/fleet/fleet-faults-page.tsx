import type { FleetFault } from '@medkit/contract';
import { FAULT_SEVERITIES } from '@medkit/contract/fault-severity';
import { isRobotConnected } from '@medkit/contract/robot-presence';
import { useMemo } from 'react';
import { Choice, FilterBar, SearchField } from '../controls/filter-bar.tsx';
import { Severity } from '../controls/severity.tsx';
import { pageOfFault } from '../faults/fault-columns.tsx';
import { useRoute } from '../gateway/gateway.ts';
import { Heading } from '../heading/heading.tsx';
import { Loaded } from '../regions/loaded.tsx';
import { robotAddress } from '../routes/base-path.ts';
import { changeSearch, useSearch } from '../routes/location.ts';
import { addressOf, type ParametersOf } from '../routes/pages.ts';
import type { Column } from '../tables/columns.ts';
import { DataTable } from '../tables/data-table.tsx';
import { texts } from '../texts/texts.ts';
import { Ago, Time } from '../time/time.tsx';
import { clockTime, timeMs } from '../time/times.ts';
import { t } from './texts.ts';
import './fleet.css';

const EVERY_MS = 5000;
/** Maximum rows: the most severe faults come first. */
const LIMIT = 500;

/** The active faults of all robots of a hub. Opens a fault on the pages of its robot. */
export function FleetFaultsPage(_: ParametersOf<'faults'>) {
  const search = useSearch();
  const text = search.get('q') ?? '';
  const severity = FAULT_SEVERITIES.parameters.find((name) => name === search.get('severity'));
  const list = useRoute('listFleetFaults', { query: { limit: LIMIT, severity } }, { everyMs: EVERY_MS });
  const rows = useMemo(() => (list.data?.items ?? []).filter(matches(text)), [list.data, text]);
  return (
    <div className="stack">
      <Heading>{texts.shell.faults}</Heading>
      <FilterBar>
        <SearchField label={t.fault.words} value={text} onType={(q) => changeSearch({ q })} />
        <Choice
          label={t.fault.severity}
          value={severity ?? ''}
          options={FAULT_SEVERITIES.parameters.map((name, level) =>
            level === 0 ? ['', t.fault.anySeverity] : [name, t.fault.atLeast(texts.severity[level]!)],
          )}
          onChoose={(chosen) => changeSearch({ severity: chosen })}
        />
      </FilterBar>
      <Loaded query={list} height={320}>
        {({ items, total }) => (
          <>
            {total > items.length && <p className="partial">{t.fault.incomplete(items.length, total)}</p>}
            <section className="card fleet-table" aria-label={t.faults}>
              <DataTable
                isMain
                label={t.faults}
                rows={rows}
                keyOf={keyOf}
                columns={COLUMNS}
                onOpen={(row) => location.assign(hrefOf(row))}
                emptyText={items.length === 0 ? t.fault.none : t.fault.noneWith}
              />
            </section>
          </>
        )}
      </Loaded>
    </div>
  );
}

const keyOf = ({ robot, origin, fault }: FleetFault): string => JSON.stringify([robot, origin, fault.fault_code]);

/** The page of a fault at its robot; the faults of the robot if no entity is known. */
const hrefOf = ({ robot, fault }: FleetFault): string =>
  robotAddress(robot, pageOfFault(fault) ?? addressOf('faults', {}));

/** Returns a test of whether a fault contains each part of a text. */
function matches(text: string): (row: FleetFault) => boolean {
  const wanted = text.toLowerCase().split(/\s+/).filter(Boolean);
  return ({ robot, site, fault }) => {
    const all = [robot, site, fault.fault_code, fault.description, fault.entity_id].join(' ').toLowerCase();
    return wanted.every((word) => all.includes(word));
  };
}

const COLUMNS: readonly Column<FleetFault>[] = [
  {
    id: 'severity',
    title: t.fault.severity,
    width: '7rem',
    isWideOnly: true,
    sortBy: ({ fault }) => -fault.severity,
    cell: ({ fault }) => <Severity severity={fault.severity} />,
  },
  {
    id: 'robot',
    title: t.name,
    width: '20%',
    sortBy: ({ robot }) => robot,
    cell: ({ robot, presence, as_of }) => (
      <span className="row">
        <strong title={robot}>{robot}</strong>
        {!isRobotConnected(presence) && (
          <span className="soft">
            {t.presences[presence]}, {t.asOf} <Ago ms={timeMs(as_of)} />
          </span>
        )}
      </span>
    ),
    under: ({ site }) => site ?? '',
  },
  {
    id: 'code',
    title: t.fault.code,
    sortBy: ({ fault }) => fault.fault_code,
    cell: (row) => (
      <a href={hrefOf(row)} title={row.fault.description ?? undefined} tabIndex={-1}>
        {row.fault.fault_code}
      </a>
    ),
    under: ({ fault }) => {
      const ms = timeMs(fault.first_occurred);
      return [texts.severity[fault.severity], fault.entity_id, ms !== undefined && clockTime(ms)]
        .filter(Boolean)
        .join(' · ');
    },
  },
  {
    id: 'entity',
    title: t.fault.entity,
    width: '16%',
    isWideOnly: true,
    sortBy: ({ fault }) => fault.entity_id,
    cell: ({ fault }) => fault.entity_id ?? <span className="soft">–</span>,
  },
  {
    id: 'site',
    title: t.site,
    width: '12%',
    isWideOnly: true,
    sortBy: ({ site }) => site,
    cell: ({ site }) => site ?? <span className="soft">{t.noSite}</span>,
  },
  {
    id: 'since',
    title: t.fault.since,
    width: '8rem',
    isWideOnly: true,
    sortBy: ({ fault }) => fault.first_occurred,
    cell: ({ fault }) => <Time ms={timeMs(fault.first_occurred)} />,
  },
];
