import type { FleetIssue } from '@medkit/contract';
import { Severity } from '../controls/severity.tsx';
import { formatCount } from '../recordings/format-size.ts';
import { Link } from '../routes/link.tsx';
import { addressOf } from '../routes/pages.ts';
import type { Column } from '../tables/columns.ts';
import { Ago } from '../time/time.tsx';
import { timeMs } from '../time/times.ts';
import { BarPicture } from './bar-picture.tsx';
import { IssueState, stateText, titleOf } from './issue-state.tsx';
import { t } from './texts.ts';

/** Returns the page of an issue. */
export const pageOfIssue = ({ id }: Pick<FleetIssue, 'id'>): string => addressOf('issue', { issue: id });

/** The columns of the issues. The hub sorts: pages that are not loaded count too. */
export const ISSUE_COLUMNS: readonly Column<FleetIssue>[] = [
  {
    id: 'severity',
    title: t.severity,
    width: '7rem',
    isWideOnly: true,
    cell: ({ severity }) => <Severity severity={severity} />,
  },
  {
    id: 'issue',
    title: t.issue,
    cell: (issue) => (
      <Link to={pageOfIssue(issue)} title={titleOf(issue)} tabIndex={-1}>
        {titleOf(issue)}
      </Link>
    ),
    under: (issue) => [stateText(issue), issue.entity_id].filter(Boolean).join(' · '),
  },
  {
    id: 'entity',
    title: t.entity,
    width: '13%',
    isWideOnly: true,
    cell: ({ entity_id: entity }) => (entity ? <span title={entity}>{entity}</span> : <span className="soft">–</span>),
  },
  {
    id: 'state',
    title: t.state,
    width: '12%',
    isWideOnly: true,
    cell: (issue) => <IssueState issue={issue} />,
  },
  {
    id: 'robots',
    title: t.robots,
    width: '5.5rem',
    className: 'number',
    cell: ({ robots }) => formatCount(robots),
  },
  {
    id: 'occurrences',
    title: t.occurrences,
    width: '7.5rem',
    className: 'number',
    isWideOnly: true,
    cell: ({ occurrences }) => formatCount(occurrences),
  },
  {
    id: 'days',
    title: t.days,
    width: '7.5rem',
    isWideOnly: true,
    cell: ({ days }) => <BarPicture className="issue-days" counts={days} text={daysText(days)} />,
  },
  {
    id: 'first',
    title: t.first,
    width: '7.5rem',
    isWideOnly: true,
    cell: ({ first_seen }) => <Ago ms={timeMs(first_seen)} />,
  },
  {
    id: 'last',
    title: t.last,
    width: '7.5rem',
    cell: ({ last_seen }) => <Ago ms={timeMs(last_seen)} />,
  },
  {
    id: 'owner',
    title: t.owner,
    width: '8%',
    isWideOnly: true,
    cell: ({ owner }) => (owner ? <span title={owner}>{owner}</span> : <span className="soft">–</span>),
  },
];

const daysText = (days: readonly number[]): string =>
  t.daysText(
    days.reduce((sum, count) => sum + count, 0),
    days.at(-1) ?? 0,
  );
