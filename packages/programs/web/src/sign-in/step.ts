import type { PrincipalInfo, RootOverview, SetupState } from '@medkit/contract';

/** What is asked of whoever sits here: nothing is known yet, make the first user, sign in, change the password, or nothing. */
export type Step = 'unknown' | 'first-user' | 'sign-in' | 'must-change' | 'signed-in';

interface SignInState {
  /** Who sits here; `undefined` where nobody is let in, or nothing is known. */
  readonly me: PrincipalInfo | undefined;
  /** Whether it was asked who sits here, whatever came of it. */
  readonly isAsked: boolean;
  readonly setup: SetupState | undefined;
}

/** What comes next for whoever sits here. */
export function stepFor({ me, isAsked, setup }: SignInState): Step {
  if (!isAsked) return 'unknown';
  if (me?.must_change_password === true) return 'must-change';
  if (me !== undefined && me.kind !== 'anonymous') return 'signed-in';
  return setup?.needed === true ? 'first-user' : 'sign-in';
}

/** Whether there are users who have passwords. Where that is not known, somebody may try. */
export function hasUsers(overview: Pick<RootOverview, 'auth'> | undefined): boolean {
  return overview === undefined || overview.auth?.enabled === true;
}
