import {
  type App,
  type Area,
  type Component,
  type Entity,
  type EntityKind,
  type EntityLists,
  type FunctionEntity,
  isJsonObject,
} from '@medkit/core';
import type { PluginContribution } from '../plugin-parts.ts';
import { upgradeApp } from './legacy-names.ts';

/** Maximum number of entities and additions of one plugin; more would slow down every merge. */
const MAX_ENTITIES = 20_000;

type Shape = 'text' | 'texts' | 'switch' | 'object' | 'objects';
type Field = keyof Area | keyof Component | keyof App | keyof FunctionEntity;

/** The required type of every entity field. */
const SHAPES: Readonly<Record<Field, Shape>> = {
  kind: 'text',
  id: 'text',
  name: 'text',
  description: 'text',
  translationId: 'text',
  tags: 'texts',
  source: 'text',
  aliases: 'texts',
  capabilities: 'texts',
  metadata: 'object',
  available: 'switch',
  address: 'object',
  addresses: 'objects',
  origin: 'text',
  contributors: 'texts',
  namespace: 'text',
  parentAreaId: 'text',
  type: 'text',
  variant: 'text',
  areaId: 'text',
  parentComponentId: 'text',
  dependsOn: 'texts',
  external: 'switch',
  identity: 'object',
  lock: 'object',
  componentId: 'text',
  node: 'text',
  online: 'switch',
  binding: 'object',
  hosts: 'texts',
};

const FITS: Readonly<Record<Shape, (value: unknown) => boolean>> = {
  text: (value) => typeof value === 'string',
  texts: (value) => Array.isArray(value) && value.every((item) => typeof item === 'string'),
  switch: (value) => typeof value === 'boolean',
  object: isJsonObject,
  objects: (value) => Array.isArray(value) && value.every(isJsonObject),
};

const KINDS: readonly (readonly [keyof EntityLists, EntityKind])[] = [
  ['areas', 'area'],
  ['components', 'component'],
  ['apps', 'app'],
  ['functions', 'function'],
];

/**
 * Checks the contribution of a plugin. A plugin may be written in JavaScript or run in another process, so types alone
 * do not protect the tree. Throws an error that names the invalid field.
 */
export function validateContribution(reported: unknown): PluginContribution {
  if (!FITS.object(reported)) throw new Error('it returned no contribution');
  const { entities, additions } = reported as PluginContribution;
  const count = { left: MAX_ENTITIES };
  return {
    ...(entities && { entities: validateLists('entities', entities, count) }),
    ...(additions && { additions: validateLists('additions', additions, count) }),
  };
}

function validateLists(part: string, lists: Partial<EntityLists>, count: { left: number }): Partial<EntityLists> {
  const checked = KINDS.map(([list, kind]) => {
    const listed: unknown = lists[list] ?? [];
    if (!Array.isArray(listed)) throw new Error(`${part}.${list} is not a list`);
    count.left -= listed.length;
    if (count.left < 0) throw new Error(`it returned more than ${MAX_ENTITIES} entities`);
    const entities = kind === 'app' ? listed.map((app) => (FITS.object(app) ? upgradeApp(app) : app)) : listed;
    for (const entity of entities) check(`${part}.${list}`, kind, entity);
    return [list, entities as readonly Entity[]];
  });
  return Object.fromEntries(checked);
}

function check(list: string, kind: EntityKind, entity: unknown): void {
  if (!FITS.object(entity)) throw new Error(`${list} contains a value that is not an entity`);
  const fields = entity as Readonly<Record<string, unknown>>;
  const required = [
    'kind',
    'id',
    'name',
    'source',
    ...(kind === 'app' ? ['online'] : kind === 'function' ? ['hosts'] : []),
  ];
  for (const field of new Set([...required, ...Object.keys(fields)])) {
    const shape = Object.hasOwn(SHAPES, field) ? SHAPES[field as Field] : undefined;
    const value = fields[field];
    if (value === undefined && !required.includes(field)) continue;
    if (!shape) throw new Error(`${list} "${fields['id']}" has an unknown field ${field}`);
    if (!FITS[shape](value)) throw new Error(`${list} "${fields['id']}" has no ${shape} for its ${field}`);
  }
  if (fields['kind'] !== kind) throw new Error(`${list} "${fields['id']}" is of kind ${fields['kind']}`);
}
