import type { FaultListItem } from '@medkit/contract';
import { entityOf } from '../routes/entity-of.ts';
import { Link } from '../routes/link.tsx';
import { addressOf } from '../routes/pages.ts';
import type { Column } from '../tables/columns.ts';
import { texts } from '../texts/texts.ts';
import { Time } from '../time/time.tsx';
import { clockTime, timeMs } from '../time/times.ts';
import { statusOf } from './fault-state.ts';
import type { IncidentOf } from './incidents-of-faults.ts';
import { faultTexts } from './texts.ts';

/** Returns the page of a fault, or `undefined` if the fault has no entity. */
export function pageOfFault(
  fault: Pick<FaultListItem, 'entity_id' | 'entity_type' | 'fault_code'>,
): string | undefined {
  const entity = entityOf(fault);
  return entity && addressOf('fault', { ...entity, code: fault.fault_code });
}

/** Returns the label of a status. */
export function statusLabel(status: string): string {
  const labels = faultTexts.statuses;
  return Object.hasOwn(labels, status) ? labels[status as keyof typeof labels] : status;
}

/**
 * Returns the severity as text. The style sheet draws the symbol, because an SVG in each row is too slow for long
 * lists.
 */
export function severityLabel(severity: number): string {
  return texts.severity[Math.min(3, Math.max(0, Math.trunc(severity) || 0))]!;
}

/** The columns of the list of faults. */
export function faultColumns(incidentOf: IncidentOf): readonly Column<FaultListItem>[] {
  const t = faultTexts;
  return [
    {
      id: 'severity',
      title: t.severity,
      width: '6.25rem',
      className: 'fault-severity',
      isWideOnly: true,
      sortBy: ({ severity }) => severity,
      cell: ({ severity }) => <span className={`fault-sign severity-${severity}`}>{severityLabel(severity)}</span>,
    },
    {
      id: 'code',
      title: t.code,
      sortBy: ({ fault_code }) => fault_code,
      cell: (fault) => {
        const page = pageOfFault(fault);
        return page === undefined ? (
          fault.fault_code
        ) : (
          <Link to={page} className="fault-code" title={fault.description ?? undefined} tabIndex={-1}>
            {fault.fault_code}
          </Link>
        );
      },
      under: ({ severity, entity_id, first_occurred }) => {
        const ms = timeMs(first_occurred);
        return [severityLabel(severity), entity_id, ms !== undefined && clockTime(ms)].filter(Boolean).join(' · ');
      },
    },
    {
      id: 'entity',
      title: t.entity,
      width: '11.5%',
      isWideOnly: true,
      sortBy: ({ entity_id, reporting_sources }) => entity_id ?? reporting_sources?.[0],
      cell: (fault) => {
        const entity = entityOf(fault);
        if (entity === undefined) return fault.reporting_sources?.[0] ?? '–';
        return (
          <Link to={addressOf('entity', entity)} tabIndex={-1}>
            {entity.id}
          </Link>
        );
      },
    },
    {
      id: 'since',
      title: t.since,
      width: '8rem',
      isWideOnly: true,
      sortBy: ({ first_occurred }) => first_occurred,
      cell: ({ first_occurred }) => <Time ms={timeMs(first_occurred)} />,
    },
    {
      id: 'last',
      title: t.last,
      width: '8rem',
      isWideOnly: true,
      sortBy: ({ last_occurred }) => last_occurred,
      cell: ({ last_occurred }) => <Time ms={timeMs(last_occurred)} />,
    },
    {
      id: 'count',
      title: t.count,
      width: '5rem',
      className: 'number',
      isWideOnly: true,
      sortBy: ({ occurrence_count }) => occurrence_count,
      cell: ({ occurrence_count }) => occurrence_count ?? '–',
    },
    {
      id: 'status',
      title: t.status,
      width: '6.5rem',
      sortBy: statusOf,
      cell: (fault) => (fault['x-medkit']?.muted ? t.muted : statusLabel(statusOf(fault))),
    },
    {
      id: 'incident',
      title: t.incident,
      width: '10.5rem',
      isWideOnly: true,
      sortBy: incidentOf,
      cell: (fault) => {
        const id = incidentOf(fault);
        return id === undefined ? (
          ''
        ) : (
          <Link to={addressOf('incident', { id })} tabIndex={-1}>
            {id}
          </Link>
        );
      },
    },
  ];
}
