import { useOverview } from '../gateway/overview.ts';
import { signOut, usePrincipal } from '../gateway/principal.ts';
import { useHasToken } from '../gateway/session.ts';
import { SignInLink } from '../routes/sign-in-link.tsx';
import { texts } from '../texts/texts.ts';

/** Who is signed in, with the way in and out; nothing where nobody has to. */
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
