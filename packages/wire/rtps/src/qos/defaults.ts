import type { QosPolicies } from './policies.ts';

const COMMON: Omit<QosPolicies, 'reliability'> = {
  durability: 'volatile',
  history: { kind: 'keep-last', depth: 1 },
  deadlineMs: Number.POSITIVE_INFINITY,
  lifespanMs: Number.POSITIVE_INFINITY,
  liveliness: { kind: 'automatic', leaseMs: Number.POSITIVE_INFINITY },
  ownership: 'shared',
  partitions: [],
  dataRepresentation: ['xcdr1'],
};

/**
 * Default policies of an endpoint (DDS 1.4, 2.2.3): a writer is reliable, a reader best effort. Peers omit default
 * values from their announcements.
 */
export const DEFAULT_QOS: Readonly<Record<'reader' | 'writer', QosPolicies>> = {
  reader: { ...COMMON, reliability: 'best-effort' },
  writer: { ...COMMON, reliability: 'reliable' },
};
