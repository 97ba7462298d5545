import type { ApiKey } from '@medkit/contract';
import { gateway, useRoute } from '../gateway/gateway.ts';
import { keepToken } from '../gateway/session.ts';
import { texts } from '../texts/texts.ts';
import { FieldForm } from './field-form.tsx';

interface FormProps {
  /** Called after the gateway accepted the form. */
  readonly onDone: (mustChange?: boolean) => void;
}

const password = (name: string, label: string, isNew = false) => ({
  name,
  label,
  type: 'password',
  autoComplete: isNew ? 'new-password' : 'current-password',
});
const userName = () => ({ name: 'name', label: texts.signIn.name, autoComplete: 'username' });

/** Starts a session, whose cookie the browser then sends itself. Discards the token of this tab. */
export function NameForm({ onDone }: FormProps) {
  return (
    <FieldForm
      title={texts.signIn.byName}
      fields={[userName(), password('password', texts.signIn.password)]}
      action={texts.shell.signIn}
      onSend={async ({ name = '', password = '' }) => {
        const me = await gateway().call('logIn', { body: { name, password } });
        keepToken(undefined);
        onDone(me.must_change_password === true);
      }}
    />
  );
}

/** Stores a key or token for this tab after the gateway has accepted it. */
export function TokenForm({ onDone }: FormProps) {
  return (
    <FieldForm
      title={texts.signIn.byToken}
      help={texts.signIn.tokenHelp}
      fields={[{ name: 'token', label: texts.signIn.token, type: 'password', autoComplete: 'off' }]}
      action={texts.signIn.useToken}
      onSend={async ({ token = '' }) => {
        const headerToken = asHeader(token);
        await gateway().call('getMe', { headers: { Authorization: `Bearer ${headerToken}` } });
        keepToken(headerToken);
        onDone();
      }}
    />
  );
}

/** Removes what was copied along with the token; a header value permits only printable ASCII. */
function asHeader(token: string): string {
  return token.replaceAll(/[^\x21-\x7e]/g, '');
}

/** Creates the first user, an administrator, with the setup code printed by the gateway. The new user is signed in. */
export function FirstUserForm({ onDone }: FormProps) {
  return (
    <FieldForm
      title={texts.signIn.firstUser}
      help={texts.signIn.firstUserHelp}
      fields={[
        { name: 'code', label: texts.signIn.code, autoComplete: 'one-time-code', autoCapitalize: 'characters' },
        userName(),
        password('password', texts.signIn.passwordToBe, true),
      ]}
      action={texts.signIn.makeUser}
      onSend={async ({ code = '', name = '', password = '' }) => {
        await gateway().call('setUp', { body: { code, name, password } });
        keepToken(undefined);
        onDone();
      }}
    />
  );
}

/** Changes the password of the user. Ends the other sessions of the user and, on request, the API keys. */
export function PasswordForm({ onDone, isDue, user }: FormProps & { readonly isDue: boolean; readonly user: string }) {
  const keys = keysOf(user, useRoute('listApiKeys', {}, { enabled: !isDue }).data?.items ?? []);
  return (
    <FieldForm
      title={texts.signIn.changePassword}
      help={
        <>
          {isDue ? texts.signIn.isDue : texts.signIn.endsOthers}
          {keys.length > 0 && ` ${texts.signIn.ownKeys} ${keys.map(({ name, id }) => `${name} (${id})`).join(', ')}`}
        </>
      }
      fields={[
        password('password', texts.signIn.oldPassword),
        password('new_password', texts.signIn.newPassword, true),
        ...(keys.length > 0
          ? [{ name: 'end_keys', label: texts.signIn.endKeys, type: 'checkbox', required: false }]
          : []),
      ]}
      action={texts.signIn.change}
      user={user}
      onSend={async ({ password = '', new_password = '', end_keys }) => {
        const body = { password, new_password, end_keys: end_keys !== undefined };
        await gateway().call('changePassword', { body });
        keepToken(undefined);
        onDone();
      }}
    />
  );
}

/**
 * Returns the keys created by a user and those created with these keys; all are revoked together. A key is listed after
 * the key that created it.
 */
function keysOf(user: string, keys: readonly ApiKey[]): readonly ApiKey[] {
  const makers = new Set([`user:${user}`]);
  return keys.filter(({ id, owner }) => makers.has(owner) && makers.add(`key:${id}`));
}
