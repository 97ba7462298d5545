/** Accounts are disabled, or their database is unusable. */
export const ACCOUNT_ERRORS = ['not-implemented', 'service-unavailable'] as const;
/** Errors of a change: also an invalid value, or a state that does not allow the change. */
export const CHANGE_ERRORS = ['invalid-parameter', 'precondition-not-fulfilled', ...ACCOUNT_ERRORS] as const;
