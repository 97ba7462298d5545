import type { ProviderAccount, ProviderLogins } from '@medkit/accounts/provider';
import { errorMessage } from '@medkit/core';
import type { HttpClient } from '@medkit/edges';
import { fetchUserInfo, type ProviderClient } from './code-exchange.ts';
import type { ProviderDocument } from './provider-document.ts';
import type { TextSeal } from './sealed-text.ts';
import { requestTokens, TokenRefused } from './token-request.ts';

/** Errors that concern the login of one user; others, such as `invalid_client`, concern the gateway. */
const OF_LOGIN: readonly string[] = ['access_denied', 'interaction_required', 'invalid_grant', 'login_required'];
/** Refusals for reasons that pass: the account may be unchanged. */
const TEMPORARY: readonly string[] = ['clock-not-set', 'provider-unavailable'];

/** The state of a login at the provider, with the encrypted refresh token that is valid now. */
export type LoginState =
  | { readonly is: 'valid'; readonly account: ProviderAccount; readonly renewal: string }
  | { readonly is: 'ended'; readonly reason: string; readonly renewal?: string }
  | { readonly is: 'unknown'; readonly reason: string };

export interface LoginRenewalOptions {
  readonly http: HttpClient;
  readonly client: ProviderClient;
  readonly document: () => Promise<ProviderDocument | undefined>;
  readonly logins: ProviderLogins;
  /** Encrypts refresh tokens. */
  readonly tokens: TextSeal;
}

/** Reads the groups of an account again with its encrypted refresh token (OpenID Connect Core 12). */
export async function renewLogin(
  { http, client, document: find, logins, tokens }: LoginRenewalOptions,
  { subject }: Pick<ProviderAccount, 'subject'>,
  renewal: string,
): Promise<LoginState> {
  const refreshToken = tokens.open(renewal);
  if (refreshToken === undefined) return { is: 'ended', reason: 'its refresh token was encrypted with another secret' };
  const document = await find();
  if (document?.token_endpoint === undefined) return { is: 'unknown', reason: 'the provider cannot be reached' };
  const { token_endpoint: url, token_endpoint_auth_methods_supported: authMethods } = document;
  try {
    const issued = await requestTokens(
      http,
      { url, client, authMethods },
      { grant_type: 'refresh_token', refresh_token: refreshToken },
    );
    const account = await logins.verifyRenewal({
      ...{ subject, clientId: client.clientId, accessToken: issued.accessToken, idToken: issued.idToken },
      userInfo: () => fetchUserInfo(http, document, issued.accessToken),
    });
    // A provider without rotation returns no other refresh token.
    const next = issued.refreshToken ? tokens.seal(issued.refreshToken) : renewal;
    if (!('refused' in account)) return { is: 'valid', account, renewal: next };
    const { refused: reason } = account;
    return TEMPORARY.includes(reason) ? { is: 'unknown', reason } : { is: 'ended', reason, renewal: next };
  } catch (error) {
    const isOfLogin = error instanceof TokenRefused && OF_LOGIN.includes(error.code);
    return { is: isOfLogin ? 'ended' : 'unknown', reason: errorMessage(error) };
  }
}
