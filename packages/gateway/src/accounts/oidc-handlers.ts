import { SovdError } from '@medkit/contract';
import { type Answer, done } from '../http/answer.ts';
import type { Exchange, Handlers } from '../http/exchange.ts';
import { WrongCredentials } from '../limits/wrong-credentials.ts';
import { loginCookie } from '../oidc/login-cookie.ts';
import type { SingleSignOn } from '../oidc/single-sign-on.ts';
import { isBrowser } from '../page/navigation.ts';
import { cookieIn, sessionCookie } from '../security/session-cookie.ts';
import { withAccountErrors } from './account-errors.ts';
import { type LoginContext, tooManyLogins } from './log-in.ts';

/** A path of this origin; `//` and `/\` begin the address of another one. */
const RETURN_PATH = /^\/(?![/\\])[\x21-\x5b\x5d-\x7e]{0,1023}$/;

/** The handlers of single sign-on in a browser. */
export function oidcHandlers(
  known: LoginContext,
): Pick<Handlers, 'endSingleSignOn' | 'finishSingleSignOn' | 'startSingleSignOn'> {
  const wrong = new WrongCredentials(known.clock);
  // The browser sends it when it returns from the provider, unlike the session cookie.
  const cookieName = `${known.cookieName}-oidc`;
  const single = (): SingleSignOn => known.singleSignOn ?? notConfigured();
  return {
    startSingleSignOn: async ({ query }) => {
      const sso = single();
      const { return_to: returnTo = sso.home } = query;
      if (!RETURN_PATH.test(returnTo)) throw invalidPath();
      const { location, cookie } = await sso.start(returnTo);
      return done({ Location: location, 'Set-Cookie': loginCookie(cookieName, cookie) });
    },
    finishSingleSignOn: (exchange) =>
      withFailurePage(exchange, known, async () => {
        const { query, headers, remoteAddress } = exchange;
        const sso = single();
        const cookie = cookieIn(headers['cookie'] as string | undefined, cookieName);
        const { account, renewal, returnTo } = await sso.finish(query, cookie).catch((error: unknown) => {
          if (!(error instanceof SovdError) || error.status !== 401) throw error;
          known.onWrongLogin(remoteAddress, undefined);
          const tooMany = wrong.count(remoteAddress);
          throw tooMany ? tooManyLogins(tooMany.waitMs) : error;
        });
        const begun = await withAccountErrors(() =>
          known.accounts.sessions.beginForProvider(account, {
            ...{ ...browserOf(exchange), lifeMs: sso.sessionMs },
            ...(renewal !== undefined && { renewal }),
          }),
        );
        exchange.note({ oidc_issuer: account.issuer, oidc_subject: account.subject, role: account.role });
        const maxAgeSec = Math.min(known.cookieSec, Math.floor(sso.sessionMs / 1000));
        return done({
          Location: returnTo,
          'Set-Cookie': [sessionCookie(known.cookieName, begun.cookie, maxAgeSec), loginCookie(cookieName, '', 0)],
        });
      }),
    endSingleSignOn: async () => {
      const sso = single();
      return done({ Location: (await sso.endAddress()) ?? sso.home });
    },
  };
}

/** Answers a browser with a page if a login fails: the user came from the provider, and sees no page of the gateway. */
async function withFailurePage(
  { headers }: Pick<Exchange, 'headers'>,
  { singleSignOn }: Pick<LoginContext, 'singleSignOn'>,
  finish: () => Promise<Answer<never>>,
): Promise<Answer<never>> {
  try {
    return await finish();
  } catch (error) {
    if (
      !(error instanceof SovdError) ||
      !singleSignOn ||
      !isBrowser({ headers: { accept: headers['accept'] as string | undefined } })
    )
      throw error;
    const { failedLoginPage } = await import('./failed-login-page.ts');
    // Its route declares no body for it.
    return failedLoginPage(error, singleSignOn.home, headers['accept-language'] as string) as unknown as Answer<never>;
  }
}

const browserOf = ({ headers, remoteAddress }: Exchange) => ({
  userAgent: String(headers['user-agent'] ?? ''),
  address: remoteAddress,
});

function invalidPath(): SovdError {
  const message = 'return_to must be a path of this gateway, such as /incidents';
  return new SovdError({ code: 'invalid-parameter', message });
}

function notConfigured(): never {
  const message = 'Single sign-on is disabled on this gateway: set auth.oidc.client_id, or log in with a name';
  throw new SovdError({ code: 'not-implemented', message });
}
