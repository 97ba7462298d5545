import type { User } from '@medkit/contract';
import type { Column } from '../tables/columns.ts';
import { Ago, Time } from '../time/time.tsx';
import { timeMs } from '../time/times.ts';
import { limitText } from './limits.ts';
import { t } from './texts.ts';
import { userState } from './user-facts.ts';

/** The columns of the users. `active` has the last use of a session by user, `me` the name of the signed-in user. */
export function userColumns(active: ReadonlyMap<string, number>, me: string): readonly Column<User>[] {
  const u = t.users;
  return [
    {
      id: 'name',
      title: u.name,
      sortBy: ({ name }) => name,
      cell: ({ name, declared }) => (
        <>
          <strong title={name}>{name}</strong> {name === me && <span className="chip">{u.you}</span>}{' '}
          {declared && (
            <span className="chip" title={u.declaredHelp}>
              {u.declared}
            </span>
          )}
        </>
      ),
      under: (user) => `${user.role} · ${u.states[userState(user)]}`,
    },
    {
      id: 'role',
      title: u.role,
      width: '22%',
      isWideOnly: true,
      sortBy: ({ role }) => role,
      cell: ({ role, grants }) => {
        const limits = grants?.map(limitText).join(' · ');
        return (
          <span title={limits ? `${role} · ${limits}` : role}>
            {role} {limits && <span className="chip">{limits}</span>}
          </span>
        );
      },
    },
    {
      id: 'state',
      title: u.state,
      width: '14rem',
      isWideOnly: true,
      sortBy: userState,
      cell: (user) => <span className={`users-state users-${userState(user)}`}>{u.states[userState(user)]}</span>,
    },
    {
      id: 'active',
      title: u.lastActive,
      width: '10rem',
      sortBy: ({ name }) => active.get(name),
      cell: ({ name }) => {
        const ms = active.get(name);
        return ms === undefined ? <span className="soft">{u.noSession}</span> : <Ago ms={ms} />;
      },
    },
    {
      id: 'created',
      title: u.created,
      width: '12rem',
      isWideOnly: true,
      sortBy: ({ created_at }) => timeMs(created_at),
      cell: ({ created_at }) => <Time ms={timeMs(created_at)} />,
    },
  ];
}
