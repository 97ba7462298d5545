import { errorMessage } from '@medkit/core';
import type { LoginRenewalOptions } from './login-renewal.ts';
import { sendForm, TokenRefused } from './token-request.ts';

/** Whether a refresh token was revoked; `unknown` if the provider may revoke it later. */
export type Revocation = { readonly is: 'revoked' } | { readonly is: 'refused' | 'unknown'; readonly reason: string };

/** Revokes an encrypted refresh token at the provider (RFC 7009). Does nothing if the provider offers no revocation. */
export async function revokeLogin(
  { http, client, document: find, tokens }: Omit<LoginRenewalOptions, 'logins'>,
  renewal: string,
): Promise<Revocation> {
  const token = tokens.open(renewal);
  if (token === undefined) return { is: 'refused', reason: 'it was encrypted with another secret' };
  const document = await find();
  if (document === undefined) return { is: 'unknown', reason: 'the provider cannot be reached' };
  const { revocation_endpoint: url, token_endpoint_auth_methods_supported: authMethods } = document;
  if (url === undefined) return { is: 'revoked' };
  try {
    await sendForm(http, { url, client, authMethods }, { token, token_type_hint: 'refresh_token' });
    return { is: 'revoked' };
  } catch (error) {
    // RFC 7009, 2.2.1: with the status 503, the token still exists, and the client may try again.
    const isRefused = error instanceof TokenRefused && error.status < 500 && error.status !== 429;
    return { is: isRefused ? 'refused' : 'unknown', reason: errorMessage(error) };
  }
}
