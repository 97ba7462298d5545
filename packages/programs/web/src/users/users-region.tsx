import type { LoginSession, User } from '@medkit/contract';
import { useMemo, useState } from 'react';
import { useRefusal } from '../access/use-disabled-reason.ts';
import { useRoute } from '../gateway/gateway.ts';
import { usePrincipal } from '../gateway/principal.ts';
import { Loaded } from '../regions/loaded.tsx';
import { Region } from '../regions/region.tsx';
import { changeSearch, useSearch } from '../routes/location.ts';
import { DataTable } from '../tables/data-table.tsx';
import { AddUserDialog } from './add-user-dialog.tsx';
import { type Secret, SecretNotice } from './secret-notice.tsx';
import { t } from './texts.ts';
import { userColumns } from './user-columns.tsx';
import { UserDialog } from './user-dialog.tsx';
import { knownRoles, lastActive, principalName } from './user-facts.ts';

const EVERY_MS = 5000;

/** The users of the gateway. The URL contains the open user. */
export function UsersRegion() {
  const u = t.users;
  const users = useRoute('listUsers', {}, { everyMs: EVERY_MS });
  const sessions = useRoute('listSessions', {}, { everyMs: EVERY_MS }).data?.items ?? NO_SESSIONS;
  const keys = useRoute('listApiKeys', {}).data?.items ?? [];
  const me = principalName(usePrincipal()?.principal ?? '');
  const active = useMemo(() => lastActive(sessions), [sessions]);
  const columns = useMemo(() => userColumns(active, me), [active, me]);
  const [isAdding, setAdding] = useState(false);
  const [secret, setSecret] = useState<Secret>();
  const refusal = useRefusal('accounts');
  const roles = knownRoles(users.data?.items ?? [], keys);
  const opened = useSearch().get('user');
  const showPassword = (name: string, password: string): void =>
    setSecret({ label: u.password(name), help: u.passwordHelp, text: password });
  return (
    <Region
      className="table-region"
      title={u.title}
      aside={
        <button
          type="button"
          className="button"
          title={refusal}
          disabled={refusal !== undefined}
          onClick={() => setAdding(true)}
        >
          {u.add}
        </button>
      }
    >
      {secret && <SecretNotice secret={secret} onDone={() => setSecret(undefined)} />}
      <Loaded query={users} height={160}>
        {({ items }) => (
          <DataTable
            isMain
            label={u.title}
            rows={items}
            keyOf={nameOf}
            columns={columns}
            onOpen={({ name }) => changeSearch({ user: name }, { replace: false })}
            emptyText={u.none}
          />
        )}
      </Loaded>
      {isAdding && (
        <AddUserDialog
          roles={roles}
          onAdded={({ name, password }) => password && showPassword(name, password)}
          onClose={() => setAdding(false)}
        />
      )}
      {opened !== null && (
        <UserDialog
          key={opened}
          name={opened}
          roles={roles}
          lastActiveMs={active.get(opened)}
          sessionCount={sessions.filter(({ user }) => user === opened).length}
          keyCount={keys.filter(({ owner }) => owner === `user:${opened}`).length}
          onPassword={(password) => showPassword(opened, password)}
          onClose={() => changeSearch({ user: undefined })}
        />
      )}
    </Region>
  );
}

const NO_SESSIONS: readonly LoginSession[] = [];

const nameOf = ({ name }: User): string => name;
