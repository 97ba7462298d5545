import type { ApiKey } from '@medkit/contract';
import type { Column } from '../tables/columns.ts';
import { Ago, Time } from '../time/time.tsx';
import { timeMs } from '../time/times.ts';
import { t } from './texts.ts';
import { principalName } from './user-facts.ts';

interface KeyColumnOptions {
  readonly refusal: string | undefined;
  readonly onRevoke: (key: ApiKey) => void;
}

/** The columns of the API keys. */
export function keyColumns({ refusal, onRevoke }: KeyColumnOptions): readonly Column<ApiKey>[] {
  const k = t.keys;
  return [
    {
      id: 'name',
      title: k.name,
      sortBy: ({ name }) => name,
      cell: ({ name, id }) => (
        <>
          <strong title={name}>{name}</strong> <code className="soft">{id}</code>
        </>
      ),
      under: ({ role, owner, state }) => `${role} · ${principalName(owner)} · ${k.states[state]}`,
    },
    {
      id: 'role',
      title: k.role,
      width: '16rem',
      isWideOnly: true,
      sortBy: ({ role }) => role,
      cell: ({ role, permissions }) => (
        <>
          {role}{' '}
          {permissions && (
            <span className="chip" title={permissions.join(', ')}>
              {k.limited(permissions.length)}
            </span>
          )}
        </>
      ),
    },
    {
      id: 'owner',
      title: k.owner,
      width: '14%',
      isWideOnly: true,
      sortBy: ({ owner }) => owner,
      cell: ({ owner }) => <span title={owner}>{principalName(owner)}</span>,
    },
    {
      id: 'state',
      title: k.state,
      width: '8rem',
      isWideOnly: true,
      sortBy: ({ state }) => state,
      cell: ({ state }) => <span className={`users-state users-${state}`}>{k.states[state]}</span>,
    },
    {
      id: 'used',
      title: k.used,
      width: '9rem',
      isWideOnly: true,
      sortBy: ({ last_used_at }) => timeMs(last_used_at),
      cell: ({ last_used_at }) =>
        last_used_at ? <Ago ms={timeMs(last_used_at)} /> : <span className="soft">{k.never}</span>,
    },
    {
      id: 'expires',
      title: k.expires,
      width: '12rem',
      isWideOnly: true,
      sortBy: ({ expires_at }) => timeMs(expires_at) ?? Infinity,
      cell: ({ expires_at }) =>
        expires_at ? <Time ms={timeMs(expires_at)} /> : <span className="severity-1">{k.neverExpires}</span>,
    },
    {
      id: 'revoke',
      title: '',
      width: '9rem',
      className: 'users-action',
      cell: (key) => (
        <button
          type="button"
          className="button users-small"
          aria-label={k.revokeOf(key.name)}
          title={refusal}
          disabled={refusal !== undefined}
          onClick={() => onRevoke(key)}
        >
          {k.revoke}
        </button>
      ),
    },
  ];
}
