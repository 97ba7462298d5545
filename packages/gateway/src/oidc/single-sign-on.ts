import { createHash } from 'node:crypto';
import type { ProviderAccount, ProviderLogins } from '@medkit/accounts/provider';
import { SovdError } from '@medkit/contract';
import { errorMessage, type Log } from '@medkit/core';
import type { Clock, HttpClient, Random } from '@medkit/edges';
import { credentialError, isExplained } from '../security/authorise.ts';
import { exchangeCode, fetchUserInfo, type ProviderClient } from './code-exchange.ts';
import { type LoginCookies, loginCookies } from './login-cookie.ts';
import { type LoginState, renewLogin } from './login-renewal.ts';
import { type Revocation, revokeLogin } from './login-revocation.ts';
import type { ProviderDocument } from './provider-document.ts';
import { errorCode } from './provider-reply.ts';
import type { TextSeal } from './sealed-text.ts';

const RANDOM_BYTES = 32;
const NO_REFRESH_TOKEN =
  'the identity provider returned no refresh token, so that the session has the groups of its login (auth.oidc.refresh): add offline_access to auth.oidc.scope, or allow the client refresh tokens';

/** Log-in of users in a browser by a code of the identity provider (RFC 6749 4.1, RFC 7636). */
export interface SingleSignOn {
  /** Returns the address at the provider, and the cookie with which the browser returns. */
  start(returnTo: string): Promise<{ readonly location: string; readonly cookie: string }>;
  /** Finishes a login with the query of the callback. Throws the error for the user. */
  finish(query: CallbackQuery, cookie: string | undefined): Promise<FinishedLogin>;
  /** Returns the address that ends the session at the provider; `undefined` if it offers none. */
  endAddress(): Promise<string | undefined>;
  /** Uses the encrypted refresh tokens of logins; absent unless they are stored. */
  readonly refresh?: LoginRefresh;
  /** Page of the gateway that a login without another page leads to. */
  readonly home: string;
  /** Maximum lifetime of a session. */
  readonly sessionMs: number;
}

export interface LoginRefresh {
  /** Reads the groups of a login again. */
  renew(account: ProviderAccount, renewal: string): Promise<LoginState>;
  /** Revokes a refresh token. */
  revoke(renewal: string): Promise<Revocation>;
}

export interface FinishedLogin {
  readonly account: ProviderAccount;
  /** The encrypted refresh token, if groups are read again. */
  readonly renewal?: string;
  readonly returnTo: string;
}

/** RFC 6749 4.1.2, RFC 9207. */
export interface CallbackQuery {
  readonly code?: string | undefined;
  readonly state?: string | undefined;
  readonly iss?: string | undefined;
  readonly error?: string | undefined;
}

export interface SingleSignOnOptions extends Pick<SingleSignOn, 'home' | 'sessionMs'> {
  readonly issuer: string;
  readonly client: ProviderClient;
  readonly scope: string;
  readonly document: () => Promise<ProviderDocument | undefined>;
  readonly logins: ProviderLogins;
  readonly http: HttpClient;
  readonly clock: Clock;
  readonly random: Random;
  /** Encrypts the cookies of started logins. */
  readonly key: Uint8Array;
  /** Encrypts refresh tokens; absent unless groups are read again. */
  readonly tokens?: TextSeal | undefined;
  readonly log: Log;
}

export function singleSignOn(options: SingleSignOnOptions): SingleSignOn {
  const { client, scope, random, home, sessionMs, tokens } = options;
  const cookies: LoginCookies = loginCookies(options.key, options);
  const randomText = () => Buffer.from(random.bytes(RANDOM_BYTES)).toString('base64url');

  const provider = async (): Promise<ProviderDocument> => {
    const document = await options.document();
    if (document?.authorization_endpoint !== undefined && document.token_endpoint !== undefined) return document;
    throw credentialError('provider-unavailable');
  };

  return {
    home,
    sessionMs,
    ...(tokens && {
      refresh: {
        renew: (account, renewal) => renewLogin({ ...options, tokens }, account, renewal),
        revoke: (renewal) => revokeLogin({ ...options, tokens }, renewal),
      },
    }),
    start: async (returnTo) => {
      const { authorization_endpoint = '' } = await provider();
      const login = { state: randomText(), nonce: randomText(), verifier: randomText(), returnTo };
      const location = addressWith(authorization_endpoint, {
        response_type: 'code',
        ...{ client_id: client.clientId, redirect_uri: client.redirectUri, scope },
        ...{ state: login.state, nonce: login.nonce, code_challenge_method: 'S256' },
        code_challenge: createHash('sha256').update(login.verifier).digest('base64url'),
      });
      return { location, cookie: cookies.seal(login) };
    },
    finish: async ({ code, state, iss, error }, cookie) => {
      const login = cookies.open(cookie);
      if (login === undefined || state !== login.state) throw notStarted();
      const document = await provider();
      const needsIssuer = document.authorization_response_iss_parameter_supported === true;
      if (iss === undefined ? needsIssuer : iss !== options.issuer) throw refusedLogin('the reply has another issuer');
      if (error !== undefined) throw refusedLogin(errorCode(error));
      if (code === undefined) throw refusedLogin('the reply has no code');
      return { ...(await verifiedLogin(options, document, { code, ...login })), returnTo: login.returnTo };
    },
    endAddress: async () => {
      const url = (await options.document())?.end_session_endpoint;
      const { clientId, homeUri } = client;
      return url && addressWith(url, { client_id: clientId, post_logout_redirect_uri: homeUri });
    },
  };
}

/** Exchanges the code and verifies the account. Of the tokens, only the refresh token is returned, if it is to be stored. */
async function verifiedLogin(
  { http, client, logins, log, tokens: seal }: SingleSignOnOptions,
  document: ProviderDocument,
  { code, verifier, nonce }: { readonly code: string; readonly verifier: string; readonly nonce: string },
): Promise<Pick<FinishedLogin, 'account' | 'renewal'>> {
  const failed = (error: unknown): never => {
    log('warn', `a login at ${document.issuer} failed: ${errorMessage(error)}`);
    throw refusedLogin('the code was not accepted');
  };
  const tokens = await exchangeCode(http, document, client, { code, verifier }).catch(failed);
  const userInfo = () => fetchUserInfo(http, document, tokens.accessToken).catch(failed);
  const account = await logins.verifyLogin({ ...tokens, clientId: client.clientId, nonce, userInfo });
  if (!('refused' in account)) {
    const { refreshToken } = tokens;
    if (seal && refreshToken === undefined) log('warn', NO_REFRESH_TOKEN);
    return { account, ...(seal && refreshToken !== undefined && { renewal: seal.seal(refreshToken) }) };
  }
  log('warn', `a login at ${document.issuer} was refused: ${account.refused}`);
  throw isExplained(account.refused) ? credentialError(account.refused) : refusedLogin('its ID token is not valid');
}

/** Adds parameters to an endpoint, which may have a query. */
function addressWith(endpoint: string, parameters: Readonly<Record<string, string>>): string {
  const url = new URL(endpoint);
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return url.href;
}

function refusedLogin(reason: string): SovdError {
  return new SovdError({ code: 'unauthorized', message: `The login at the identity provider failed: ${reason}` });
}

function notStarted(): SovdError {
  const message = 'This login was not started in this browser, or took longer than ten minutes: log in again';
  return new SovdError({ code: 'unauthorized', message });
}
