/** Ticks after which a failed open is retried. */
export const RETRY_TICKS = 30;
