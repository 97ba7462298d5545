import { hash } from 'node:crypto';
import type { JWTPayload } from 'jose';
import type { ProviderAccount } from '../credential/credential.ts';
import { type Refusal, refused } from '../credential/refusal.ts';
import type { Roles } from '../role/role.ts';
import type { ProviderLogin, ProviderOptions, ProviderRenewal } from './provider.ts';
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
  login: ProviderLogin,
  options: LoginCheckOptions,
): Promise<ProviderAccount | Refusal> {
  const verified = await verifyIdToken(login.idToken, login, options);
  if ('refused' in verified) return verified;
  return verified.payload['nonce'] === login.nonce
    ? accountWithRights(verified.payload, login, options)
    : refused('malformed');
}

/** Verifies the tokens of a renewal (OpenID Connect Core 12.2) and returns the account with its present groups. */
export async function verifyRenewal(
  renewal: ProviderRenewal,
  options: LoginCheckOptions,
): Promise<ProviderAccount | Refusal> {
  const { idToken, subject } = renewal;
  if (idToken === undefined) return accountWithRights({ sub: subject }, renewal, options);
  const verified = await verifyIdToken(idToken, renewal, options);
  if ('refused' in verified) return verified;
  return verified.payload.sub === subject ? accountWithRights(verified.payload, renewal, options) : refused('unknown');
}

async function verifyIdToken(
  idToken: string,
  { accessToken, clientId }: Pick<ProviderLogin, 'accessToken' | 'clientId'>,
  options: LoginCheckOptions,
): Promise<{ readonly payload: JWTPayload } | Refusal> {
  const verified = await verifyToken(idToken, { ...options, audience: clientId }, TYPES);
  if ('refused' in verified) return verified;
  const { payload, protectedHeader } = verified;
  const isForSeveral = Array.isArray(payload.aud) && payload.aud.length > 1;
  if ((isForSeveral || payload['azp'] !== undefined) && payload['azp'] !== clientId) return refused('audience');
  return isHashOf(accessToken, payload['at_hash'], protectedHeader.alg) ? { payload } : refused('malformed');
}

async function accountWithRights(
  payload: JWTPayload,
  { userInfo }: Pick<ProviderLogin, 'userInfo'>,
  options: LoginCheckOptions,
): Promise<ProviderAccount | Refusal> {
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
