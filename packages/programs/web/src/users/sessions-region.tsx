import type { LoginSession } from '@medkit/contract';
import { useMemo, useState } from 'react';
import { useRefusal } from '../access/use-disabled-reason.ts';
import { gateway, refetchRoutes, useRoute } from '../gateway/gateway.ts';
import { usePermission, usePrincipal } from '../gateway/principal.ts';
import { Confirm } from '../regions/confirm.tsx';
import { Loaded } from '../regions/loaded.tsx';
import { Region } from '../regions/region.tsx';
import { changeSearch, useSearch } from '../routes/location.ts';
import { DataTable } from '../tables/data-table.tsx';
import { deviceName } from './device-name.ts';
import { sessionColumns } from './session-columns.tsx';
import { t } from './texts.ts';
import { principalName } from './user-facts.ts';

const EVERY_MS = 5000;

/** The sessions of the web UI: those of the user, or those of all users with the permission `accounts`. */
export function SessionsRegion() {
  const s = t.sessions;
  const sessions = useRoute('listSessions', {}, { everyMs: EVERY_MS });
  const managesAll = usePermission('accounts');
  const me = usePrincipal();
  const refusal = useRefusal('self');
  const [ended, setEnded] = useState<LoginSession>();
  const columns = useMemo(
    () => sessionColumns({ hasUsers: managesAll, refusal, onEnd: setEnded }),
    [managesAll, refusal],
  );
  const isMine = useSearch().get('sessions') === 'mine';
  const name = principalName(me?.principal ?? '');
  const end = async (): Promise<void> => {
    if (ended) await gateway().call('endSession', { path: { session_id: ended.id } });
    refetchRoutes(['listSessions']);
  };
  return (
    <Region
      className="table-region"
      title={managesAll ? s.title : s.ofMe}
      aside={
        me?.kind === 'user' && (
          <span className="row">
            {managesAll && (
              <label className="row users-mine">
                <input
                  type="checkbox"
                  checked={isMine}
                  onChange={() => changeSearch({ sessions: isMine ? undefined : 'mine' }, { replace: false })}
                />
                {s.mine}
              </label>
            )}
            <EndOthers refusal={refusal} sessions={sessions.data?.items ?? []} name={name} />
          </span>
        )
      }
    >
      <Loaded query={sessions} height={120}>
        {({ items }) => (
          <DataTable
            label={managesAll ? s.title : s.ofMe}
            rows={isMine ? items.filter(({ user }) => user === name) : items}
            keyOf={({ id }) => id}
            columns={columns}
            emptyText={s.none}
          />
        )}
      </Loaded>
      {ended && (
        <Confirm
          title={s.endOf(ended.user, deviceName(ended.user_agent))}
          action={s.end}
          onConfirm={end}
          onClose={() => setEnded(undefined)}
        >
          <p>{s.endEffect}</p>
        </Confirm>
      )}
    </Region>
  );
}

interface EndOthersProps {
  readonly sessions: readonly LoginSession[];
  readonly name: string;
  readonly refusal: string | undefined;
}

/** Ends the other sessions of the user, for example after a device was lost. */
function EndOthers({ sessions, name, refusal }: EndOthersProps) {
  const s = t.sessions;
  const [isOpen, setOpen] = useState(false);
  const hasOthers = sessions.some(({ user, current }) => user === name && !current);
  const end = async (): Promise<void> => {
    await gateway().call('endSessions', {});
    refetchRoutes(['listSessions']);
  };
  if (!hasOthers) return null;
  return (
    <>
      <button
        type="button"
        className="button"
        title={refusal}
        disabled={refusal !== undefined}
        onClick={() => setOpen(true)}
      >
        {s.endOthers}
      </button>
      {isOpen && (
        <Confirm title={s.endOthers} action={s.endOthers} onConfirm={end} onClose={() => setOpen(false)}>
          <p>{s.endOthersEffect}</p>
        </Confirm>
      )}
    </>
  );
}
