import { partitionsMatch } from './partitions.ts';
import type { IncompatiblePolicy, QosPolicies } from './policies.ts';

const DURABILITY_ORDER = ['volatile', 'transient-local', 'transient', 'persistent'] as const;
const LIVELINESS_ORDER = ['automatic', 'manual-by-participant', 'manual-by-topic'] as const;

/**
 * Returns the incompatible policies of a writer and a reader, empty if they match. The writer must offer at least what
 * the reader requests (DDS 1.4, 2.2.3; data representation: XTypes 1.3, 7.6.3.1.1).
 */
export function incompatiblePolicies(offered: QosPolicies, requested: QosPolicies): readonly IncompatiblePolicy[] {
  const found: IncompatiblePolicy[] = [];
  if (requested.reliability === 'reliable' && offered.reliability !== 'reliable') found.push('reliability');
  if (DURABILITY_ORDER.indexOf(offered.durability) < DURABILITY_ORDER.indexOf(requested.durability)) {
    found.push('durability');
  }
  if (offered.deadlineMs > requested.deadlineMs) found.push('deadline');
  if (
    LIVELINESS_ORDER.indexOf(offered.liveliness.kind) < LIVELINESS_ORDER.indexOf(requested.liveliness.kind) ||
    offered.liveliness.leaseMs > requested.liveliness.leaseMs
  ) {
    found.push('liveliness');
  }
  if (offered.ownership !== requested.ownership) found.push('ownership');
  if (!partitionsMatch(offered.partitions, requested.partitions)) found.push('partition');
  // A writer uses the first representation it offers; an empty list means XCDR1.
  const written = offered.dataRepresentation[0] ?? 'xcdr1';
  const readable = requested.dataRepresentation.length > 0 ? requested.dataRepresentation : ['xcdr1'];
  if (!readable.includes(written)) found.push('data-representation');
  return found;
}
