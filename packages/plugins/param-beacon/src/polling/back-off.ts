const MAX_SKIPPED = 8;

/** How a node answered so far. */
export interface BackOff {
  /** Polls in a row that failed. */
  readonly failures: number;
  /** Rounds that it is still left alone. */
  readonly skip: number;
}

export const NO_BACK_OFF: BackOff = { failures: 0, skip: 0 };

/** After a poll that failed: the node is left alone for 1, 2, 4, and then 8 rounds. */
export function afterFailure({ failures }: BackOff): BackOff {
  return { failures: failures + 1, skip: Math.min(2 ** failures, MAX_SKIPPED) };
}
