import type { FleetIssueDetail } from '@medkit/contract';
import { RobotTable, robotColumn, siteColumn } from '../fleet/robot-table.tsx';
import { formatCount } from '../recordings/format-size.ts';
import { Region } from '../regions/region.tsx';
import { robotAddress } from '../routes/base-path.ts';
import { addressOf } from '../routes/pages.ts';
import type { Column } from '../tables/columns.ts';
import { Ago, Time } from '../time/time.tsx';
import { timeMs } from '../time/times.ts';
import { t } from './texts.ts';

type RobotRow = FleetIssueDetail['by_robot'][number];

/** The robots that have an issue, those with the most occurrences first. */
export function IssueRobots({ issue }: { readonly issue: FleetIssueDetail }) {
  const { by_robot: rows, robots } = issue;
  return (
    <Region title={t.page.robots} className="table-region">
      <RobotTable
        label={t.page.robots}
        rows={rows}
        columns={COLUMNS}
        cutText={robots > rows.length ? t.page.robotsCut(rows.length, robots) : undefined}
        emptyText={t.page.noShares}
      />
    </Region>
  );
}

const COLUMNS: readonly Column<RobotRow>[] = [
  robotColumn(({ site, version }) => [site, version].filter(Boolean).join(' · ')),
  siteColumn('14%'),
  {
    id: 'version',
    title: t.version,
    width: '20%',
    isWideOnly: true,
    sortBy: ({ version }) => version,
    cell: ({ version }) => (version ? <span title={version}>{version}</span> : <span className="soft">–</span>),
  },
  {
    id: 'occurrences',
    title: t.occurrences,
    width: '7.5rem',
    className: 'number',
    sortBy: ({ occurrences }) => -occurrences,
    cell: ({ occurrences }) => formatCount(occurrences),
  },
  {
    id: 'first',
    title: t.first,
    width: '10rem',
    isWideOnly: true,
    sortBy: ({ first_seen }) => timeMs(first_seen),
    cell: ({ first_seen }) => <Time ms={timeMs(first_seen)} />,
  },
  {
    id: 'last',
    title: t.last,
    width: '8rem',
    isWideOnly: true,
    sortBy: ({ last_seen }) => timeMs(last_seen),
    cell: ({ last_seen }) => <Ago ms={timeMs(last_seen)} />,
  },
  {
    id: 'pages',
    title: t.page.robotPages,
    width: '5.5rem',
    cell: ({ robot }) => (
      <a href={robotAddress(robot, addressOf('faults', {}, { status: 'all' }))} aria-label={t.page.openFaults(robot)}>
        {t.page.robotPages}
      </a>
    ),
  },
];
