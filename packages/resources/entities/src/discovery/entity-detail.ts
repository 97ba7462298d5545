import {
  API_BASE,
  type AppDetail,
  type AreaDetail,
  type Capability,
  type ComponentDetail,
  type ConditionalResource,
  capabilitiesOf,
  type EntityKind,
  entityHref,
  entityUris,
  type FunctionDetail,
  KIND_TERMS,
  type Links,
} from '@medkit/contract';
import type { App, Area, Component, Entity, EntityOf, FunctionEntity } from '@medkit/core';
import { graphNames } from './list-item.ts';
import { nameplateBody } from './nameplate-body.ts';
import { omitEmpty } from './omit-empty.ts';

/** Detail type of each kind in the contract. */
export interface EntityDetailOf {
  readonly area: AreaDetail;
  readonly component: ComponentDetail;
  readonly app: AppDetail;
  readonly function: FunctionDetail;
}

/** Returns whether the gateway serves a resource of the entity. */
type IsServed = (resource: string) => boolean;

const DETAILS: {
  readonly [K in EntityKind]: (
    entity: EntityOf[K],
    resources: readonly ConditionalResource[],
    isServed: IsServed,
  ) => EntityDetailOf[K];
} = {
  area: areaDetail,
  component: componentDetail,
  app: appDetail,
  function: functionDetail,
};

/**
 * Builds the detail of an entity with links to its resources. `resources` are the optional resources that this entity
 * has; unserved resources are left out of its capabilities.
 */
export function entityDetail<K extends EntityKind>(
  entity: EntityOf[K] & { readonly kind: K },
  resources: readonly ConditionalResource[] = [],
  isServed: IsServed = () => true,
): EntityDetailOf[K] {
  return DETAILS[entity.kind](entity, resources, isServed);
}

function areaDetail(area: Area, resources: readonly ConditionalResource[], isServed: IsServed): AreaDetail {
  const { id, namespace, parentAreaId } = area;
  const xMedkit = omitEmpty({
    ...area.metadata,
    ...graphNames({ namespace }),
    parent_area_id: parentAreaId,
    contributors: contributorsOf(area),
  });
  return {
    ...common(area),
    ...entityUris('area', id),
    capabilities: capabilities(area, resources, isServed),
    _links: links(area, { parent: hrefOf('area', parentAreaId) }),
    ...(xMedkit && { 'x-medkit': xMedkit }),
  };
}

function componentDetail(
  component: Component,
  resources: readonly ConditionalResource[],
  isServed: IsServed,
): ComponentDetail {
  const { id, areaId, parentComponentId, dependsOn = [], description } = component;
  const conditional = omitEmpty<Uris>({
    'depends-on': dependsOn.length > 0 ? entityHref('component', id, 'depends-on') : undefined,
    'belongs-to': hrefOf('area', areaId),
    scripts: resources.includes('scripts') ? entityHref('component', id, 'scripts') : undefined,
  });
  const served = capabilities(component, [...resources, ...namesOf(conditional)], isServed);
  return {
    ...common(component),
    ...entityUris('component', id),
    ...conditional,
    capabilities: served,
    _links: links(component, { area: hrefOf('area', areaId), parent: hrefOf('component', parentComponentId) }),
    'x-medkit': {
      ...component.metadata,
      ...omitEmpty({
        description,
        source: component.source,
        type: component.type ?? 'Component',
        ...graphNames({ namespace: component.namespace }),
        area: areaId,
        parentComponentId,
        dependsOn: [...dependsOn],
        available: component.available,
        variant: component.variant,
        external: component.external || undefined,
        identity: component.identity && nameplateBody(component.identity),
        contributors: contributorsOf(component),
      }),
      capabilities: served,
    },
  };
}

function appDetail(app: App, resources: readonly ConditionalResource[], isServed: IsServed): AppDetail {
  const { id, componentId, dependsOn = [] } = app;
  const located = hrefOf('component', componentId);
  const conditional = omitEmpty<Uris>({
    'is-located-on': located,
    'belongs-to': located && entityHref('app', id, 'belongs-to'),
    'depends-on': dependsOn.length > 0 ? entityHref('app', id, 'depends-on') : undefined,
    scripts: resources.includes('scripts') ? entityHref('app', id, 'scripts') : undefined,
  });
  return {
    ...common(app),
    ...omitEmpty({ translation_id: app.translationId }),
    ...entityUris('app', id),
    ...conditional,
    capabilities: capabilities(app, [...namesOf(conditional), ...resources], isServed),
    _links: links(app, {
      'is-located-on': conditional?.['is-located-on'],
      'belongs-to': conditional?.['belongs-to'],
      'depends-on': dependsOn.map((other) => entityHref('app', other)),
    }),
    'x-medkit': {
      ...app.metadata,
      source: app.source,
      is_online: app.online,
      ...omitEmpty({
        component_id: componentId,
        ...graphNames({ node: app.node }),
        external: app.external || undefined,
        available: app.available,
        contributors: contributorsOf(app),
      }),
    },
  };
}

function functionDetail(
  entity: FunctionEntity,
  resources: readonly ConditionalResource[],
  isServed: IsServed,
): FunctionDetail {
  const { id, dependsOn = [], hosts } = entity;
  return {
    ...common(entity),
    ...omitEmpty({ translation_id: entity.translationId }),
    ...entityUris('function', id),
    capabilities: capabilities(entity, resources, isServed),
    _links: links(entity, { 'depends-on': dependsOn.map((other) => entityHref('function', other)) }),
    'x-medkit': {
      ...entity.metadata,
      source: entity.source,
      hosts: [...hosts],
      ...omitEmpty({ description: entity.description, contributors: contributorsOf(entity) }),
    },
  };
}

function capabilities(entity: Entity, conditional: readonly ConditionalResource[], isServed: IsServed): Capability[] {
  return capabilitiesOf(entity.kind, entity.id, conditional, entity.capabilities).filter(({ name }) => isServed(name));
}

type Uris = { readonly [Name in ConditionalResource]?: string | undefined };

function namesOf(uris: Uris | undefined): ConditionalResource[] {
  return Object.keys(uris ?? {}) as ConditionalResource[];
}

function common<E extends Entity>({ kind, id, name, description, tags }: E) {
  return { id, name: name || id, type: kind, ...omitEmpty({ description, tags: tags && [...tags] }) };
}

function links({ kind, id }: Entity, more: Readonly<Record<string, string | string[] | undefined>>): Links {
  return { self: entityHref(kind, id), collection: collectionHref(kind), ...(omitEmpty(more) as Links | undefined) };
}

function hrefOf(kind: EntityKind, id: string | undefined): string | undefined {
  return id === undefined ? undefined : entityHref(kind, id);
}

/** Returns the contributors of an entity, or none if this gateway is the only one. */
function contributorsOf({ contributors = [] }: Entity): string[] {
  return contributors.some((name) => name !== 'local') ? [...contributors] : [];
}

/** Returns the absolute path of the collection of a kind. */
function collectionHref(kind: EntityKind): string {
  return `${API_BASE}/${KIND_TERMS[kind].collection}`;
}
