import type { errors, JSONWebKeySet, JWTPayload, JWTVerifyResult } from 'jose';
import type { ProviderAccount } from '../credential/credential.ts';
import { type Refusal, refused } from '../credential/refusal.ts';
import { CLOCK_IS_SET_MS } from '../principals.ts';
import { CLOCK_TOLERANCE_MS, type ProviderOptions } from './provider.ts';
import { providerPrincipalId } from './provider-id.ts';
import type { ProviderRights } from './provider-rights.ts';

/** Maximum length of a token: it must fit into the headers of a request, which Node.js limits to 16 KiB. */
const MAX_TOKEN_LENGTH = 16_384;
const JWT_FORM = /^[\w-]+\.[\w-]+\.[\w-]+$/;
/** Only signatures that a public key verifies: a shared secret could also sign. */
const ALGORITHMS = ['RS256', 'PS256', 'ES256', 'EdDSA', 'Ed25519'];
/** Maximum length of `sub` (OpenID Connect Core 2). */
const MAX_SUBJECT_LENGTH = 255;

/** Returns whether a text names this issuer. Does not verify it. */
export function isTokenOf(issuer: string, text: string): boolean {
  if (text.length > MAX_TOKEN_LENGTH || !JWT_FORM.test(text)) return false;
  try {
    const claims: unknown = JSON.parse(Buffer.from(text.split('.', 2)[1] as string, 'base64url').toString());
    return typeof claims === 'object' && claims !== null && (claims as JWTPayload).iss === issuer;
  } catch {
    // Not JSON, so not a token.
    return false;
  }
}

/**
 * Verifies signature, issuer, audience, times, type and subject of a token of the provider. Loads the `jose` library with
 * the first token.
 *
 * @param types allowed values of `typ`, in lower case
 */
export async function verifyToken(
  text: string,
  options: Pick<ProviderOptions, 'audience' | 'issuer' | 'keys'> & { readonly nowMs: number },
  types: readonly unknown[],
): Promise<JWTVerifyResult | Refusal> {
  if (!isTokenOf(options.issuer, text)) return refused('malformed');
  if (options.nowMs < CLOCK_IS_SET_MS) return refused('clock-not-set');
  const verified = await verifySignature(text, options);
  if ('refused' in verified) return verified;
  const { payload, protectedHeader } = verified;
  if (!types.includes(protectedHeader.typ?.toLowerCase())) return refused('wrong-type');
  return hasSubject(payload) ? verified : refused('malformed');
}

/** Returns the account of verified claims. */
export function accountOf({ sub = '' }: JWTPayload, issuer: string, rights: ProviderRights): ProviderAccount {
  return { id: providerPrincipalId(issuer, sub), issuer, subject: sub, ...rights };
}

function hasSubject({ sub }: JWTPayload): boolean {
  return typeof sub === 'string' && sub !== '' && sub.length <= MAX_SUBJECT_LENGTH && !/\p{Cc}/u.test(sub);
}

async function verifySignature(
  text: string,
  { issuer, audience, keys, nowMs }: Parameters<typeof verifyToken>[1],
): Promise<JWTVerifyResult | Refusal> {
  const { createLocalJWKSet, decodeProtectedHeader, errors, jwtVerify } = await import('jose');
  const verifyWith = (set: JSONWebKeySet) =>
    jwtVerify(text, createLocalJWKSet(set), {
      ...{ algorithms: ALGORITHMS, issuer, audience },
      currentDate: new Date(nowMs),
      clockTolerance: CLOCK_TOLERANCE_MS / 1000,
      requiredClaims: ['sub', 'exp'],
    });
  try {
    // Before keys are fetched: a token with an invalid header causes no request.
    if (!ALGORITHMS.includes(String(decodeProtectedHeader(text).alg))) return refused('algorithm');
    const known = await keys.current();
    if (!known) return refused('provider-unavailable');
    try {
      return await verifyWith(known);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      const newer = await keys.newer();
      if (!newer || newer === known) return refused('signature');
      return await verifyWith(newer);
    }
  } catch (error) {
    return refusalOf(error, errors);
  }
}

function refusalOf(error: unknown, kinds: typeof errors): Refusal {
  if (error instanceof kinds.JWTExpired) return refused('expired');
  if (error instanceof kinds.JOSEAlgNotAllowed) return refused('algorithm');
  if (error instanceof kinds.JWSSignatureVerificationFailed) return refused('signature');
  if (error instanceof kinds.JWKSNoMatchingKey || error instanceof kinds.JWKSMultipleMatchingKeys)
    return refused('signature');
  if (error instanceof kinds.JWTClaimValidationFailed && error.claim === 'iss') return refused('issuer');
  if (error instanceof kinds.JWTClaimValidationFailed && error.claim === 'aud') return refused('audience');
  // `jose` reports an invalid header, and a key of the provider that cannot be used, by errors of other kinds.
  const isOfKeyOrHeader = error instanceof TypeError || error instanceof DOMException;
  if (error instanceof kinds.JOSEError || isOfKeyOrHeader) return refused('malformed');
  throw error;
}
