/** Why something got lost in this layer: what was received could not be read, or a listener above threw. */
export type DropReason =
  | 'malformed-message'
  | 'malformed-node-announcement'
  | 'failed-graph-listener'
  | 'listener-threw';

/** Counts what got lost, by reason. */
export interface DropCounter {
  count(reason: DropReason): void;
  counts(): Readonly<Record<string, number>>;
}

export function dropCounter(): DropCounter {
  const counts = new Map<DropReason, number>();
  return {
    count: (reason) => void counts.set(reason, (counts.get(reason) ?? 0) + 1),
    counts: () => Object.fromEntries(counts),
  };
}
