/**
 * Why somebody is not let in. It is for logs and metrics: who asks is told no more than that the credential does not count.
 */
export type RefusalReason =
  /** No credential at all by its form. */
  | 'malformed'
  /** Nobody has it. */
  | 'unknown'
  | 'expired'
  | 'revoked'
  /** Whose it is may not come in at present. */
  | 'disabled'
  /** Whose it is, or who made it, is gone. */
  | 'subject-gone'
  /** Its role is none that there is any more. */
  | 'role-gone'
  | 'wrong-secret'
  /** Tokens are not signed by that algorithm here. */
  | 'algorithm'
  | 'signature'
  | 'issuer'
  | 'audience'
  /** A refresh token where an access token should be, or the other way round. */
  | 'wrong-type'
  /** A refresh token that was used before: its whole family is revoked. */
  | 'used-again'
  /** The machine's clock says a time before there was this software: nothing is known of when anything ends. */
  | 'clock-not-set'
  /** Tokens are not issued here. */
  | 'no-tokens';

export interface Refusal {
  readonly refused: RefusalReason;
}

export const isRefusal = (told: object): told is Refusal => 'refused' in told;

/** One object for each reason: refusals are as frequent as somebody wants them to be. */
const REFUSALS = new Map<RefusalReason, Refusal>();

export function refused(reason: RefusalReason): Refusal {
  const known = REFUSALS.get(reason) ?? { refused: reason };
  REFUSALS.set(reason, known);
  return known;
}
