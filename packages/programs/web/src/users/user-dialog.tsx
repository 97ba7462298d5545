import { GatewayRefused } from '@medkit/client';
import type { FleetGrant, User, UserChange } from '@medkit/contract';
import { type FormEvent, useState } from 'react';
import { useRefusal } from '../access/use-disabled-reason.ts';
import { Dialog } from '../controls/dialog.tsx';
import { gateway, refetchRoutes, useRoute } from '../gateway/gateway.ts';
import { Confirm } from '../regions/confirm.tsx';
import { Failure } from '../regions/failure.tsx';
import { Loaded } from '../regions/loaded.tsx';
import { IS_HUB } from '../routes/base-path.ts';
import { Ago, Time } from '../time/time.tsx';
import { timeMs } from '../time/times.ts';
import { generatePassword } from './generate-password.ts';
import { limitText } from './limits.ts';
import { LimitsForm } from './limits-form.tsx';
import { RoleField } from './role-field.tsx';
import { t } from './texts.ts';
import { userState } from './user-facts.ts';

type Action = 'disable' | 'reset' | 'remove';

interface UserDialogProps {
  readonly name: string;
  readonly roles: readonly string[];
  readonly lastActiveMs: number | undefined;
  readonly sessionCount: number;
  readonly keyCount: number;
  /** Called with the generated password after a reset. */
  readonly onPassword: (password: string) => void;
  readonly onClose: () => void;
}

async function change(name: string, body: UserChange): Promise<void> {
  await gateway().call('changeUser', { path: { user_name: name }, body });
  refresh();
}

function refresh(): void {
  refetchRoutes(['listUsers', 'getUser', 'listSessions', 'listApiKeys', 'getMe']);
}

/** One user with the changes that an administrator can make. */
export function UserDialog(props: UserDialogProps) {
  const { name, onPassword, onClose } = props;
  const user = useRoute('getUser', { path: { user_name: name } });
  const [action, setAction] = useState<Action>();
  const isUnknown = user.error instanceof GatewayRefused && user.error.status === 404;
  if (action) return <ConfirmAction {...{ action, name, onPassword, onClose }} onCancel={() => setAction(undefined)} />;
  return (
    <Dialog title={name} onClose={onClose}>
      {isUnknown ? (
        <p>{t.users.unknown(name)}</p>
      ) : (
        <Loaded query={user} height={220}>
          {(found) => (
            <>
              <UserFacts user={found} {...props} />
              {found.declared ? (
                <p className="soft">{t.users.declaredHelp}</p>
              ) : (
                <UserChanges user={found} roles={props.roles} onAction={setAction} />
              )}
              {(IS_HUB || found.grants) && <UserLimits user={found} roles={props.roles} />}
            </>
          )}
        </Loaded>
      )}
    </Dialog>
  );
}

function UserFacts({ user, lastActiveMs, sessionCount, keyCount }: UserDialogProps & { readonly user: User }) {
  const u = t.users;
  return (
    <dl>
      <dt>{u.state}</dt>
      <dd>
        <span className={`users-state users-${userState(user)}`}>{u.states[userState(user)]}</span>
      </dd>
      <dt>{u.role}</dt>
      <dd>{user.role}</dd>
      {user.grants && (
        <>
          <dt>{u.limits}</dt>
          <dd>{user.grants.map(limitText).join(' · ')}</dd>
        </>
      )}
      <dt title={u.lastActiveHelp}>{u.lastActive}</dt>
      <dd>{lastActiveMs === undefined ? <span className="soft">{u.noSession}</span> : <Ago ms={lastActiveMs} />}</dd>
      <dt>{u.created}</dt>
      <dd>
        <Time ms={timeMs(user.created_at)} />
      </dd>
      <dt>{u.sessions}</dt>
      <dd className="number">{sessionCount}</dd>
      <dt>{t.keys.title}</dt>
      <dd className="number">{keyCount}</dd>
    </dl>
  );
}

function UserLimits({ user: { name, grants }, roles }: Pick<UserChangesProps, 'roles' | 'user'>) {
  const [error, setError] = useState<Error>();
  const refusal = useRefusal('accounts');
  const save = async (limits: FleetGrant[]): Promise<void> => {
    setError(undefined);
    await change(name, { grants: limits }).catch((failure: Error) => setError(failure));
  };
  return (
    <>
      <LimitsForm key={JSON.stringify(grants)} grants={grants ?? []} roles={roles} refusal={refusal} onSave={save} />
      {error && <Failure error={error} />}
    </>
  );
}

interface UserChangesProps {
  readonly user: User;
  readonly roles: readonly string[];
  readonly onAction: (action: Action) => void;
}

function UserChanges({ user, roles, onAction }: UserChangesProps) {
  const u = t.users;
  const [role, setRole] = useState(user.role);
  const [error, setError] = useState<Error>();
  const refusal = useRefusal('accounts');
  const send = async (body: UserChange): Promise<void> => {
    setError(undefined);
    await change(user.name, body).catch((failure: Error) => setError(failure));
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    void send({ role: role.trim() });
  };
  return (
    <>
      <form className="stack users-change" onSubmit={submit}>
        <RoleField role={role} roles={roles} onChange={setRole} />
        <div className="row">
          <button type="submit" className="button" disabled={refusal !== undefined || role === user.role}>
            {u.changeRole}
          </button>
          {refusal && <span className="soft">{refusal}</span>}
        </div>
      </form>
      {error && <Failure error={error} />}
      <div className="row users-actions">
        <button type="button" className="button" disabled={refusal !== undefined} onClick={() => onAction('reset')}>
          {u.reset}
        </button>
        {user.disabled ? (
          <button
            type="button"
            className="button"
            disabled={refusal !== undefined}
            onClick={() => void send({ disabled: false })}
          >
            {u.enable}
          </button>
        ) : (
          <button
            type="button"
            className="button danger"
            disabled={refusal !== undefined}
            onClick={() => onAction('disable')}
          >
            {u.disable}
          </button>
        )}
        <button
          type="button"
          className="button danger"
          disabled={refusal !== undefined}
          onClick={() => onAction('remove')}
        >
          {u.remove}
        </button>
      </div>
    </>
  );
}

interface ConfirmActionProps extends Pick<UserDialogProps, 'name' | 'onPassword' | 'onClose'> {
  readonly action: Action;
  /** Returns to the user. */
  readonly onCancel: () => void;
}

function ConfirmAction({ action, name, onPassword, onClose, onCancel }: ConfirmActionProps) {
  const u = t.users;
  const reset = async (): Promise<void> => {
    const password = generatePassword();
    await change(name, { password });
    onPassword(password);
    onClose();
  };
  const remove = async (): Promise<void> => {
    await gateway().call('deleteUser', { path: { user_name: name } });
    refresh();
    onClose();
  };
  const confirmations = {
    disable: [u.disableTitle(name), u.disableEffect(name), u.disable, () => change(name, { disabled: true })],
    reset: [u.resetTitle(name), u.resetEffect(name), u.reset, reset],
    remove: [u.removeTitle(name), u.removeEffect(name), u.remove, remove],
  } as const;
  const [title, effect, label, confirm] = confirmations[action];
  return (
    <Confirm title={title} action={label} onConfirm={confirm} onClose={onCancel}>
      <p>{effect}</p>
    </Confirm>
  );
}
