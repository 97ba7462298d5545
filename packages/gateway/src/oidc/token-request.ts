import type { HttpClient } from '@medkit/edges';
import { errorCode, fieldsOf } from './provider-reply.ts';

const TIMEOUT_MS = 5000;
/** A token has at most 16 KiB. */
const MAX_REPLY_BYTES = 131_072;

/** A program that is registered at the provider. */
export interface OAuthClient {
  readonly clientId: string;
  /** Empty for a public client. */
  readonly clientSecret: string;
}

/** Tokens of the provider (RFC 6749, 5.1). */
export interface IssuedTokens {
  readonly accessToken: string;
  readonly idToken?: string;
  readonly refreshToken?: string;
  /** Lifetime of the access token, as far as the provider says it. */
  readonly expiresInSec?: number;
}

/** The provider replied with an error (RFC 6749, 5.2). */
export class TokenRefused extends Error {
  override readonly name = 'TokenRefused';
  /** Such as `invalid_grant`; empty if the reply contains none. */
  readonly code: string;
  readonly status: number;

  constructor(status: number, code: string) {
    super(`status ${status}${code === '' ? '' : `, ${code}`}`);
    this.status = status;
    this.code = code;
  }
}

/** The endpoint of a client at the provider, and how the client authenticates there. */
export interface ClientEndpoint {
  readonly url: string;
  readonly client: OAuthClient;
  /** Methods that the provider accepts for a client with a secret. */
  readonly authMethods?: readonly string[] | undefined;
}

/** Requests tokens. Throws `TokenRefused`, or another error if the provider cannot be reached. */
export async function requestTokens(
  http: HttpClient,
  endpoint: ClientEndpoint,
  form: Readonly<Record<string, string>>,
): Promise<IssuedTokens> {
  const fields = await sendForm(http, endpoint, form);
  const { access_token: accessToken, id_token: idToken, refresh_token: refreshToken, expires_in } = fields;
  if (typeof accessToken !== 'string') throw new Error('the reply contains no access token');
  const expiresInSec = Number(expires_in);
  return {
    accessToken,
    ...(typeof idToken === 'string' && { idToken }),
    ...(typeof refreshToken === 'string' && refreshToken !== '' && { refreshToken }),
    ...(expiresInSec > 0 && Number.isFinite(expiresInSec) && { expiresInSec }),
  };
}

/** Sends a form of a client and returns the members of the reply. Throws `TokenRefused` for another status than 200. */
export async function sendForm(
  http: HttpClient,
  { url, client: { clientId, clientSecret }, authMethods = [] }: ClientEndpoint,
  form: Readonly<Record<string, string>>,
): Promise<Readonly<Record<string, unknown>>> {
  // Basic is the default of providers that list no methods (OpenID Connect Discovery 3).
  const usesBasic = clientSecret !== '' && (authMethods.length === 0 || authMethods.includes('client_secret_basic'));
  const sent = new URLSearchParams({ ...form, client_id: clientId });
  if (clientSecret !== '' && !usesBasic) sent.set('client_secret', clientSecret);
  const { status, body } = await http.send({
    ...{ method: 'POST', url, body: sent.toString(), timeoutMs: TIMEOUT_MS, maxReplyBytes: MAX_REPLY_BYTES },
    headers: {
      accept: 'application/json',
      'content-type': 'application/x-www-form-urlencoded',
      ...(usesBasic && { authorization: basic(clientId, clientSecret) }),
    },
  });
  const fields = fieldsOf(body);
  if (status === 200) return fields;
  const { error } = fields;
  throw new TokenRefused(status, typeof error === 'string' ? errorCode(error) : '');
}

/** RFC 6749, 2.3.1: both parts are encoded as in a form. */
function basic(id: string, secret: string): string {
  const encoded = (text: string) => new URLSearchParams({ x: text }).toString().slice('x='.length);
  return `Basic ${Buffer.from(`${encoded(id)}:${encoded(secret)}`).toString('base64')}`;
}
