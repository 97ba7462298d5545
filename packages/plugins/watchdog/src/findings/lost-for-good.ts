/** How long what fell silent with its process is still waited for: a robot that is not back by then is not coming. */
export const LOST_FOR_GOOD_MS = 3_600_000;
