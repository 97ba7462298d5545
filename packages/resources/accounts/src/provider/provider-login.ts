import { hash } from 'node:crypto';
import type { JWTPayload } from 'jose';
import type { ProviderAccount } from '../credential/credential.ts';
import { type Refusal, refused } from '../credential/refusal.ts';
import type { Roles } from '../role/role.ts';
import type { ProviderLogin, ProviderOptions } from './provider.ts';
import { hasRoleClaim, providerRights } from './provider-rights.ts';
import { accountOf, verifyToken } from './verify-token.ts';

/** Types of an ID token: its type is optional. */
const TYPES: readonly unknown[] = [undefined, 'jwt'];

export interface LoginCheckOptions extends ProviderOptions {
  readonly roles: Roles;
  readonly nowMs: number;
}

/**
 * Verifies the ID token of a login (OpenID Connect Core 3.1.3.7) and returns the account. If the token does not contain
 * the claim with the groups, reads it from the user info of the provider.
 */
export async function verifyLogin(
  { idToken, accessToken, clientId, nonce, userInfo }: ProviderLogin,
  options: LoginCheckOptions,
): Promise<ProviderAccount | Refusal> {
  const verified = await verifyToken(idToken, { ...options, audience: clientId }, TYPES);
  if ('refused' in verified) return verified;
  const { payload, protectedHeader } = verified;
  if (payload['nonce'] !== nonce) return refused('malformed');
  const isForSeveral = Array.isArray(payload.aud) && payload.aud.length > 1;
  if ((isForSeveral || payload['azp'] !== undefined) && payload['azp'] !== clientId) return refused('audience');
  if (!isHashOf(accessToken, payload['at_hash'], protectedHeader.alg)) return refused('malformed');
  const claims = hasRoleClaim(payload, options.roleClaim) ? payload : await withUserInfo(payload, userInfo);
  const rights = providerRights(claims, options, options.roles);
  return 'refused' in rights ? rights : accountOf(payload, options.issuer, rights);
}

/** Adds the user info, if it is of the same account (OpenID Connect Core 5.3.4). */
async function withUserInfo(payload: JWTPayload, userInfo: ProviderLogin['userInfo']): Promise<JWTPayload> {
  const more = await userInfo();
  return more?.['sub'] === payload.sub ? { ...more, ...payload } : payload;
}

/** Returns whether the optional `at_hash` belongs to the access token: it is the left half of its digest. */
function isHashOf(accessToken: string, atHash: unknown, algorithm: string): boolean {
  if (atHash === undefined) return true;
  const digest = hash(algorithm.startsWith('Ed') ? 'sha512' : 'sha256', accessToken, 'buffer');
  return atHash === digest.subarray(0, digest.length / 2).toString('base64url');
}
