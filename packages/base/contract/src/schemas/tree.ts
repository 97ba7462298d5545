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
        description: 'Who told of it: `heuristic`, `runtime`, `manifest`, `plugin`, `peer:<name>`.',
      }),
      description: text(),
      translation_id: text(),
      tags: texts(),
      aliases: texts('Other names that it is found by.'),
      capabilities: texts(
        'Resources that it has besides those that every gateway serves of its type: `locks`, `scripts`, those of vendors.',
      ),
      parent: optional(Type.String({ description: 'Area of an area, component of a component.' })),
      area: optional(Type.String({ description: 'Of a component.' })),
      component: optional(Type.String({ description: 'On which an app is located.' })),
      hosts: texts('Apps and components of a function.'),
      depends_on: texts(),
      namespace: text(),
      node: optional(Type.String({ description: 'Fully qualified name of the node that an app is.' })),
      component_type: text(),
      variant: text(),
      external: optional(Type.Boolean()),
      identity: optional(mapOf(Type.Unknown())),
      is_online: optional(Type.Boolean({ description: 'Of an app.' })),
      runtime: optional(
        Type.String({
          description: 'Which runtime of this gateway has its own resources; absent where it only groups others.',
        }),
      ),
      available: optional(Type.Boolean({ description: 'False where the gateway that it is of does not answer.' })),
      gateways: texts(
        'The instances of other gateways that it comes by way of, that which it is of first. Absent for what this one tells of itself.',
      ),
      metadata: optional(mapOf(Type.Unknown())),
    },
    { description: 'An entity with all that the tree tells of it.' },
  ),
);
export type TreeItem = Type.Static<typeof TreeItem>;

export const TreeSnapshot = named(
  'TreeSnapshot',
  Type.Object({
    gateway: Type.Object({
      instance: Type.String({ description: 'This run of this gateway: no other gateway has it.' }),
    }),
    items: Type.Array(TreeItem),
  }),
);
export type TreeSnapshot = Type.Static<typeof TreeSnapshot>;

const count = (severity: string) =>
  Type.Integer({ minimum: 0, description: `Open faults of the severity ${severity}.` });

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
      description: 'Entities that have open faults themselves, and not only their members.',
    }),
    'x-medkit': optional(XMedkitCollection),
  }),
);
export type TreeFaults = Type.Static<typeof TreeFaults>;
