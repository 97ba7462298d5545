import type { WebhookTargetItem } from '@medkit/contract';
import type { Column } from '../tables/columns.ts';
import { formatDuration } from '../time/times.ts';
import { t } from './texts.ts';

interface TargetColumnOptions {
  readonly refusal: string | undefined;
  readonly onTest: (target: WebhookTargetItem) => void;
}

/** `Retrying in 3.1 s` */
function stateText({ state, next_try_in_ms }: WebhookTargetItem): string {
  if (state === 'delivering' || typeof next_try_in_ms !== 'number') return t.targets.states[state];
  return t.targets.until[state](formatDuration(next_try_in_ms));
}

const count = (
  id: 'queued' | 'dead' | 'delivered_total' | 'failed_total',
  title: string,
  width: string,
): Column<WebhookTargetItem> => ({
  id,
  title,
  width,
  className: 'number',
  isWideOnly: true,
  sortBy: (target) => target[id],
  cell: (target) => <span className={id === 'dead' && target.dead > 0 ? 'severity-2' : undefined}>{target[id]}</span>,
});

/** The columns of the webhook targets. */
export function targetColumns({ refusal, onTest }: TargetColumnOptions): readonly Column<WebhookTargetItem>[] {
  const w = t.targets;
  return [
    {
      id: 'origin',
      title: w.origin,
      sortBy: ({ origin }) => origin,
      cell: ({ origin, id }) => (
        <>
          <span className="mono" title={origin}>
            {origin}
          </span>{' '}
          <span className="soft">#{id}</span>
        </>
      ),
      under: (target) =>
        [stateText(target), target.dead > 0 && `${w.dead}: ${target.dead}`].filter(Boolean).join(' · '),
    },
    {
      id: 'state',
      title: w.state,
      width: '12rem',
      isWideOnly: true,
      sortBy: ({ state }) => state,
      cell: (target) => (
        <span className={`notify-state notify-${target.state}`} title={stateText(target)}>
          {stateText(target)}
        </span>
      ),
    },
    count('queued', w.queued, '6.5rem'),
    count('dead', w.dead, '8rem'),
    count('delivered_total', w.delivered, '7rem'),
    count('failed_total', w.failed, '9.5rem'),
    {
      id: 'error',
      title: w.error,
      width: '22%',
      isWideOnly: true,
      cell: ({ last_error, failures_in_a_row }) =>
        last_error && (
          <span className={failures_in_a_row > 0 ? 'notify-problem' : 'soft'} title={last_error}>
            {last_error}
          </span>
        ),
    },
    {
      id: 'test',
      title: '',
      width: '7.5rem',
      className: 'notify-action',
      cell: (target) => (
        <button
          type="button"
          className="button notify-small"
          aria-label={w.testOf(target.origin)}
          title={refusal}
          disabled={refusal !== undefined}
          onClick={() => onTest(target)}
        >
          {w.test}
        </button>
      ),
    },
  ];
}
