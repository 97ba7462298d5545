import type { CreatedUser } from '@medkit/contract';
import { type FormEvent, useState } from 'react';
import { useRefusal } from '../access/use-disabled-reason.ts';
import { Dialog } from '../controls/dialog.tsx';
import { gateway, refetchRoutes } from '../gateway/gateway.ts';
import { Failure } from '../regions/failure.tsx';
import { RoleField } from './role-field.tsx';
import { t } from './texts.ts';

interface AddUserDialogProps {
  readonly roles: readonly string[];
  readonly onAdded: (user: CreatedUser) => void;
  readonly onClose: () => void;
}

/** Adds a user with a role. The gateway generates the password. */
export function AddUserDialog({ roles, onAdded, onClose }: AddUserDialogProps) {
  const u = t.users;
  const [name, setName] = useState('');
  const [role, setRole] = useState(roles[0] ?? '');
  const [error, setError] = useState<Error>();
  const [isAtWork, setAtWork] = useState(false);
  const refusal = useRefusal('accounts');
  const add = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setAtWork(true);
    setError(undefined);
    try {
      const user = await gateway().call('createUser', { body: { name: name.trim(), role: role.trim() } });
      refetchRoutes(['listUsers']);
      onAdded(user);
      onClose();
    } catch (failure) {
      setError(failure as Error);
      setAtWork(false);
    }
  };
  return (
    <Dialog title={u.add} onClose={onClose}>
      <p className="soft">{u.addHelp}</p>
      <form className="stack" onSubmit={(event) => void add(event)}>
        <label className="users-field">
          {u.name}
          <input
            required
            maxLength={64}
            value={name}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            onChange={(event) => setName(event.target.value)}
          />
          <span className="soft">{u.nameHelp}</span>
        </label>
        <RoleField role={role} roles={roles} onChange={setRole} />
        {error && <Failure error={error} />}
        <div className="row">
          <button type="submit" className="button primary" disabled={isAtWork || refusal !== undefined}>
            {u.add}
          </button>
          {refusal && <span className="soft">{refusal}</span>}
        </div>
      </form>
    </Dialog>
  );
}
