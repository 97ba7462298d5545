import type { EntityKind } from '@medkit/contract';

/** The entity that a fault is of; `undefined` where nobody knows it. */
export function entityOf(of: {
  readonly entity_type?: EntityKind | null | undefined;
  readonly entity_id?: string | null | undefined;
}) {
  return of.entity_type && of.entity_id ? { kind: of.entity_type, id: of.entity_id } : undefined;
}
