import type { App, Area, Component, Entity, EntityKind, FunctionEntity } from '../entity/entity.ts';

/**
 * How one field is made of what several contributions say of it, the highest priority first:
 * - `first`: the first that says anything (an empty text or list says nothing, so nobody can erase what another knows);
 * - `union`: every value anybody gives, in that order;
 * - `any`: true as soon as one says so.
 */
export type FieldRule = 'first' | 'union' | 'any';

type RulesOf<E extends Entity> = { readonly [F in keyof Required<E>]: FieldRule | undefined };

// `undefined` marks the fields that the merge sets by itself.
const base = {
  id: undefined,
  kind: undefined,
  contributors: undefined,
  name: 'first',
  description: 'first',
  translationId: 'first',
  tags: 'union',
  source: 'first',
  aliases: 'union',
  address: 'first',
} as const;

const area: RulesOf<Area> = { ...base, namespace: 'first', parentAreaId: 'first' };
const component: RulesOf<Component> = {
  ...base,
  type: 'first',
  namespace: 'first',
  variant: 'first',
  areaId: 'first',
  parentComponentId: 'first',
  dependsOn: 'first',
};
const app: RulesOf<App> = { ...base, componentId: 'first', dependsOn: 'first', fqn: 'first', online: 'any' };
const functionEntity: RulesOf<FunctionEntity> = { ...base, hosts: 'union', dependsOn: 'first' };

/** The rule of every field of every kind, in one place: the policies of layers will choose between tables like this. */
export const FIELD_RULES: {
  readonly [K in EntityKind]: readonly (readonly [field: string, rule: FieldRule])[];
} = {
  area: rulesIn(area),
  component: rulesIn(component),
  app: rulesIn(app),
  function: rulesIn(functionEntity),
};

function rulesIn(rules: Readonly<Record<string, FieldRule | undefined>>): readonly (readonly [string, FieldRule])[] {
  return Object.entries(rules).flatMap(([field, rule]) => (rule ? [[field, rule] as const] : []));
}
