import type { App, Area, Component, Entity, EntityKind, FunctionEntity } from '../entity/entity.ts';
import { FIELD_GROUPS, type FieldGroup } from './layer-policies.ts';

/**
 * How one field is made of what several contributions say of it, the strongest first:
 * - `first`: the first that says anything (an empty text or list says nothing, so nobody can erase what another knows);
 * - `list`: the values of the strongest of each gateway, in order, where several are equally strong those of all of them;
 * - `any`: true as soon as one of the strongest says so;
 * - `all`: every value anybody gives;
 * - `origin`: what the contribution of the highest priority says, whatever the policies;
 * - `entries`: every entry anybody gives, that of the strongest where several have its name;
 * - `nameplate`: by the authority of each of its fields.
 */
export type FieldRule = 'first' | 'list' | 'any' | 'all' | 'origin' | 'entries' | 'nameplate';

/** A field, the group that it belongs to, and how it is merged. */
export interface MergedField {
  readonly field: string;
  readonly group: FieldGroup;
  readonly rule: FieldRule;
}

type RulesOf<E extends Entity> = { readonly [F in keyof Required<E>]: readonly [FieldGroup, FieldRule] | undefined };

// `undefined` marks the fields that the merge sets by itself.
const base = {
  id: undefined,
  kind: undefined,
  contributors: undefined,
  origin: undefined,
  available: undefined,
  addresses: undefined,
  name: ['identity', 'first'],
  description: ['identity', 'first'],
  translationId: ['identity', 'first'],
  tags: ['identity', 'list'],
  source: ['metadata', 'origin'],
  aliases: ['identity', 'all'],
  capabilities: ['live_data', 'all'],
  metadata: ['metadata', 'entries'],
  // Data, operations and the like are asked for where they are: whoever has the say about live data serves them.
  address: ['live_data', 'first'],
} as const;

const area: RulesOf<Area> = {
  ...base,
  namespace: ['hierarchy', 'first'],
  parentAreaId: ['hierarchy', 'first'],
};
const component: RulesOf<Component> = {
  ...base,
  type: ['metadata', 'first'],
  namespace: ['hierarchy', 'first'],
  variant: ['metadata', 'first'],
  areaId: ['hierarchy', 'first'],
  parentComponentId: ['hierarchy', 'first'],
  dependsOn: ['hierarchy', 'list'],
  external: ['metadata', 'first'],
  identity: ['identity', 'nameplate'],
  lock: ['metadata', 'first'],
};
const app: RulesOf<App> = {
  ...base,
  componentId: ['hierarchy', 'first'],
  dependsOn: ['hierarchy', 'list'],
  node: ['status', 'first'],
  online: ['status', 'any'],
  binding: ['metadata', 'first'],
  external: ['metadata', 'first'],
  lock: ['metadata', 'first'],
};
const functionEntity: RulesOf<FunctionEntity> = {
  ...base,
  hosts: ['hierarchy', 'list'],
  dependsOn: ['hierarchy', 'list'],
};

/** The rule of every field of every kind, those of one group one after the other. */
export const FIELD_RULES: { readonly [K in EntityKind]: readonly MergedField[] } = {
  area: fieldsIn(area),
  component: fieldsIn(component),
  app: fieldsIn(app),
  function: fieldsIn(functionEntity),
};

function fieldsIn(rules: Readonly<Record<string, readonly [FieldGroup, FieldRule] | undefined>>): MergedField[] {
  return Object.entries(rules)
    .flatMap(([field, rule]) => (rule ? [{ field, group: rule[0], rule: rule[1] }] : []))
    .sort((a, b) => FIELD_GROUPS.indexOf(a.group) - FIELD_GROUPS.indexOf(b.group));
}
