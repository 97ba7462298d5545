import { collectionOf, XMedkitCollection } from './collection.ts';
import { mapOf, named, optional } from './compose.ts';
import { Capability, detailMembers, listItemMembers, resourceUris, uri } from './entity.ts';
import { XMedkitRos2 } from './ros2.ts';
import * as Type from './type.ts';

export const XMedkitComponent = named(
  'XMedkitComponent',
  Type.Object({
    area: optional(Type.String()),
    available: optional(Type.Boolean()),
    capabilities: optional(Type.Array(Capability)),
    contributors: optional(Type.Array(Type.String())),
    dependsOn: optional(Type.Array(Type.String())),
    description: optional(Type.String()),
    external: optional(Type.Boolean()),
    identity: optional(mapOf(Type.Unknown())),
    missing: optional(Type.Boolean()),
    last_seen: optional(Type.String({ description: 'When the fleet hub last received something from the robot.' })),
    parentComponentId: optional(Type.String()),
    presence: optional(Type.String({ description: 'Whether the robot is connected to its fleet hub.' })),
    robot: optional(Type.String({ description: 'The robot of the fleet that the component stands for.' })),
    ros2: optional(XMedkitRos2),
    since: optional(Type.String({ description: 'Since when the robot has this presence.' })),
    source: optional(Type.String({ description: 'Source of the entity: `runtime`, `heuristic`, `manifest`, …' })),
    type: optional(Type.String()),
    variant: optional(Type.String()),
    versions: optional(mapOf(Type.String(), 'Versions of medkit and of the software of the robot.')),
  }),
);
export type XMedkitComponent = Type.Static<typeof XMedkitComponent>;

export const ComponentListItem = named(
  'ComponentListItem',
  Type.Object({ ...listItemMembers, 'x-medkit': optional(XMedkitComponent) }),
);
export type ComponentListItem = Type.Static<typeof ComponentListItem>;

export const ComponentList = collectionOf('ComponentList', ComponentListItem, XMedkitCollection);
export type ComponentList = Type.Static<typeof ComponentList>;

export const ComponentDetail = named(
  'ComponentDetail',
  Type.Object({
    ...detailMembers,
    ...resourceUris,
    'belongs-to': optional(uri()),
    'cyclic-subscriptions': uri(),
    'depends-on': optional(uri()),
    hosts: uri(),
    scripts: optional(uri()),
    status: uri(),
    subcomponents: uri(),
    'x-medkit': optional(XMedkitComponent),
  }),
);
export type ComponentDetail = Type.Static<typeof ComponentDetail>;
