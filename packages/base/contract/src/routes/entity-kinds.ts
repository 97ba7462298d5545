import type { EntityType } from '../schemas/entity.ts';
import type * as Type from '../schemas/type.ts';

export type EntityKind = Type.Static<typeof EntityType>;

/** The words in which the routes of one kind of entity differ from those of another. */
export interface KindTerms {
  readonly kind: EntityKind;
  /** First path segment. */
  readonly collection: string;
  /** Path parameter that holds the entity's id. */
  readonly param: string;
  /** Part of operation ids: `list{cap}Data`. */
  readonly cap: string;
  /** With its article, for sentences: `an app`. */
  readonly a: string;
}

export const KIND_TERMS: Readonly<Record<EntityKind, KindTerms>> = {
  area: { kind: 'area', collection: 'areas', param: 'area_id', cap: 'Area', a: 'an area' },
  component: { kind: 'component', collection: 'components', param: 'component_id', cap: 'Component', a: 'a component' },
  app: { kind: 'app', collection: 'apps', param: 'app_id', cap: 'App', a: 'an app' },
  function: { kind: 'function', collection: 'functions', param: 'function_id', cap: 'Function', a: 'a function' },
};

export const ALL_KINDS: readonly EntityKind[] = ['area', 'component', 'app', 'function'];

/** Returns the kind of entity of a collection, or `undefined` if no collection has this name. */
export function kindOfCollection(collection: string): EntityKind | undefined {
  return ALL_KINDS.find((kind) => KIND_TERMS[kind].collection === collection);
}

/** Returns the path template of an entity, such as `/apps/{app_id}`. */
export function entityPath({ collection, param }: KindTerms): string {
  return `/${collection}/{${param}}`;
}
