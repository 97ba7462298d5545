import type { PrincipalInfo } from '@medkit/contract';
import { useRoute } from '../gateway/gateway.ts';
import { useOverview } from '../gateway/overview.ts';
import { Heading } from '../heading/heading.tsx';
import { Failure } from '../regions/failure.tsx';
import { Skeleton } from '../regions/loaded.tsx';
import type { ParametersOf } from '../routes/pages.ts';
import { SignInLink } from '../routes/sign-in-link.tsx';
import { texts } from '../texts/texts.ts';
import { DeniedRegion } from './denied-region.tsx';
import { KeysRegion } from './keys-region.tsx';
import { NoAccounts } from './no-accounts.tsx';
import { SessionsRegion } from './sessions-region.tsx';
import { t } from './texts.ts';
import './users.css';
import { UsersRegion } from './users-region.tsx';

/** Users, API keys, sessions and refused access. Each part is shown only with its permission. */
export function UsersPage(_: ParametersOf<'users'>) {
  const me = useRoute('getMe', {});
  const overview = useOverview();
  return (
    <div className="stack users">
      <Heading>{texts.shell.users}</Heading>
      {me.error ? (
        <Failure error={me.error} again={me.refetch} />
      ) : me.data === undefined || overview === undefined ? (
        <Skeleton height={420} />
      ) : (
        <Accounts me={me.data} hasAccounts={overview.auth?.enabled === true} />
      )}
    </div>
  );
}

function Accounts({ me, hasAccounts }: { readonly me: PrincipalInfo; readonly hasAccounts: boolean }) {
  const may = new Set<string>(me.permissions);
  const isAnonymous = me.kind === 'anonymous';
  return (
    <>
      {!hasAccounts && <NoAccounts />}
      {hasAccounts && isAnonymous && (
        <section className="card" aria-label={texts.shell.users}>
          <p>
            {t.signIn} <SignInLink />
          </p>
        </section>
      )}
      {hasAccounts && may.has('accounts') && <UsersRegion />}
      {hasAccounts && !isAnonymous && (
        <>
          <KeysRegion />
          <SessionsRegion />
        </>
      )}
      {may.has('audit.read') && <DeniedRegion />}
    </>
  );
}
