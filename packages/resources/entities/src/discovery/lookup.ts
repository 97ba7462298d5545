import { type EntityKind, KIND_TERMS, SovdError } from '@medkit/contract';
import { type EntityOf, type EntityTree, entityIdProblem } from '@medkit/core';

/**
 * Resolves the entity of a route by id or alias, either also with `_` for `-`. Throws `invalid-parameter` for an
 * invalid id or an entity of another kind, `entity-not-found` if there is none.
 */
export function entityOf<K extends EntityKind>(tree: EntityTree, kind: K, id: string): EntityOf[K] {
  const details = entityIdProblem(id);
  if (details) {
    throw new SovdError({
      code: 'invalid-parameter',
      message: 'Invalid entity ID',
      parameters: { details, entity_id: id },
    });
  }
  const entity = tree.resolve(kind, id);
  if (entity) return entity;
  const [actual] = tree.kindsOf(id);
  if (!actual) throw new SovdError({ code: 'entity-not-found', parameters: { entity_id: id } });
  const [expected_type, actual_type] = [KIND_TERMS[kind].cap, KIND_TERMS[actual].cap];
  throw new SovdError({
    code: 'invalid-parameter',
    message: `Invalid entity type for route: expected ${expected_type}, got ${actual_type}`,
    parameters: { entity_id: id, expected_type, actual_type },
  });
}

/**
 * Resolves an entity like `entityOf`, but searches the collection of one kind only, as relations do. An entity of
 * another kind counts as not found, and the errors name the kind.
 */
export function presentEntity<K extends EntityKind>(tree: EntityTree, kind: K, id: string): EntityOf[K] {
  const { param, cap } = KIND_TERMS[kind];
  const details = entityIdProblem(id);
  if (details) {
    const message = `Invalid ${kind} ID`;
    throw new SovdError({ code: 'invalid-parameter', message, parameters: { details, [param]: id } });
  }
  const entity = tree.resolve(kind, id);
  if (entity) return entity;
  throw new SovdError({ code: 'entity-not-found', message: `${cap} not found`, parameters: { [param]: id } });
}
