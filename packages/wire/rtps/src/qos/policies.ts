/** The QoS policies of an endpoint that affect matching or behaviour (DDS 1.4, 2.2.3). Durations in milliseconds. */
export interface QosPolicies {
  readonly reliability: 'best-effort' | 'reliable';
  readonly durability: 'volatile' | 'transient-local' | 'transient' | 'persistent';
  readonly history: { readonly kind: 'keep-last'; readonly depth: number } | { readonly kind: 'keep-all' };
  /** `Infinity` if not set. */
  readonly deadlineMs: number;
  /** `Infinity` if not set. */
  readonly lifespanMs: number;
  readonly liveliness: {
    readonly kind: 'automatic' | 'manual-by-participant' | 'manual-by-topic';
    /** `Infinity` if not set. */
    readonly leaseMs: number;
  };
  readonly ownership: 'shared' | 'exclusive';
  readonly partitions: readonly string[];
  readonly dataRepresentation: readonly ('xcdr1' | 'xml' | 'xcdr2')[];
}

/** The policies that can prevent a writer and a reader from matching. */
export type IncompatiblePolicy =
  | 'reliability'
  | 'durability'
  | 'deadline'
  | 'liveliness'
  | 'ownership'
  | 'partition'
  | 'data-representation';
