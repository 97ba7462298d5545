/** How long the parts of a silent process are waited for: a robot that is not back by then does not return. */
export const VANISHED_AFTER_MS = 3_600_000;
