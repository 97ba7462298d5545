import { collectionOf, XMedkitCollection } from './collection.ts';
import { named, optional } from './compose.ts';
import { detailMembers, listItemMembers, resourceUris, uri } from './entity.ts';
import { XMedkitRos2 } from './ros2.ts';
import * as Type from './type.ts';

export const XMedkitFunction = named(
  'XMedkitFunction',
  Type.Object({
    contributors: optional(Type.Array(Type.String())),
    description: optional(Type.String()),
    hosts: optional(Type.Array(Type.String())),
    ros2: optional(XMedkitRos2),
    source: optional(Type.String()),
  }),
);
export type XMedkitFunction = Type.Static<typeof XMedkitFunction>;

export const FunctionListItem = named(
  'FunctionListItem',
  Type.Object({ ...listItemMembers, 'x-medkit': optional(XMedkitFunction) }),
);
export type FunctionListItem = Type.Static<typeof FunctionListItem>;

export const FunctionList = collectionOf('FunctionList', FunctionListItem, XMedkitCollection);
export type FunctionList = Type.Static<typeof FunctionList>;

export const FunctionDetail = named(
  'FunctionDetail',
  Type.Object({
    ...detailMembers,
    ...resourceUris,
    'cyclic-subscriptions': uri(),
    hosts: uri(),
    translation_id: optional(Type.String()),
    'x-medkit': optional(XMedkitFunction),
    'x-medkit-graph': uri(),
  }),
);
export type FunctionDetail = Type.Static<typeof FunctionDetail>;
