const MAX_SKIPPED = 8;

/** Polling state of a node. */
export interface BackOff {
  /** Consecutive failed polls. */
  readonly failures: number;
  /** Rounds to skip. */
  readonly skip: number;
}

export const NO_BACK_OFF: BackOff = { failures: 0, skip: 0 };

/** Returns the state after a failed poll: the node is skipped for 1, 2, 4, and then 8 rounds. */
export function afterFailure({ failures }: BackOff): BackOff {
  return { failures: failures + 1, skip: Math.min(2 ** failures, MAX_SKIPPED) };
}
