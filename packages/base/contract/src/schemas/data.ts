import { DroppedItem, FailedMember, Links } from './collection.ts';
import { anything, int64, mapOf, named, oneOf, optional } from './compose.ts';
import { XMedkitRos2 } from './ros2.ts';
import * as Type from './type.ts';

/** A JSON Schema of a message type, and a message with every member at its default. */
export const TypeInfo = Type.Object({
  schema: mapOf(Type.Unknown()),
  default_value: mapOf(Type.Unknown()),
});
export type TypeInfo = Type.Static<typeof TypeInfo>;

export const XMedkitDataItem = named(
  'XMedkitDataItem',
  Type.Object({
    available: optional(Type.Boolean({ description: 'False while the gateway that owns the item does not answer.' })),
    entity_id: optional(Type.String()),
    member_ids: optional(
      Type.Array(Type.String(), { description: 'The members of an aggregate that provide the item.' }),
    ),
    publisher_count: optional(Type.Integer({ minimum: 0 })),
    publisher_created: optional(Type.Boolean()),
    ros2: optional(XMedkitRos2),
    status: optional(
      Type.String({ description: '`data`; `metadata_only` if there is no value; `published` after a write.' }),
    ),
    subscriber_count: optional(Type.Integer({ minimum: 0 })),
    timestamp: optional(int64('Arrival time of the value, in nanoseconds since 1970.')),
    total_count: optional(Type.Integer({ minimum: 0, description: 'Number of categories or groups.' })),
    type_info: optional(TypeInfo),
    warnings: optional(
      Type.Array(Type.String(), {
        description: 'A remark about this value, such as why it is raw or which subscriber missed it.',
      }),
    ),
  }),
);
export type XMedkitDataItem = Type.Static<typeof XMedkitDataItem>;

export const DataItem = named(
  'DataItem',
  Type.Object({
    id: Type.String({ description: 'A topic with its leading slash, or `member:topic` if two members differ.' }),
    name: Type.String(),
    category: Type.String({ description: 'A category of ISO 17978-3, such as `currentData`.' }),
    'x-medkit': optional(XMedkitDataItem),
  }),
);
export type DataItem = Type.Static<typeof DataItem>;

export const DataListXMedkit = named(
  'DataListXMedkit',
  Type.Object({
    aggregated: optional(Type.Boolean()),
    aggregation_level: optional(Type.String()),
    aggregation_sources: optional(Type.Array(Type.String())),
    entity_id: optional(Type.String()),
    failed_members: optional(Type.Array(FailedMember, { description: 'Members whose data is missing from the list.' })),
    failed_peers: optional(Type.Array(Type.String())),
    partial: optional(Type.Boolean()),
    peer_dropped_items: optional(Type.Array(DroppedItem)),
    total_count: optional(Type.Integer({ minimum: 0 })),
  }),
);
export type DataListXMedkit = Type.Static<typeof DataListXMedkit>;

// Runtimes may add members, so these objects are open.
const open = { additionalProperties: true, 'x-medkit-opaque': true };

export const DataListResult = named(
  'DataListResult',
  Type.Object({ items: Type.Array(DataItem), _links: optional(Links), 'x-medkit': optional(DataListXMedkit) }, open),
);
export type DataListResult = Type.Static<typeof DataListResult>;

/**
 * ros2_medkit uses this one name for responses to reads, writes, categories and groups. Nothing in it is required; the
 * types below state what each response contains.
 */
const valueSchema = named(
  'DataValue',
  Type.Object(
    {
      id: optional(Type.String({ description: 'Of a value: its data item.' })),
      data: Type.Optional(anything({ description: 'The value; `{}` if there is none.' })),
      value: Type.Optional(anything({ description: 'The same as `data`, for clients that read this member.' })),
      items: optional(Type.Array(mapOf(Type.Unknown()), { description: 'The categories or groups.' })),
      'x-medkit': optional(XMedkitDataItem),
    },
    open,
  ),
);

export interface DataValue {
  id: string;
  data: unknown;
  value?: unknown;
  'x-medkit'?: XMedkitDataItem | null;
}
export const DataValue = Type.Unsafe<DataValue>(valueSchema);

/** Data categories or data groups of an entity. */
export interface DataGrouping {
  readonly items: readonly { readonly id: string; readonly category: string }[];
  readonly 'x-medkit'?: { readonly entity_id: string; readonly total_count: number };
}
export const DataGrouping = Type.Unsafe<DataGrouping>(valueSchema);

export const DataWriteRequest = named(
  'DataWriteRequest',
  Type.Object({
    data: Type.Optional(anything({ description: 'The value to publish.' })),
    value: Type.Optional(anything({ description: 'Accepted instead of `data`.' })),
    type: optional(Type.String({ description: '`package/msg/Type`; if omitted, taken from the graph.' })),
    acknowledge: optional(
      Type.Boolean({
        default: false,
        description:
          'Waits until every reliable subscription has acknowledged the message; a warning names those that have not.',
      }),
    ),
  }),
);
export type DataWriteRequest = Type.Static<typeof DataWriteRequest>;

/** Bounds of a data history request: time span in seconds, and number of rows. */
export const DATA_HISTORY = {
  seconds: { min: 0.001, usual: 30, max: 3600 },
  limit: { min: 1, usual: 1000, max: 5000 },
} as const;

export const DataHistory = named(
  'DataHistory',
  Type.Object({
    id: Type.String(),
    path: Type.Optional(Type.String({ description: 'JSON Pointer to the number in each value.' })),
    items: Type.Array(
      Type.Unsafe<readonly [timeNs: number | bigint, value: unknown]>({
        type: 'array',
        minItems: 2,
        maxItems: 2,
        items: {},
      }),
      { description: 'Oldest first: arrival time in nanoseconds since 1970, and the number or the whole value.' },
    ),
    'x-medkit': Type.Object({
      entity_id: Type.String(),
      type: Type.String(),
      from: int64('Since when values are buffered or were requested; nanoseconds since 1970.'),
      kept_for: oneOf('recordings', 'freeze_frames'),
      omitted: Type.Integer({
        description: 'Number of values that were omitted evenly, or that do not contain the number.',
      }),
    }),
  }),
);
export type DataHistory = Type.Static<typeof DataHistory>;
