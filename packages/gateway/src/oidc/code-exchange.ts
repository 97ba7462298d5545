import type { HttpClient } from '@medkit/edges';
import type { ProviderDocument } from './provider-document.ts';
import { fieldsOf } from './provider-reply.ts';
import { type IssuedTokens, type OAuthClient, requestTokens } from './token-request.ts';

const TIMEOUT_MS = 5000;
/** A user info has some hundred groups at most. */
const MAX_REPLY_BYTES = 131_072;

/** The registration of the gateway at the provider. */
export interface ProviderClient extends OAuthClient {
  readonly redirectUri: string;
  /** Address of the start page, to which a logout returns. */
  readonly homeUri: string;
}

export interface ExchangedTokens extends IssuedTokens {
  readonly idToken: string;
}

/** Exchanges the code of a login for its tokens (RFC 6749, 4.1.3). Throws an error with the reason of the provider. */
export async function exchangeCode(
  http: HttpClient,
  { token_endpoint: url = '', token_endpoint_auth_methods_supported: authMethods }: ProviderDocument,
  client: ProviderClient,
  { code, verifier }: { readonly code: string; readonly verifier: string },
): Promise<ExchangedTokens> {
  const tokens = await requestTokens(
    http,
    { url, client, authMethods },
    { grant_type: 'authorization_code', code, redirect_uri: client.redirectUri, code_verifier: verifier },
  );
  const { idToken } = tokens;
  if (idToken === undefined) throw new Error('the reply contains no ID token');
  return { ...tokens, idToken };
}

/** Returns the user info of an account; `undefined` if the provider offers none, or does not reply with JSON. */
export async function fetchUserInfo(
  http: HttpClient,
  { userinfo_endpoint: url }: ProviderDocument,
  accessToken: string,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  if (url === undefined) return undefined;
  const { status, body } = await http.send({
    ...{ method: 'GET', url, timeoutMs: TIMEOUT_MS, maxReplyBytes: MAX_REPLY_BYTES },
    headers: { accept: 'application/json', authorization: `Bearer ${accessToken}` },
  });
  return status === 200 ? fieldsOf(body) : undefined;
}
