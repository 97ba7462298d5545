import { collectionOf, XMedkitCollection } from './collection.ts';
import { named, optional } from './compose.ts';
import { detailMembers, listItemMembers, resourceUris, uri } from './entity.ts';
import { XMedkitRos2 } from './ros2.ts';
import * as Type from './type.ts';

export const XMedkitApp = named(
  'XMedkitApp',
  Type.Object({
    available: optional(Type.Boolean()),
    component_id: optional(Type.String()),
    contributors: optional(Type.Array(Type.String())),
    external: optional(Type.Boolean()),
    is_online: optional(Type.Boolean()),
    missing: optional(Type.Boolean()),
    ros2: optional(XMedkitRos2),
    source: optional(Type.String({ description: 'Source of the entity: `heuristic`, `manifest`, `plugin`, …' })),
  }),
);
export type XMedkitApp = Type.Static<typeof XMedkitApp>;

export const AppListItem = named('AppListItem', Type.Object({ ...listItemMembers, 'x-medkit': optional(XMedkitApp) }));
export type AppListItem = Type.Static<typeof AppListItem>;

export const AppList = collectionOf('AppList', AppListItem, XMedkitCollection);
export type AppList = Type.Static<typeof AppList>;

export const AppDetail = named(
  'AppDetail',
  Type.Object({
    ...detailMembers,
    ...resourceUris,
    'belongs-to': optional(uri()),
    'cyclic-subscriptions': uri(),
    'depends-on': optional(uri()),
    'is-located-on': optional(uri()),
    scripts: optional(uri()),
    status: uri(),
    translation_id: optional(Type.String()),
    'x-medkit': optional(XMedkitApp),
  }),
);
export type AppDetail = Type.Static<typeof AppDetail>;
