import type { Permission } from '@medkit/contract';
import { PERMISSIONS } from '@medkit/contract';
import type { Clock } from '@medkit/edges';
import type { errors, JWTPayload } from 'jose';
import { type Refusal, refused } from '../credential/refusal.ts';
import { CLOCK_IS_SET_MS } from '../principals.ts';
import type { SigningKey } from './signing-key.ts';
import type { TokenOptions } from './token.ts';

/** Maximum length of a token; a token with all possible claims has a quarter of it. */
export const MAX_TOKEN_LENGTH = 8192;
const JWT_FORM = /^[\w-]+\.[\w-]+\.[\w-]+$/;
const ID_FORM = /^[0-9a-f-]{36}$/;

/** The `typ` header, as in ros2_medkit. */
export type TokenType = 'access' | 'refresh';

/** Content of a token. */
export interface TokenClaims {
  readonly type: TokenType;
  readonly id: string;
  /** Principal id. In `sub`, the id of a client has no `client:` prefix, as in ros2_medkit. */
  readonly subject: string;
  readonly role: string;
  readonly family: string;
  readonly issuedMs: number;
  readonly expiresMs: number;
  /** For an access token: `jti` of the refresh token issued with it. */
  readonly refreshId?: string;
  readonly permissions?: ReadonlySet<Permission>;
}

/** Returns whether a text has the format of a token. */
export const isTokenText = (text: string): boolean => text.length <= MAX_TOKEN_LENGTH && JWT_FORM.test(text);

/** Signs a token. Loads the `jose` library on first use. */
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
 * Verifies a token of this gateway. Returns its content or the reason of rejection. Accepts only the configured
 * algorithm, whatever the header names. Header, claims and times must have the form that `signToken` writes.
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
