import type { QosPolicies } from './policies.ts';

/** Returns whether all policies of two endpoints are equal. */
export function isSameQos(a: QosPolicies, b: QosPolicies): boolean {
  return (
    a.reliability === b.reliability &&
    a.durability === b.durability &&
    a.deadlineMs === b.deadlineMs &&
    a.lifespanMs === b.lifespanMs &&
    a.ownership === b.ownership &&
    a.liveliness.kind === b.liveliness.kind &&
    a.liveliness.leaseMs === b.liveliness.leaseMs &&
    depthOf(a) === depthOf(b) &&
    isSameList(a.dataRepresentation, b.dataRepresentation) &&
    isSameList(a.partitions, b.partitions)
  );
}

/** Returns the history depth, infinity for keep-all. */
function depthOf({ history }: QosPolicies): number {
  return history.kind === 'keep-all' ? Number.POSITIVE_INFINITY : history.depth;
}

function isSameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((member, at) => member === b[at]);
}
