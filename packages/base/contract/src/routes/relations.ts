import { AppList } from '../schemas/app.ts';
import { AreaList } from '../schemas/area.ts';
import { ComponentList } from '../schemas/component.ts';
import type * as Type from '../schemas/type.ts';
import { type EntityKind, entityPath, KIND_TERMS } from './entity-kinds.ts';
import { ENTITY_ERRORS } from './errors.ts';
import { APP_ITEM, AREA_ITEM, COMPONENT_ITEM } from './examples.ts';
import { entityParameter } from './parameters.ts';
import type { Related, RouteFamily, Success } from './route.ts';

const total = { 'x-medkit': { total_count: 1 } };
const areas: Success<typeof AreaList> = {
  description: 'The areas',
  schema: AreaList,
  example: { items: [AREA_ITEM], ...total },
};
const components: Success<typeof ComponentList> = {
  description: 'The components',
  schema: ComponentList,
  example: { items: [COMPONENT_ITEM], ...total },
};
const apps: Success<typeof AppList> = {
  description: 'The apps',
  schema: AppList,
  example: { items: [APP_ITEM], ...total },
};

interface Relation<S extends Type.TSchema> extends Related {
  readonly of: EntityKind;
  /** Last segment of the path. */
  readonly name: string;
  readonly operationId: string;
  readonly success: Success<S>;
  readonly summary: string;
  readonly description: string;
}

/** A relation of the entity tree. The handler answers it from its steps alone. */
function relation<S extends Type.TSchema>({
  of: kind,
  name,
  success,
  steps,
  back,
  idsOnly,
  ...texts
}: Relation<S>): RouteFamily<S, never> {
  const terms = KIND_TERMS[kind];
  return [
    {
      method: 'get',
      path: `${entityPath(terms)}/${name}`,
      permission: 'read',
      tag: 'Discovery',
      ...texts,
      kind,
      parameters: [entityParameter(terms)],
      responses: { 200: success },
      errors: ENTITY_ERRORS,
      join: 'tree',
      cached: true,
      related: { steps, back, idsOnly },
    },
  ];
}

export const listAreaComponents = relation({
  of: 'area',
  name: 'components',
  operationId: 'listAreaComponents',
  steps: ['components'],
  success: components,
  summary: 'List the components of an area',
  description: 'Lists the components directly in the area.',
});

export const listSubareas = relation({
  of: 'area',
  name: 'subareas',
  operationId: 'listSubareas',
  steps: ['subareas'],
  back: 'parent',
  success: areas,
  summary: 'List the subareas of an area',
  description: 'Lists the areas directly in the area.',
});

export const listAreaContains = relation({
  of: 'area',
  name: 'contains',
  operationId: 'listAreaContains',
  steps: ['all-components'],
  back: 'area',
  success: components,
  summary: 'List all components below an area',
  description: 'Lists the components of the area and of every area below it.',
});

export const listSubcomponents = relation({
  of: 'component',
  name: 'subcomponents',
  operationId: 'listSubcomponents',
  steps: ['subcomponents'],
  back: 'parent',
  success: components,
  summary: 'List the subcomponents of a component',
  description: 'Lists the components directly in the component.',
});

export const listComponentHosts = relation({
  of: 'component',
  name: 'hosts',
  operationId: 'listComponentHosts',
  steps: ['apps'],
  back: 'component',
  success: apps,
  summary: 'List the apps of a component',
  description: 'Lists the apps that run on the component.',
});

export const listComponentDependencies = relation({
  of: 'component',
  name: 'depends-on',
  operationId: 'listComponentDependencies',
  steps: ['dependencies'],
  back: 'component',
  success: components,
  summary: 'List the dependencies of a component',
  description:
    'Lists the components that it declares as dependencies. A component that does not exist is listed with `x-medkit.missing`.',
});

export const getAppHost = relation({
  of: 'app',
  name: 'is-located-on',
  operationId: 'getAppHost',
  steps: ['component'],
  back: 'app',
  idsOnly: true,
  success: components,
  summary: 'Show where an app runs',
  description: 'Returns the component that the app runs on, if it is known.',
});

export const getAppArea = relation({
  of: 'app',
  name: 'belongs-to',
  operationId: 'getAppArea',
  steps: ['component', 'area'],
  back: 'app',
  success: areas,
  summary: 'Show the area of an app',
  description: 'Returns the area of the component that the app runs on, if it has one.',
});

export const listAppDependencies = relation({
  of: 'app',
  name: 'depends-on',
  operationId: 'listAppDependencies',
  steps: ['dependencies'],
  back: 'app',
  success: apps,
  summary: 'List the dependencies of an app',
  description:
    'Lists the apps that it declares as dependencies. An app that does not exist is listed with `x-medkit.missing`.',
});

export const listFunctionHosts = relation({
  of: 'function',
  name: 'hosts',
  operationId: 'listFunctionHosts',
  steps: ['apps'],
  back: 'function',
  success: apps,
  summary: 'List the apps of a function',
  description: 'Lists the apps that provide the function.',
});
