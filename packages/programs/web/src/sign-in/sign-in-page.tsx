import { useState } from 'react';
import { useRoute } from '../gateway/gateway.ts';
import { useOverview } from '../gateway/overview.ts';
import { signOut } from '../gateway/principal.ts';
import { Heading } from '../heading/heading.tsx';
import { Failure } from '../regions/failure.tsx';
import { Skeleton } from '../regions/loaded.tsx';
import { Link } from '../routes/link.tsx';
import { goTo, useSearch } from '../routes/location.ts';
import type { ParametersOf } from '../routes/pages.ts';
import { returnPage } from '../routes/return-url.ts';
import { texts } from '../texts/texts.ts';
import { FirstUserForm, NameForm, PasswordForm, TokenForm } from './forms.tsx';
import './sign-in.css';
import { SingleSignOn } from './single-sign-on.tsx';
import { hasUsers, stepFor } from './step.ts';

/** Signs in, creates the first user, or changes the password, then returns to the previous page. */
export function SignInPage(_: ParametersOf<'sign-in'>) {
  const principal = useRoute('getMe', {});
  const setup = useRoute('getSetup', {});
  const overview = useOverview();
  const [isChanged, setChanged] = useState(false);
  const next = returnPage(useSearch().get('next'));
  const me = principal.error ? undefined : principal.data;
  const user = me?.principal.replace(/^user:/, '') ?? '';
  const isResolved = !principal.isPending && !setup.isPending;
  const step = stepFor({ me, isResolved, setup: setup.data });
  const goOn = (mustChange?: boolean) => mustChange !== true && goTo(next, { replace: true });
  return (
    <div className="stack sign-in-page">
      <Heading>{step === 'first-user' ? texts.signIn.noUserYet : texts.signIn.title}</Heading>
      {setup.error && <Failure error={setup.error} again={setup.refetch} />}
      {step === 'unknown' && <Skeleton height={240} />}
      {step === 'first-user' && <FirstUserForm onDone={goOn} />}
      {step === 'must-change' && <PasswordForm isDue user={user} onDone={goOn} />}
      {step === 'sign-in' && me && !hasUsers(overview) && <p>{texts.signIn.nobodyHasTo}</p>}
      {step === 'sign-in' && (
        <div className="sign-in-ways">
          {overview?.auth?.single_sign_on === true && <SingleSignOn next={next} />}
          {hasUsers(overview) && <NameForm onDone={goOn} />}
          <TokenForm onDone={goOn} />
        </div>
      )}
      {step === 'signed-in' && me && (
        <>
          <div className="card stack">
            <p>{texts.signIn.signedInAs(user, me.role)}</p>
            <div className="row">
              <Link to={next} className="button primary">
                {texts.signIn.goOn}
              </Link>
              <button type="button" className="button" onClick={() => void signOut(me.kind)}>
                {texts.shell.signOut}
              </button>
            </div>
          </div>
          {me.kind === 'user' && me.method === 'session' && (
            <PasswordForm isDue={false} user={user} onDone={() => setChanged(true)} />
          )}
          {isChanged && <p role="status">{texts.signIn.changed}</p>}
        </>
      )}
    </div>
  );
}
