import type { IssuedTokens } from '@medkit/gateway/oidc';
import type { StoredTokens } from './credential-store.ts';

/** Returns the tokens of a login as they are stored; the user is known only to the gateway. */
export function tokensOf(
  { accessToken, refreshToken, expiresInSec }: IssuedTokens,
  { issuer, client_id, audience }: Pick<StoredTokens, 'audience' | 'client_id' | 'issuer'>,
): StoredTokens {
  return {
    ...{ user: '', issuer, client_id, audience, access_token: accessToken },
    ...(expiresInSec !== undefined && { expires_at: new Date(Date.now() + expiresInSec * 1000).toISOString() }),
    ...(refreshToken !== undefined && { refresh_token: refreshToken }),
  };
}

/** Returns the form members that select the API of the gateway: `resource` of RFC 8707 takes only addresses. */
export const audienceForm = ({ audience }: Pick<StoredTokens, 'audience'>): Readonly<Record<string, string>> => ({
  audience,
  ...(URL.canParse(audience) && !audience.includes('#') && { resource: audience }),
});

/**
 * Exchanges the refresh token for new tokens (RFC 6749, 6). Throws `TokenRefused`, or another error if the provider cannot
 * be reached.
 */
export async function renewTokens(stored: StoredTokens): Promise<StoredTokens> {
  const { http, document, client, requestTokens } = await provider(stored);
  const { refresh_token: refreshToken = '', audience } = stored;
  const issued = await requestTokens(
    http,
    { url: document.token_endpoint ?? '', client },
    { grant_type: 'refresh_token', refresh_token: refreshToken, ...audienceForm({ audience }) },
  );
  // A provider without rotation returns no other refresh token.
  return { ...tokensOf({ refreshToken, ...issued }, stored), user: stored.user };
}

/**
 * Revokes the refresh token at the provider (RFC 7009). Throws an error with the remedy if that fails. The access token
 * remains valid until it expires.
 */
export async function revokeTokens(stored: StoredTokens): Promise<void> {
  const { refresh_token: token, issuer } = stored;
  if (token === undefined) return;
  const remedy = `the login stays valid at ${issuer} until it expires or you end it there`;
  try {
    const { http, document, client, sendForm } = await provider(stored);
    const { revocation_endpoint: url } = document;
    if (url === undefined) throw new Error('the provider offers no revocation');
    await sendForm(http, { url, client }, { token, token_type_hint: 'refresh_token' });
  } catch (error) {
    throw new Error(`${(error as Error).message}: ${remedy}`);
  }
}

/** Loads the client of providers, which other commands do not need. */
async function provider({ issuer, client_id: clientId }: StoredTokens) {
  const { fetchDocument, requestTokens, sendForm } = await import('@medkit/gateway/oidc');
  const { systemHttpClient: http } = await import('@medkit/edges/node');
  const document = await fetchDocument(http, issuer);
  return { http, document, client: { clientId, clientSecret: '' }, requestTokens, sendForm };
}
