import type { ApiKey } from '@medkit/contract';
import { useMemo, useState } from 'react';
import { useRefusal } from '../access/use-disabled-reason.ts';
import { gateway, refetchRoutes, useRoute } from '../gateway/gateway.ts';
import { usePermission, usePrincipal } from '../gateway/principal.ts';
import { Confirm } from '../regions/confirm.tsx';
import { Loaded } from '../regions/loaded.tsx';
import { Region } from '../regions/region.tsx';
import { DataTable } from '../tables/data-table.tsx';
import { CreateKeyDialog } from './create-key-dialog.tsx';
import { keyColumns } from './key-columns.tsx';
import { type Secret, SecretNotice } from './secret-notice.tsx';
import { t } from './texts.ts';
import { knownRoles } from './user-facts.ts';

const EVERY_MS = 10_000;

/** The API keys: those of the user, or those of all users with the permission `accounts`. */
export function KeysRegion() {
  const k = t.keys;
  const keys = useRoute('listApiKeys', {}, { everyMs: EVERY_MS });
  const managesAll = usePermission('accounts');
  const users = useRoute('listUsers', {}, { enabled: managesAll }).data?.items ?? [];
  const me = usePrincipal();
  const refusal = useRefusal('self');
  const [isCreating, setCreating] = useState(false);
  const [revoked, setRevoked] = useState<ApiKey>();
  const [secret, setSecret] = useState<Secret>();
  const columns = useMemo(() => keyColumns({ refusal, onRevoke: setRevoked }), [refusal]);
  const revoke = async (): Promise<void> => {
    if (revoked) await gateway().call('deleteApiKey', { path: { key_id: revoked.id } });
    refetchRoutes(['listApiKeys']);
  };
  return (
    <Region
      className="table-region"
      title={managesAll ? k.title : k.ofMe}
      aside={
        <button
          type="button"
          className="button"
          title={refusal}
          disabled={refusal !== undefined}
          onClick={() => setCreating(true)}
        >
          {k.create}
        </button>
      }
    >
      {secret && <SecretNotice secret={secret} onDone={() => setSecret(undefined)} />}
      <Loaded query={keys} height={120}>
        {({ items }) => (
          <DataTable
            label={managesAll ? k.title : k.ofMe}
            rows={items}
            keyOf={({ id }) => id}
            columns={columns}
            emptyText={`${k.none} ${k.about}`}
          />
        )}
      </Loaded>
      {isCreating && me && (
        <CreateKeyDialog
          me={me}
          roles={knownRoles(users, keys.data?.items ?? [])}
          onCreated={({ name, key }) => setSecret({ label: k.secret(name), help: k.secretHelp, text: key })}
          onClose={() => setCreating(false)}
        />
      )}
      {revoked && (
        <Confirm
          title={k.revokeOf(revoked.name)}
          action={k.revoke}
          onConfirm={revoke}
          onClose={() => setRevoked(undefined)}
        >
          <p>{k.revokeEffect(revoked.name, revoked.id)}</p>
        </Confirm>
      )}
    </Region>
  );
}
