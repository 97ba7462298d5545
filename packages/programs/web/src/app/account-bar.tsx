import { useOverview } from '../gateway/overview.ts';
import { signOut, usePrincipal } from '../gateway/principal.ts';
import { useHasToken } from '../gateway/session.ts';
import { SignInLink } from '../routes/sign-in-link.tsx';
import { texts } from '../texts/texts.ts';

/**
 * The signed-in user with links to sign in and out. Renders nothing if the gateway requires no authentication and no
 * token is set.
 */
export function AccountBar() {
  const me = usePrincipal();
  const overview = useOverview();
  const hasToken = useHasToken();
  if (overview?.auth?.enabled !== true && !hasToken) return null;
  if (me === undefined || me.kind === 'anonymous') return <SignInLink />;
  return (
    <span className="row">
      <span className="soft">
        {me.principal.replace(/^user:/, '')} · {me.role}
      </span>
      {me.must_change_password === true && <SignInLink>{texts.signIn.changePassword}</SignInLink>}
      <button type="button" className="button plain" onClick={() => void signOut()}>
        {texts.shell.signOut}
      </button>
    </span>
  );
}
