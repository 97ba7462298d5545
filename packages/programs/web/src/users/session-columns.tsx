import type { LoginSession } from '@medkit/contract';
import type { Column } from '../tables/columns.ts';
import { Ago, Time } from '../time/time.tsx';
import { timeMs } from '../time/times.ts';
import { deviceName } from './device-name.ts';
import { t } from './texts.ts';

interface SessionColumnOptions {
  /** Whether the list may contain sessions of other users. */
  readonly hasUsers: boolean;
  readonly refusal: string | undefined;
  readonly onEnd: (session: LoginSession) => void;
}

/** The columns of the sessions. The current session has no button: the head of the page signs out. */
export function sessionColumns({ hasUsers, refusal, onEnd }: SessionColumnOptions): readonly Column<LoginSession>[] {
  const s = t.sessions;
  const user: Column<LoginSession> = {
    id: 'user',
    title: s.user,
    width: '15%',
    isWideOnly: true,
    sortBy: ({ user: name }) => name,
    cell: ({ user: name }) => <strong title={name}>{name}</strong>,
  };
  return [
    ...(hasUsers ? [user] : []),
    {
      id: 'device',
      title: s.device,
      sortBy: ({ user_agent }) => deviceName(user_agent),
      cell: ({ user_agent, current }) => (
        <>
          <span title={user_agent}>{deviceName(user_agent)}</span>{' '}
          {current && <span className="chip users-current">{s.current}</span>}
        </>
      ),
      under: ({ user: name, remote_address }) => [hasUsers && name, remote_address].filter(Boolean).join(' · '),
    },
    {
      id: 'address',
      title: s.address,
      width: '10.5rem',
      className: 'mono',
      isWideOnly: true,
      sortBy: ({ remote_address }) => remote_address,
      cell: ({ remote_address }) => <span title={remote_address}>{remote_address}</span>,
    },
    {
      id: 'started',
      title: s.started,
      width: '9.5rem',
      isWideOnly: true,
      sortBy: ({ created_at }) => timeMs(created_at),
      cell: ({ created_at }) => <Time ms={timeMs(created_at)} />,
    },
    {
      id: 'used',
      title: s.used,
      width: '9.5rem',
      isWideOnly: true,
      sortBy: ({ last_used_at }) => timeMs(last_used_at),
      cell: ({ last_used_at }) => <Ago ms={timeMs(last_used_at)} />,
    },
    {
      id: 'expires',
      title: s.expires,
      width: '9.5rem',
      isWideOnly: true,
      sortBy: ({ expires_at }) => timeMs(expires_at),
      cell: ({ expires_at }) => (
        <span title={s.expiresHelp}>
          <Time ms={timeMs(expires_at)} />
        </span>
      ),
    },
    {
      id: 'end',
      title: '',
      width: '8rem',
      className: 'users-action',
      cell: (session) =>
        !session.current && (
          <button
            type="button"
            className="button users-small"
            aria-label={s.endOf(session.user, deviceName(session.user_agent))}
            title={refusal}
            disabled={refusal !== undefined}
            onClick={() => onEnd(session)}
          >
            {s.end}
          </button>
        ),
    },
  ];
}
