import type { Clock } from '@medkit/edges';
import type { errors, JSONWebKeySet, JWTPayload, JWTVerifyResult } from 'jose';
import { type Refusal, refused } from '../credential/refusal.ts';
import { CLOCK_IS_SET_MS } from '../principals.ts';
import type { Roles } from '../role/role.ts';
import { CLOCK_TOLERANCE_MS, type ProviderOptions, type ProviderTokens } from './provider.ts';
import { providerPrincipalId } from './provider-id.ts';
import { providerRole } from './provider-role.ts';

/** Maximum length of a token: it must fit into the headers of a request, which Node.js limits to 16 KiB. */
const MAX_TOKEN_LENGTH = 16_384;
const JWT_FORM = /^[\w-]+\.[\w-]+\.[\w-]+$/;
/** Only signatures that a public key verifies: a shared secret could also sign. */
const ALGORITHMS = ['RS256', 'PS256', 'ES256', 'EdDSA', 'Ed25519'];
/** `typ` of an access token (RFC 9068, 2.1); many providers write the general type. */
const TYPES: readonly unknown[] = ['at+jwt', 'application/at+jwt', 'jwt'];
/** Maximum length of `sub` (OpenID Connect Core 2). */
const MAX_SUBJECT_LENGTH = 255;

/** Returns whether a text may be a token of this issuer. Reads the issuer without verifying it. */
function isTokenOf(issuer: string, text: string): boolean {
  if (text.length > MAX_TOKEN_LENGTH || !JWT_FORM.test(text)) return false;
  try {
    const claims: unknown = JSON.parse(Buffer.from(text.split('.', 2)[1] as string, 'base64url').toString());
    return typeof claims === 'object' && claims !== null && (claims as JWTPayload).iss === issuer;
  } catch {
    // Not JSON, so not a token.
    return false;
  }
}

/** Verifies access tokens of an identity provider. Loads the `jose` library with the first token. */
export function providerTokens(
  options: ProviderOptions & { readonly roles: Roles; readonly clock: Clock },
): ProviderTokens {
  const { issuer, roles, clock } = options;
  return {
    isFrom: (text) => isTokenOf(issuer, text),
    verify: async (text) => {
      if (!isTokenOf(issuer, text)) return refused('malformed');
      const nowMs = clock.wallMs();
      if (nowMs < CLOCK_IS_SET_MS) return refused('clock-not-set');
      const verified = await verifySignature(text, options, nowMs);
      if ('refused' in verified) return verified;
      const { payload, protectedHeader } = verified;
      if (!TYPES.includes(protectedHeader.typ?.toLowerCase())) return refused('wrong-type');
      // A token that is bound to a key of its client is no bearer token (RFC 9449, RFC 8705).
      if (payload['cnf'] !== undefined) return refused('wrong-type');
      const subject = subjectOf(payload);
      if (subject === undefined) return refused('malformed');
      const role = providerRole(payload, options, roles);
      if (typeof role !== 'string') return role;
      const id = providerPrincipalId(issuer, subject);
      return { kind: 'oidc', id, issuer, subject, role, expiresMs: Number(payload.exp) * 1000 };
    },
  };
}

function subjectOf({ sub }: JWTPayload): string | undefined {
  const isOne = typeof sub === 'string' && sub !== '' && sub.length <= MAX_SUBJECT_LENGTH && !/\p{Cc}/u.test(sub);
  return isOne ? sub : undefined;
}

async function verifySignature(
  text: string,
  { issuer, audience, keys }: ProviderOptions,
  nowMs: number,
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
  // A key of the provider that cannot be used, and a header that is no JSON, are errors of other kinds.
  if (error instanceof kinds.JOSEError || error instanceof TypeError || isDataError(error)) return refused('malformed');
  throw error;
}

/** Returns whether WebCrypto could not import a key. */
const isDataError = (error: unknown): boolean => error instanceof DOMException;
