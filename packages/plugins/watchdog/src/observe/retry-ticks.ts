/** Ticks after which it is tried again to open what could not be opened. */
export const RETRY_TICKS = 30;
