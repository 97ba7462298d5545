import { XMedkitCollection } from './collection.ts';
import { mapOf, named, optional } from './compose.ts';
import { EntityType } from './entity.ts';
import * as Type from './type.ts';

const text = () => optional(Type.String());
const texts = (description?: string) => optional(Type.Array(Type.String(), description ? { description } : {}));

export const TreeItem = named(
  'TreeItem',
  Type.Object(
    {
      type: EntityType,
      id: Type.String(),
      name: Type.String(),
      source: Type.String({
        description: 'Source of the entity: `heuristic`, `runtime`, `manifest`, `plugin`, `peer:<name>`.',
      }),
      description: text(),
      translation_id: text(),
      tags: texts(),
      aliases: texts('Other names that find the entity.'),
      capabilities: texts(
        'Resources in addition to those that every gateway serves for its type: `locks`, `scripts`, and vendor resources.',
      ),
      parent: optional(Type.String({ description: 'Parent of an area or component.' })),
      area: optional(Type.String({ description: 'Area of a component.' })),
      component: optional(Type.String({ description: 'Component that the app runs on.' })),
      hosts: texts('Apps and components that provide the function.'),
      depends_on: texts(),
      namespace: text(),
      node: optional(Type.String({ description: 'Fully qualified name of the node of an app.' })),
      component_type: text(),
      variant: text(),
      external: optional(Type.Boolean()),
      identity: optional(mapOf(Type.Unknown())),
      is_online: optional(Type.Boolean({ description: 'Whether an app is online.' })),
      runtime: optional(
        Type.String({
          description:
            'The runtime of this gateway that serves its resources; absent if it only groups other entities.',
        }),
      ),
      available: optional(Type.Boolean({ description: 'False if its gateway does not answer.' })),
      gateways: texts(
        'Instances of the other gateways on the way to the entity, beginning with the gateway that owns it. Absent for entities of this gateway.',
      ),
      metadata: optional(mapOf(Type.Unknown())),
    },
    { description: 'An entity with all its properties in the tree.' },
  ),
);
export type TreeItem = Type.Static<typeof TreeItem>;

export const TreeSnapshot = named(
  'TreeSnapshot',
  Type.Object({
    gateway: Type.Object({
      instance: Type.String({ description: 'Id of this run of this gateway; unique.' }),
    }),
    items: Type.Array(TreeItem),
  }),
);
export type TreeSnapshot = Type.Static<typeof TreeSnapshot>;

const count = (severity: string) =>
  Type.Integer({ minimum: 0, description: `Number of open faults of the severity ${severity}.` });

export const EntityFaults = named(
  'EntityFaults',
  Type.Object({
    entity_type: EntityType,
    entity_id: Type.String(),
    info: count('info'),
    warning: count('warning'),
    error: count('error'),
    critical: count('critical'),
  }),
);
export type EntityFaults = Type.Static<typeof EntityFaults>;

export const TreeFaults = named(
  'TreeFaults',
  Type.Object({
    items: Type.Array(EntityFaults, {
      description: 'Entities with open faults. An entity is not listed for the faults of its members.',
    }),
    'x-medkit': optional(XMedkitCollection),
  }),
);
export type TreeFaults = Type.Static<typeof TreeFaults>;
