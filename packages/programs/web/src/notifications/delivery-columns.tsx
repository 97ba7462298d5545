import type { WebhookDelivery } from '@medkit/contract';
import type { Column } from '../tables/columns.ts';
import { Time } from '../time/time.tsx';
import { clockTime, timeMs } from '../time/times.ts';
import { sourceText, targetLabel } from './target-label.ts';
import { t } from './texts.ts';

/** The columns of the deliveries. */
export function deliveryColumns(): readonly Column<WebhookDelivery>[] {
  const d = t.deliveries;
  return [
    {
      id: 'time',
      title: d.time,
      width: '9.5rem',
      isWideOnly: true,
      sortBy: ({ time }) => timeMs(time),
      cell: ({ time }) => <Time ms={timeMs(time)} />,
    },
    {
      id: 'status',
      title: d.status,
      width: '9.5rem',
      isWideOnly: true,
      sortBy: ({ status }) => status,
      cell: ({ status }) => <span className={`notify-state notify-${status}`}>{d.statuses[status]}</span>,
    },
    {
      id: 'source',
      title: d.source,
      className: 'mono',
      sortBy: ({ source }) => source,
      cell: ({ source, type }) => <span title={`${source}, ${type}`}>{sourceText(source)}</span>,
      under: ({ status, time, origin, last_error }) =>
        [d.statuses[status], clockTime(timeMs(time) ?? 0), last_error ?? targetLabel(origin)].join(' · '),
    },
    {
      id: 'type',
      title: d.type,
      width: '13rem',
      className: 'mono',
      isWideOnly: true,
      sortBy: ({ type }) => type,
      cell: ({ type }) => <span title={type}>{type}</span>,
    },
    {
      id: 'target',
      title: d.target,
      width: '13rem',
      isWideOnly: true,
      sortBy: ({ origin }) => origin,
      cell: ({ origin }) => <span title={origin}>{targetLabel(origin)}</span>,
    },
    {
      id: 'attempts',
      title: d.attempts,
      width: '6.5rem',
      className: 'number',
      isWideOnly: true,
      sortBy: ({ attempts }) => attempts,
      cell: ({ attempts }) => attempts,
    },
    {
      id: 'error',
      title: d.error,
      width: '20%',
      isWideOnly: true,
      cell: ({ last_error }) => last_error && <span title={last_error}>{last_error}</span>,
    },
  ];
}
