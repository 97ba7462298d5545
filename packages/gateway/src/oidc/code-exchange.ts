import type { HttpClient } from '@medkit/edges';
import type { ProviderDocument } from './provider-document.ts';

const TIMEOUT_MS = 5000;
/** A token has at most 16 KiB. */
const MAX_REPLY_BYTES = 131_072;

/** The registration of the gateway at the provider. */
export interface ProviderClient {
  readonly clientId: string;
  /** Empty for a public client. */
  readonly clientSecret: string;
  readonly redirectUri: string;
  /** Address of the start page, to which a logout returns. */
  readonly homeUri: string;
}

export interface ExchangedTokens {
  readonly idToken: string;
  readonly accessToken: string;
}

/** Exchanges the code of a login for its tokens (RFC 6749, 4.1.3). Throws an error with the reason of the provider. */
export async function exchangeCode(
  http: HttpClient,
  { token_endpoint: url = '', token_endpoint_auth_methods_supported: methods = [] }: ProviderDocument,
  { clientId, clientSecret, redirectUri }: ProviderClient,
  { code, verifier }: { readonly code: string; readonly verifier: string },
): Promise<ExchangedTokens> {
  const form = new URLSearchParams({
    grant_type: 'authorization_code',
    ...{ code, redirect_uri: redirectUri, client_id: clientId, code_verifier: verifier },
  });
  // Basic is the default of providers that list no methods (OpenID Connect Discovery 3).
  const usesBasic = clientSecret !== '' && (methods.length === 0 || methods.includes('client_secret_basic'));
  if (clientSecret !== '' && !usesBasic) form.set('client_secret', clientSecret);
  const { status, body } = await http.send({
    ...{ method: 'POST', url, body: form.toString(), timeoutMs: TIMEOUT_MS, maxReplyBytes: MAX_REPLY_BYTES },
    headers: {
      accept: 'application/json',
      'content-type': 'application/x-www-form-urlencoded',
      ...(usesBasic && { authorization: basic(clientId, clientSecret) }),
    },
  });
  const { id_token: idToken, access_token: accessToken, error } = fieldsOf(body);
  if (status !== 200) throw new Error(`status ${status}${typeof error === 'string' ? `, ${errorCode(error)}` : ''}`);
  if (typeof idToken !== 'string' || typeof accessToken !== 'string') throw new Error('the reply contains no ID token');
  return { idToken, accessToken };
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

/** An error code of OAuth 2.0, without characters that could be mistaken for the text of a message. */
export const errorCode = (text: string): string => text.replaceAll(/[^\w.-]/g, '').slice(0, 64);

/** RFC 6749, 2.3.1: both parts are encoded as in a form. */
function basic(id: string, secret: string): string {
  const encoded = (text: string) => new URLSearchParams({ x: text }).toString().slice('x='.length);
  return `Basic ${Buffer.from(`${encoded(id)}:${encoded(secret)}`).toString('base64')}`;
}

function fieldsOf(body: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
  } catch {
    // Not JSON: has no fields.
    return {};
  }
}
