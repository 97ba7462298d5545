import type { CreatedApiKey, PrincipalInfo } from '@medkit/contract';
import { type FormEvent, useState } from 'react';
import { useRefusal } from '../access/use-disabled-reason.ts';
import { Dialog } from '../controls/dialog.tsx';
import { gateway, refetchRoutes } from '../gateway/gateway.ts';
import { Failure } from '../regions/failure.tsx';
import { DEFAULT_DAYS, keyRequest, LIFETIMES } from './key-request.ts';
import { RoleField } from './role-field.tsx';
import { t } from './texts.ts';

interface CreateKeyDialogProps {
  readonly me: PrincipalInfo;
  readonly roles: readonly string[];
  readonly onCreated: (key: CreatedApiKey) => void;
  readonly onClose: () => void;
}

/** Creates an API key: its purpose, role, lifetime and permissions. A user confirms with the password. */
export function CreateKeyDialog({ me, roles, onCreated, onClose }: CreateKeyDialogProps) {
  const k = t.keys;
  // The least role that the caller may give: a key cannot have more permissions than its creator.
  const [role, setRole] = useState('viewer');
  const [error, setError] = useState<Error>();
  const [isAtWork, setAtWork] = useState(false);
  const refusal = useRefusal('self');
  const create = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const body = keyRequest(new FormData(event.currentTarget), role.trim());
    setAtWork(true);
    setError(undefined);
    try {
      const key = await gateway().call('createApiKey', { body });
      refetchRoutes(['listApiKeys']);
      onCreated(key);
      onClose();
    } catch (failure) {
      setError(failure as Error);
      setAtWork(false);
    }
  };
  return (
    <Dialog title={k.create} onClose={onClose}>
      <form className="stack" onSubmit={(event) => void create(event)}>
        <label className="users-field">
          {k.name}
          <input name="name" required maxLength={64} autoComplete="off" spellCheck={false} />
          <span className="soft">{k.nameHelp}</span>
        </label>
        <RoleField role={role} roles={roles} onChange={setRole} />
        <Lifetime />
        <PermissionChoice permissions={me.permissions} />
        {me.kind === 'user' && (
          <label className="users-field">
            {k.password}
            <input name="password" type="password" required maxLength={1024} autoComplete="current-password" />
            <span className="soft">{k.passwordHelp}</span>
          </label>
        )}
        {error && <Failure error={error} />}
        <div className="row">
          <button type="submit" className="button primary" disabled={isAtWork || refusal !== undefined}>
            {k.create}
          </button>
          {refusal && <span className="soft">{refusal}</span>}
        </div>
      </form>
    </Dialog>
  );
}

function Lifetime() {
  const k = t.keys;
  const [days, setDays] = useState<number>(DEFAULT_DAYS);
  return (
    <label className="users-field">
      {k.expiry}
      <select name="days" value={days} onChange={(event) => setDays(Number(event.target.value))}>
        {LIFETIMES.map((lifetime) => (
          <option key={lifetime} value={lifetime}>
            {lifetime === 0 ? k.noExpiry : k.days(lifetime)}
          </option>
        ))}
      </select>
      {days === 0 && <span className="severity-1">{k.noExpiryHelp}</span>}
    </label>
  );
}

function PermissionChoice({ permissions }: { readonly permissions: readonly string[] }) {
  return (
    <details>
      <summary>{t.keys.permissions}</summary>
      <fieldset className="users-permissions">
        <legend className="soft">{t.keys.permissionsHelp}</legend>
        {permissions.map((permission) => (
          <label key={permission} className="row">
            <input type="checkbox" name="permission" value={permission} />
            <code>{permission}</code>
          </label>
        ))}
      </fieldset>
    </details>
  );
}
