import type { App, Area, Component, Entity, EntityKind, FunctionEntity } from '../entity/entity.ts';
import { FIELD_GROUPS, type FieldGroup } from '../entity/layer-policies.ts';

/**
 * How the values that several contributions give for one field are merged. Contributions are sorted with the strongest
 * first:
 * - `first`: the first value that is not empty. An empty text or list never replaces another value.
 * - `list`: per gateway, the values of its strongest contribution; if several are equally strong, the values of all of
 *   them.
 * - `any`: true if one of the strongest contributions says true.
 * - `all`: all values of all contributions.
 * - `origin`: the value of the contribution with the highest priority, whatever the policies.
 * - `entries`: all entries of all contributions; if several have the same name, that of the strongest.
 * - `nameplate`: field by field, by the authority of its source.
 */
export type FieldRule = 'first' | 'list' | 'any' | 'all' | 'origin' | 'entries' | 'nameplate';

/** A field with its group and merge rule. */
export interface MergedField {
  readonly field: string;
  readonly group: FieldGroup;
  readonly rule: FieldRule;
}

type RulesOf<E extends Entity> = { readonly [F in keyof Required<E>]: readonly [FieldGroup, FieldRule] | undefined };

// `undefined` marks fields that the merge itself sets.
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
  // The contribution that decides on live data also serves it, so its address is used for data, operations and so on.
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

/** The rules of every kind, with the fields of one group next to each other. */
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
