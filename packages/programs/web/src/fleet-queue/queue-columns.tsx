import type { FleetQueuedRequest } from '@medkit/contract';
import { robotColumn } from '../fleet/robot-table.tsx';
import type { Column } from '../tables/columns.ts';
import { Ago, Time } from '../time/time.tsx';
import { timeMs } from '../time/times.ts';
import { QueueState } from './queue-state.tsx';
import { t } from './texts.ts';

/** What a request does, such as `DELETE /apps/lidar/faults/LIDAR_DIRTY`. */
export const requestText = ({ method, path }: Pick<FleetQueuedRequest, 'method' | 'path'>): string =>
  `${method} ${path}`;

const { sortBy: _, ...ROBOT } = robotColumn<FleetQueuedRequest>(({ state, created_by }) =>
  [t.states[state], created_by].join(' · '),
);

/** The columns of the queue. The hub sorts: pages that are not loaded count too. */
export const QUEUE_COLUMNS: readonly Column<FleetQueuedRequest>[] = [
  { ...ROBOT, width: '16%' },
  {
    id: 'request',
    title: t.request,
    cell: (request) => (
      <code title={[requestText(request), request.note].filter(Boolean).join('\n')}>{requestText(request)}</code>
    ),
  },
  {
    id: 'state',
    title: t.state,
    width: '24%',
    isWideOnly: true,
    cell: ({ state, reason }) => (
      <span title={reason ?? undefined}>
        <QueueState state={state} /> {reason && <span className="soft">{reason}</span>}
      </span>
    ),
  },
  {
    id: 'by',
    title: t.by,
    width: '12%',
    isWideOnly: true,
    cell: ({ created_by: by }) => <span title={by}>{by}</span>,
  },
  {
    id: 'created',
    title: t.created,
    width: '8rem',
    isWideOnly: true,
    cell: ({ created_at: at }) => <Ago ms={timeMs(at)} />,
  },
  {
    id: 'ends',
    title: t.ends,
    width: '8.5rem',
    cell: ({ ended_at: ended, expires_at: expires }) =>
      ended ? <Ago ms={timeMs(ended)} /> : <Time ms={timeMs(expires)} />,
  },
];
