import { signOut, useAccount } from '../gateway/principal.ts';
import { useHasToken } from '../gateway/session.ts';
import { SignInLink } from '../routes/sign-in-link.tsx';
import { texts } from '../texts/texts.ts';

/**
 * The signed-in user with links to sign in and out. Renders nothing if the gateway requires no authentication and no
 * token is set.
 */
export function AccountBar() {
  const { isPending, data, error } = useAccount();
  const me = error ? undefined : data;
  const hasToken = useHasToken();
  if (isPending && !hasToken) return null;
  // Without authentication every client is an anonymous administrator.
  if (!hasToken && me?.kind === 'anonymous' && me.role === 'admin') return null;
  if (me === undefined || me.kind === 'anonymous') return <SignInLink />;
  return (
    <span className="row">
      <span className="soft">
        {me.principal.replace(/^user:/, '')} · {me.role}
      </span>
      {me.must_change_password === true && <SignInLink>{texts.signIn.changePassword}</SignInLink>}
      <button type="button" className="button plain" onClick={() => void signOut(me.kind)}>
        {texts.shell.signOut}
      </button>
    </span>
  );
}
