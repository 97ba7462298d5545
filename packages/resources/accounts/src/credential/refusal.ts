/** Why a credential is rejected, for logs and metrics. The client learns only that the credential is invalid. */
export type RefusalReason =
  /** The text does not have the format of a credential. */
  | 'malformed'
  /** No key, session or account matches. */
  | 'unknown'
  | 'expired'
  | 'revoked'
  /** The user is disabled. */
  | 'disabled'
  /** The user, client or creating principal no longer exists. */
  | 'subject-gone'
  /** The role no longer exists. */
  | 'role-gone'
  | 'wrong-secret'
  /** The token is signed with a different algorithm than configured. */
  | 'algorithm'
  | 'signature'
  | 'issuer'
  | 'audience'
  /** A refresh token instead of an access token, or the reverse. */
  | 'wrong-type'
  /** A refresh token that was already used: all tokens of its login are revoked. */
  | 'used-again'
  /** The system clock shows a time before medkit existed, so no expiry can be checked. */
  | 'clock-not-set'
  /** Token authentication is disabled. */
  | 'no-tokens'
  /** No group of the account at the identity provider has a role. */
  | 'no-role'
  /** The identity provider lists the groups of the account elsewhere, because there are too many for the token. */
  | 'too-many-groups'
  /** The groups of the account give more grants than an account may have. */
  | 'too-many-grants'
  /** The keys of the identity provider are missing or too old, and it cannot be reached. */
  | 'provider-unavailable';

export interface Refusal {
  readonly refused: RefusalReason;
}

export const isRefusal = (result: object): result is Refusal => 'refused' in result;

/** One shared object for each reason, since an attacker can cause any number of refusals. */
const REFUSALS = new Map<RefusalReason, Refusal>();

export function refused(reason: RefusalReason): Refusal {
  const known = REFUSALS.get(reason) ?? { refused: reason };
  REFUSALS.set(reason, known);
  return known;
}
