import { Link } from '../routes/link.tsx';
import { addressOf } from '../routes/pages.ts';
import type { Column } from '../tables/columns.ts';
import { DataTable } from '../tables/data-table.tsx';
import { t } from './texts.ts';

/** A row that belongs to a robot. */
interface OfRobot {
  readonly robot: string;
}

interface RobotTableProps<Row extends OfRobot> {
  readonly label: string;
  readonly rows: readonly Row[];
  readonly columns: readonly Column<Row>[];
  readonly emptyText: string;
  /** Says that there are more rows than these. */
  readonly cutText: string | undefined;
}

/** A table with one row a robot, each of which leads to the page of the robot. */
export function RobotTable<Row extends OfRobot>({ cutText, ...table }: RobotTableProps<Row>) {
  return (
    <>
      {cutText !== undefined && <p className="partial">{cutText}</p>}
      <DataTable {...table} keyOf={({ robot }) => robot} hrefOf={pageOfRobot} height="420px" />
    </>
  );
}

/** Returns the page of the robot of a row. */
export const pageOfRobot = ({ robot }: OfRobot): string => addressOf('fleet.robot', { robot });

/** Returns the column of the robot, with a text below it on phones. */
export const robotColumn = <Row extends OfRobot>(under: (row: Row) => string): Column<Row> => ({
  id: 'robot',
  title: t.name,
  sortBy: ({ robot }) => robot,
  cell: (row) => (
    <Link to={pageOfRobot(row)} title={row.robot} tabIndex={-1}>
      {row.robot}
    </Link>
  ),
  under,
});

/** Returns the column of the site of the robot. */
export const siteColumn = <Row extends { readonly site?: string | null }>(width: string): Column<Row> => ({
  id: 'site',
  title: t.site,
  width,
  isWideOnly: true,
  sortBy: ({ site }) => site,
  cell: ({ site }) => (site ? <span title={site}>{site}</span> : <span className="soft">{t.noSite}</span>),
});
