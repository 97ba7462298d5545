import type { AuditRecord, Incident } from '@medkit/contract';
import { Link } from '../routes/link.tsx';
import { addressOf } from '../routes/pages.ts';
import type { Column } from '../tables/columns.ts';
import { Time } from '../time/time.tsx';
import { clockTime, timeMs } from '../time/times.ts';
import { auditRow, incidentOfRecord } from './audit-row.ts';
import { auditTexts } from './texts.ts';

/** Returns the label of an outcome. */
function outcomeLabel(outcome: string): string {
  const labels = auditTexts.outcomes;
  return Object.hasOwn(labels, outcome) ? labels[outcome as keyof typeof labels] : outcome;
}

const GRAVITY: Readonly<Record<string, string>> = { refused: 'severity-1', failed: 'severity-2' };

/** The columns of the audit log. */
export function auditColumns(incidents: readonly Incident[]): readonly Column<AuditRecord>[] {
  const t = auditTexts;
  return [
    { id: 'id', title: t.number, width: '4rem', className: 'number', isWideOnly: true, cell: ({ id }) => id },
    {
      id: 'time',
      title: t.time,
      width: '7.5rem',
      isWideOnly: true,
      cell: ({ timestamp }) => <Time ms={timeMs(timestamp)} />,
    },
    {
      id: 'who',
      title: t.who,
      width: '8.5rem',
      isWideOnly: true,
      cell: (record) => auditRow(record).who || auditTexts.unknown,
    },
    {
      id: 'what',
      title: t.what,
      className: 'mono',
      cell: (record) => auditRow(record).what,
      under: (record) => [clockTime(timeMs(record.timestamp) ?? 0), auditRow(record).who].filter(Boolean).join(' · '),
    },
    {
      id: 'change',
      title: t.change,
      width: '7.75rem',
      isWideOnly: true,
      className: 'mono',
      cell: (record) => auditRow(record).change,
    },
    {
      id: 'outcome',
      title: t.outcome,
      width: '5.5rem',
      cell: (record) => {
        const { outcome } = auditRow(record);
        return <span className={GRAVITY[outcome]}>{outcomeLabel(outcome)}</span>;
      },
    },
    { id: 'reason', title: t.reason, width: '8.25rem', isWideOnly: true, cell: (record) => auditRow(record).reason },
    {
      id: 'lock',
      title: t.lock,
      width: '4.5rem',
      isWideOnly: true,
      className: 'mono',
      cell: (record) => auditRow(record).lock,
    },
    {
      id: 'incident',
      title: t.incident,
      width: '6rem',
      isWideOnly: true,
      cell: (record) => {
        const id = incidentOfRecord(record, incidents);
        return (
          id && (
            <Link to={addressOf('incident', { id })} tabIndex={-1}>
              {id}
            </Link>
          )
        );
      },
    },
  ];
}
