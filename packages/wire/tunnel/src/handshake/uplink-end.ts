/** Codes with which a hub refuses a robot. The last three concern an enrolment only. */
export const REFUSALS = [
  'pending',
  'revoked',
  'cloned',
  'unknown',
  'too-many',
  'too-old',
  'too-new',
  'malformed',
  'invite-unknown',
  'invite-used',
  'invite-expired',
] as const;
export type RefusalCode = (typeof REFUSALS)[number];

/** Problems that an end detects itself. `other-hub`: the hub has another key than the pinned one. */
export type ProtocolProblem = 'other-hub' | 'wrong-key' | 'line-too-long' | 'malformed' | 'too-slow';

/** Why an attempt or a session ended. `reason` is a text for the user. */
export type UplinkEnd =
  /** The hub ended the session and expects the robot after `retryMs`. */
  | { readonly kind: 'stopped'; readonly retryMs: number; readonly reason: string }
  /** The network, the hub's process or a proxy on the way ended it. */
  | { readonly kind: 'lost'; readonly reason: string }
  /** The hub or a proxy answered 429 or 503. `retryMs` is its `Retry-After`, 0 if absent. */
  | { readonly kind: 'busy'; readonly retryMs: number; readonly reason: string }
  | { readonly kind: 'refused'; readonly code: RefusalCode; readonly retryMs?: number; readonly reason: string }
  /** Both ends have stored a second key of the robot: it connects with that one. */
  | { readonly kind: 'rotated'; readonly reason: string }
  | { readonly kind: 'protocol'; readonly code: ProtocolProblem; readonly reason: string }
  /** This end closed it. */
  | { readonly kind: 'closed'; readonly reason: string };

/** An attempt to open an uplink failed; `end` states why. */
export class UplinkFailed extends Error {
  override readonly name = 'UplinkFailed';
  readonly end: UplinkEnd;

  constructor(end: UplinkEnd) {
    super(end.reason);
    this.end = end;
  }
}

/** Returns the end that an error states; any other error is a lost connection. */
export const endFrom = (error: unknown): UplinkEnd =>
  error instanceof UplinkFailed
    ? error.end
    : { kind: 'lost', reason: error instanceof Error ? error.message : String(error) };
