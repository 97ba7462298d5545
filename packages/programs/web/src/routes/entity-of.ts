import type { EntityKind } from '@medkit/contract';

/** Returns the entity of a fault, or `undefined` if it is unknown. */
export function entityOf(of: {
  readonly entity_type?: EntityKind | null | undefined;
  readonly entity_id?: string | null | undefined;
}) {
  return of.entity_type && of.entity_id ? { kind: of.entity_type, id: of.entity_id } : undefined;
}
