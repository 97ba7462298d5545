/** Why something got lost in this layer: what was received could not be read, or a listener above threw. */
export type DropReason =
  | 'malformed-message'
  | 'malformed-node-announcement'
  | 'malformed-request'
  | 'malformed-response'
  /** A response whose call is over, or that nobody asked for. */
  | 'late-response'
  /** A handler threw, or gave what is no response. */
  | 'failed-request'
  /** A server had as many requests under way as it takes. */
  | 'too-many-requests'
  /** The client of a response was gone, or its reader never seen. */
  | 'undeliverable-response'
  | 'failed-graph-listener'
  | 'listener-threw'
  | 'malformed-type-description'
  /** A node was asked to describe a type and did not. */
  | 'unanswered-type-question';

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
