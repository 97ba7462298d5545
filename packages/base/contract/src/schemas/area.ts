import { collectionOf, XMedkitCollection } from './collection.ts';
import { named, optional } from './compose.ts';
import { detailMembers, listItemMembers, resourceUris, uri } from './entity.ts';
import { XMedkitRos2 } from './ros2.ts';
import * as Type from './type.ts';

export const XMedkitArea = named(
  'XMedkitArea',
  Type.Object({
    contributors: optional(Type.Array(Type.String())),
    missing: optional(Type.Boolean()),
    parent_area_id: optional(Type.String()),
    ros2: optional(XMedkitRos2),
    unresolved_component: optional(Type.String()),
  }),
);
export type XMedkitArea = Type.Static<typeof XMedkitArea>;

export const AreaListItem = named(
  'AreaListItem',
  Type.Object({ ...listItemMembers, 'x-medkit': optional(XMedkitArea) }),
);
export type AreaListItem = Type.Static<typeof AreaListItem>;

export const AreaList = collectionOf('AreaList', AreaListItem, XMedkitCollection);
export type AreaList = Type.Static<typeof AreaList>;

export const AreaDetail = named(
  'AreaDetail',
  Type.Object({
    ...detailMembers,
    ...resourceUris,
    components: uri(),
    contains: uri(),
    subareas: uri(),
    'x-medkit': optional(XMedkitArea),
  }),
);
export type AreaDetail = Type.Static<typeof AreaDetail>;
