/** They are switched off, or their database cannot be used. */
export const ACCOUNT_ERRORS = ['not-implemented', 'service-unavailable'] as const;
/** And what was to be changed cannot be. */
export const CHANGE_ERRORS = ['invalid-parameter', 'precondition-not-fulfilled', ...ACCOUNT_ERRORS] as const;
