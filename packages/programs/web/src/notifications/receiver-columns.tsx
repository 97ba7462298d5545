import type { NotifyReceiver } from '@medkit/contract';
import { Severity } from '../controls/severity.tsx';
import { Link } from '../routes/link.tsx';
import { addressOf } from '../routes/pages.ts';
import type { Column } from '../tables/columns.ts';
import { Ago } from '../time/time.tsx';
import { timeMs } from '../time/times.ts';
import { receiverState } from './receiver-state.ts';
import { t } from './texts.ts';

const SEVERITIES: readonly string[] = ['info', 'warning', 'error', 'critical'];

interface ReceiverColumnOptions {
  /** Reason why no test can be sent. */
  readonly refusal: string | undefined;
  /** Names of the receivers that are tested at the moment. */
  readonly testing: ReadonlySet<string>;
  /** Returns the id of the target of a receiver; `undefined` if it has no delivery. */
  readonly targetOf: (name: string) => string | undefined;
  readonly onTest: (name: string) => void;
}

/** The columns of the receivers. */
export function receiverColumns(options: ReceiverColumnOptions): readonly Column<NotifyReceiver>[] {
  const r = t.receivers;
  return [
    {
      id: 'name',
      title: r.name,
      sortBy: ({ name }) => name,
      cell: ({ name, type }) => (
        <>
          <strong>{name}</strong> <span className="soft notify-type">{type}</span>
        </>
      ),
      under: (receiver) => [r.states[receiverState(receiver)], receiver.problem].filter(Boolean).join(' · '),
    },
    {
      id: 'state',
      title: r.state,
      width: '11.5rem',
      isWideOnly: true,
      sortBy: receiverState,
      cell: (receiver) => (
        <span className={`notify-state notify-${receiverState(receiver)}`}>{r.states[receiverState(receiver)]}</span>
      ),
    },
    {
      id: 'severity',
      title: r.severity,
      width: '13.5rem',
      isWideOnly: true,
      sortBy: ({ severity }) => SEVERITIES.indexOf(severity),
      cell: ({ severity, after_min }) => (
        <span className="row notify-severity">
          <Severity severity={SEVERITIES.indexOf(severity)} />
          {typeof after_min === 'number' && (
            <span className="soft" title={r.afterMinHelp}>
              {r.afterMin(after_min)}
            </span>
          )}
        </span>
      ),
    },
    {
      id: 'last',
      title: r.last,
      width: '10.5rem',
      isWideOnly: true,
      sortBy: ({ last_delivered }) => timeMs(last_delivered),
      cell: ({ last_delivered }) => (last_delivered ? <Ago ms={timeMs(last_delivered)} /> : '–'),
    },
    {
      id: 'waiting',
      title: r.waiting,
      width: '6.5rem',
      className: 'number',
      isWideOnly: true,
      sortBy: ({ waiting }) => waiting,
      cell: ({ waiting }) => waiting,
    },
    {
      id: 'failed',
      title: r.failed,
      width: '7.5rem',
      className: 'number',
      isWideOnly: true,
      sortBy: ({ given_up }) => given_up,
      cell: (receiver) => <FailedCount receiver={receiver} target={options.targetOf(receiver.name)} />,
    },
    {
      id: 'problem',
      title: r.problem,
      width: '20%',
      isWideOnly: true,
      cell: ({ problem }) =>
        problem && (
          <span className="notify-problem" title={problem}>
            {problem}
          </span>
        ),
    },
    testColumn(options),
  ];
}

function testColumn({ refusal, testing, onTest }: ReceiverColumnOptions): Column<NotifyReceiver> {
  const r = t.receivers;
  return {
    id: 'test',
    title: '',
    width: '9rem',
    className: 'notify-action',
    cell: ({ name }) => (
      <button
        type="button"
        className="button notify-small"
        aria-label={r.testOf(name)}
        title={refusal}
        disabled={refusal !== undefined || testing.has(name)}
        onClick={() => onTest(name)}
      >
        {testing.has(name) ? r.testing : r.test}
      </button>
    ),
  };
}

/** The number of failed messages, with a link to them. */
function FailedCount({
  receiver: { name, given_up },
  target,
}: {
  readonly receiver: NotifyReceiver;
  readonly target: string | undefined;
}) {
  if (given_up === 0 || target === undefined) return <>{given_up}</>;
  return (
    <Link
      to={addressOf('notifications', {}, { status: 'dead', target })}
      aria-label={t.receivers.showFailed(given_up, name)}
    >
      {given_up}
    </Link>
  );
}
