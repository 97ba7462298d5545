import type { PrincipalInfo, RootOverview, SetupState } from '@medkit/contract';

/** The step of the sign-in page: still unknown, create the first user, sign in, change the password, or done. */
export type Step = 'unknown' | 'first-user' | 'sign-in' | 'must-change' | 'signed-in';

interface SignInState {
  /** The principal; `undefined` if access is denied or not known yet. */
  readonly me: PrincipalInfo | undefined;
  /** True once the request for the principal has finished, with any result. */
  readonly isResolved: boolean;
  readonly setup: SetupState | undefined;
}

/** Returns the next step for the user. */
export function stepFor({ me, isResolved, setup }: SignInState): Step {
  if (!isResolved) return 'unknown';
  if (me?.must_change_password === true) return 'must-change';
  if (me !== undefined && me.kind !== 'anonymous') return 'signed-in';
  return setup?.needed === true ? 'first-user' : 'sign-in';
}

/** Returns whether users with passwords exist. If unknown, the sign-in form is offered. */
export function hasUsers(overview: Pick<RootOverview, 'auth'> | undefined): boolean {
  return overview === undefined || overview.auth?.enabled === true;
}
