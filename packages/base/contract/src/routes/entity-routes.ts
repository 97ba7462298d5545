import type * as Type from '../schemas/type.ts';
import { ALL_KINDS, type EntityKind, entityPath, type KindTerms } from './entity-kinds.ts';
import { entityParameter } from './parameters.ts';
import { type Parameter, perKind, type Route, type RouteFamily } from './route.ts';

/** A route below an entity, without what all of them have. */
export interface EntityRoute<S extends Type.TSchema, B extends Type.TSchema>
  extends Omit<Route<S, B>, 'kind' | 'path' | 'parameters'> {
  /** Below the entity: `/locks/{lock_id}`; empty for the entity itself. */
  readonly path: string;
  /** Those after the id of the entity. */
  readonly parameters?: readonly Parameter[];
}

/** Returns the same route below several kinds of entity, with the id of the entity as its first parameter. */
export function entityRoutes<S extends Type.TSchema, B extends Type.TSchema>(
  make: (terms: KindTerms) => EntityRoute<S, B>,
  kinds: readonly EntityKind[] = ALL_KINDS,
): RouteFamily<S, B> {
  return perKind<S, B>((terms) => {
    const { path, parameters = [], ...route } = make(terms);
    return {
      ...route,
      path: `${entityPath(terms)}${path}`,
      kind: terms.kind,
      parameters: [entityParameter(terms), ...parameters],
    };
  }, kinds);
}
