/** Why data was dropped in this layer: it could not be decoded, or a listener threw. */
export type DropReason =
  | 'malformed-message'
  | 'malformed-node-announcement'
  | 'malformed-request'
  | 'malformed-response'
  /** A response whose call has ended, or that was never requested. */
  | 'late-response'
  /** A handler threw, or returned an invalid response. */
  | 'failed-request'
  /** A server already handled its maximum of concurrent requests. */
  | 'too-many-requests'
  /** The client of a response was removed, or its reader was never discovered. */
  | 'undeliverable-response'
  | 'failed-graph-listener'
  | 'listener-threw'
  | 'malformed-type-description'
  /** A node did not answer a request to describe a type. */
  | 'unanswered-type-question';

/** Counts dropped data by reason. */
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
