import { mapOf, named, optional } from './compose.ts';
import * as Type from './type.ts';

/** Links to related resources: one address each, or a list of them. */
export const Links = mapOf(Type.Union([Type.String(), Type.Array(Type.String())]));
export type Links = Type.Static<typeof Links>;

export const DroppedItem = named(
  'DroppedItem',
  Type.Object({ peer: Type.String(), reason: Type.String(), source_id: Type.String() }),
);
export type DroppedItem = Type.Static<typeof DroppedItem>;

export const FailedMember = named(
  'FailedMember',
  Type.Object({
    entity_id: Type.String(),
    runtime: Type.String(),
    message: Type.String({ description: 'Why its part of the list is missing.' }),
    since: optional(Type.String({ format: 'date-time', description: 'Since when it has not answered.' })),
  }),
);
export type FailedMember = Type.Static<typeof FailedMember>;

/** Marks an item that belongs to another gateway. */
export const ItemOrigin = Type.Object({ origin: Type.String({ description: 'The gateway that it belongs to.' }) });

export const XMedkitCollection = named(
  'XMedkitCollection',
  Type.Object({
    contributors: optional(Type.Array(Type.String())),
    failed_members: optional(Type.Array(FailedMember, { description: 'Members whose part of the list is missing.' })),
    failed_peers: optional(Type.Array(Type.String())),
    partial: optional(Type.Boolean({ description: 'True if a contributor did not answer.' })),
    peer_dropped_items: optional(Type.Array(DroppedItem)),
    total_count: optional(Type.Integer({ minimum: 0 })),
  }),
);
export type XMedkitCollection = Type.Static<typeof XMedkitCollection>;

/** Returns the envelope of a collection: its items, facts about the whole list, and links. */
export function collectionOf<Item extends Type.TSchema, Extra extends Type.TSchema>(
  name: string,
  item: Item,
  xMedkit: Extra,
) {
  return named(name, Type.Object({ items: Type.Array(item), _links: optional(Links), 'x-medkit': optional(xMedkit) }));
}
