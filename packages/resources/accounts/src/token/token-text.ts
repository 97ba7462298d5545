import type { Permission } from '@medkit/contract';
import { PERMISSIONS } from '@medkit/contract';
import type { Clock } from '@medkit/edges';
import type { errors, JWTPayload } from 'jose';
import { CLOCK_IS_SET_MS } from '../credential/principals.ts';
import { type Refusal, refused } from '../credential/refusal.ts';
import type { SigningKey } from './signing-key.ts';
import type { TokenOptions } from './token.ts';

/** A token with all that it can say is a quarter of that. */
export const MAX_TOKEN_LENGTH = 8192;
const JWT_FORM = /^[\w-]+\.[\w-]+\.[\w-]+$/;
const ID_FORM = /^[0-9a-f-]{36}$/;

/** In the header, as ros2_medkit has it. */
export type TokenType = 'access' | 'refresh';

/** What a token says. */
export interface TokenClaims {
  readonly type: TokenType;
  readonly id: string;
  /** Id of a principal; `sub` has that of a client without `client:`, as with ros2_medkit. */
  readonly subject: string;
  readonly role: string;
  readonly family: string;
  readonly issuedMs: number;
  readonly expiresMs: number;
  /** Of an access token: `jti` of the refresh token beside it. */
  readonly refreshId?: string;
  readonly permissions?: ReadonlySet<Permission>;
}

/** Whether a text can be a token at all. */
export const isTokenText = (text: string): boolean => text.length <= MAX_TOKEN_LENGTH && JWT_FORM.test(text);

/** Signs what a token is to say. Loads what that takes with the first one. */
export async function signToken(claims: TokenClaims, key: SigningKey, options: TokenOptions): Promise<string> {
  const { SignJWT } = await import('jose');
  const { type, subject, role, family, refreshId, permissions } = claims;
  const token = new SignJWT({
    role,
    sid: family,
    ...(refreshId !== undefined && { refresh_token_id: refreshId }),
    ...(permissions && { permissions: [...permissions] }),
  })
    .setProtectedHeader({ alg: key.algorithm, typ: type })
    .setIssuer(options.issuer)
    .setSubject(subject.replace(/^client:/, ''))
    .setJti(claims.id)
    .setIssuedAt(Math.floor(claims.issuedMs / 1000))
    .setExpirationTime(Math.floor(claims.expiresMs / 1000));
  if (!options.withoutAudience) token.setAudience(options.audience);
  return token.sign(key.signWith);
}

/**
 * What a token says that was issued here, or why it does not count: the algorithm is the one that is configured, whatever
 * the header names, and header, claims and times are all as they are written here.
 */
export async function readToken(
  text: string,
  key: SigningKey,
  options: TokenOptions,
  clock: Clock,
): Promise<TokenClaims | Refusal> {
  if (!isTokenText(text)) return refused('malformed');
  const nowMs = clock.wallMs();
  if (nowMs < CLOCK_IS_SET_MS) return refused('clock-not-set');
  const { jwtVerify, errors } = await import('jose');
  try {
    const { payload, protectedHeader } = await jwtVerify(text, key.verifyWith, {
      algorithms: [key.algorithm],
      issuer: options.issuer,
      currentDate: new Date(nowMs),
      requiredClaims: ['sub', 'jti', 'sid', 'iat', 'exp', 'role'],
    });
    const { typ } = protectedHeader;
    if (typ !== 'access' && typ !== 'refresh') return refused('wrong-type');
    if (!isForUs(payload.aud, options)) return refused('audience');
    return claimsOf(payload, typ) ?? refused('malformed');
  } catch (error) {
    return refusalOf(error, errors);
  }
}

function isForUs(aud: JWTPayload['aud'], { audience, withoutAudience = false }: TokenOptions): boolean {
  return aud === undefined ? withoutAudience : [aud].flat().includes(audience);
}

function claimsOf(payload: JWTPayload, type: TokenType): TokenClaims | undefined {
  const { sub, jti, sid, iat, exp, role, permissions, refresh_token_id: refreshId } = payload;
  if (typeof sub !== 'string' || sub.length > 200 || typeof role !== 'string' || role.length > 64) return undefined;
  if (typeof jti !== 'string' || !ID_FORM.test(jti) || typeof sid !== 'string' || !ID_FORM.test(sid)) return undefined;
  if (permissions !== undefined && !Array.isArray(permissions)) return undefined;
  return {
    ...{ type, id: jti, role, family: sid, issuedMs: Number(iat) * 1000, expiresMs: Number(exp) * 1000 },
    subject: sub.startsWith('user:') ? sub : `client:${sub}`,
    ...(typeof refreshId === 'string' && { refreshId }),
    ...(permissions !== undefined && { permissions: new Set(permissions.filter(isPermission)) }),
  };
}

const isPermission = (name: unknown): name is Permission =>
  typeof name === 'string' && Object.hasOwn(PERMISSIONS, name);

function refusalOf(error: unknown, kinds: typeof errors): Refusal {
  if (error instanceof kinds.JWTExpired) return refused('expired');
  if (error instanceof kinds.JOSEAlgNotAllowed) return refused('algorithm');
  if (error instanceof kinds.JWSSignatureVerificationFailed) return refused('signature');
  if (error instanceof kinds.JWTClaimValidationFailed && error.claim === 'iss') return refused('issuer');
  if (error instanceof kinds.JOSEError) return refused('malformed');
  throw error;
}
