import { DroppedItem, FailedMember, ItemOrigin, Links } from './collection.ts';
import { anything, mapOf, named, oneOf, optional } from './compose.ts';
import { XMedkitRos2 } from './ros2.ts';
import * as Type from './type.ts';

/** Types of a parameter's value. */
export const CONFIGURATION_TYPES = [
  'bool',
  'int',
  'double',
  'string',
  'byte_array',
  'bool_array',
  'int_array',
  'double_array',
  'string_array',
  'not_set',
] as const;
export type ConfigurationType = (typeof CONFIGURATION_TYPES)[number];

const limit = (description: string) => Type.Optional(anything({ description }));

const valueMembers = {
  name: Type.String(),
  value: anything({ description: 'Integers have no fraction, doubles always have one; `null` if not set.' }),
  type: oneOf(...CONFIGURATION_TYPES),
};

const rules = {
  description: optional(Type.String()),
  read_only: optional(Type.Boolean()),
  range: optional(
    Type.Object(
      { from: limit('Minimum.'), to: limit('Maximum.'), step: limit('Absent if every value is allowed.') },
      { description: 'Range of a number.' },
    ),
  ),
  constraints: optional(Type.String({ description: 'Text of the node about further constraints.' })),
};

export const ConfigXMedkitItem = named(
  'ConfigXMedkitItem',
  Type.Object({
    node: optional(Type.String({ description: 'Fully qualified name of the node that owns the parameter.' })),
    source: optional(Type.String({ description: 'The member of an aggregate that owns the parameter.' })),
  }),
);
export type ConfigXMedkitItem = Type.Static<typeof ConfigXMedkitItem>;

export const ConfigurationMetaData = named(
  'ConfigurationMetaData',
  Type.Object({
    id: Type.String({ description: 'Name of the parameter; `<app_id>:<name>` on an entity with several nodes.' }),
    name: Type.String(),
    type: Type.String({ description: 'Always `parameter`.' }),
    'x-medkit': optional(ConfigXMedkitItem),
  }),
);
export type ConfigurationMetaData = Type.Static<typeof ConfigurationMetaData>;

/** A parameter in a list, as the web UI reads it. */
export const ListedParameter = Type.Object({
  id: Type.String(),
  ...valueMembers,
  ...rules,
  'x-medkit': optional(ConfigXMedkitItem),
});
export type ListedParameter = Type.Static<typeof ListedParameter>;

export const ConfigListXMedkit = named(
  'ConfigListXMedkit',
  Type.Object({
    aggregation_level: optional(Type.String({ description: 'Type of the entity.' })),
    entity_id: optional(Type.String()),
    failed_members: optional(
      Type.Array(FailedMember, { description: 'Members whose part is missing, and the reason.' }),
    ),
    failed_nodes: optional(Type.Array(Type.String(), { description: 'Nodes that answered with an error.' })),
    failed_peers: optional(Type.Array(Type.String())),
    is_aggregated: optional(Type.Boolean({ description: 'True if the entity has several nodes.' })),
    parameters: optional(Type.Array(ListedParameter, { description: 'The items with their values and constraints.' })),
    partial: optional(Type.Boolean()),
    peer_dropped_items: optional(Type.Array(DroppedItem)),
    queried_nodes: optional(Type.Array(Type.String(), { description: 'Nodes that answered.' })),
    ros2: optional(XMedkitRos2),
    source: optional(Type.String()),
    source_ids: optional(Type.Array(Type.String(), { description: 'The entities that own the parameters.' })),
    unavailable_nodes: optional(Type.Array(Type.String(), { description: 'Nodes that did not answer.' })),
  }),
);
export type ConfigListXMedkit = Type.Static<typeof ConfigListXMedkit>;

export const ConfigurationList = named(
  'ConfigurationList',
  Type.Object({
    items: Type.Array(ConfigurationMetaData),
    _links: optional(Links),
    'x-medkit': optional(ConfigListXMedkit),
  }),
);
export type ConfigurationList = Type.Static<typeof ConfigurationList>;

export const ConfigValueXMedkit = named(
  'ConfigValueXMedkit',
  Type.Object({
    entity_id: optional(Type.String()),
    parameter: optional(
      Type.Object(
        { ...valueMembers, ...rules },
        { description: 'After a write, without `description`, `read_only`, `range` and `constraints`.' },
      ),
    ),
    ros2: optional(XMedkitRos2),
    source: optional(Type.String()),
    source_app: optional(Type.String({ description: 'The member of an aggregate that owns the parameter.' })),
  }),
);
export type ConfigValueXMedkit = Type.Static<typeof ConfigValueXMedkit>;

export const ConfigurationReadValue = named(
  'ConfigurationReadValue',
  Type.Object({
    id: Type.String({ description: 'The id of the request.' }),
    data: anything({ description: 'The value.' }),
    parameter: optional(
      Type.Object(valueMembers, {
        description: 'After a write, the same as in `x-medkit`, for clients written for older gateways.',
      }),
    ),
    'x-medkit': optional(ConfigValueXMedkit),
  }),
);
export type ConfigurationReadValue = Type.Static<typeof ConfigurationReadValue>;

export const ConfigurationWriteRequest = named(
  'ConfigurationWriteRequest',
  Type.Object({
    data: Type.Optional(anything({ description: 'The value to set.' })),
    value: Type.Optional(anything({ description: 'Accepted instead of `data`.' })),
  }),
);
export type ConfigurationWriteRequest = Type.Static<typeof ConfigurationWriteRequest>;

export const ConfigurationDeleteResultItem = named(
  'ConfigurationDeleteResultItem',
  Type.Object({
    app_id: Type.String(),
    node: Type.String({ description: 'Fully qualified name of the node; empty if unknown.' }),
    success: Type.Boolean(),
    error: optional(Type.String({ description: 'Why some parameters were not reset.' })),
    details: optional(
      mapOf(Type.Unknown(), '`node_name`, `reset_count`, `failed_count`, and the names in `failed_parameters`.'),
    ),
    'x-medkit': optional(ItemOrigin),
  }),
);
export type ConfigurationDeleteResultItem = Type.Static<typeof ConfigurationDeleteResultItem>;

export const ConfigurationDeleteMultiStatus = named(
  'ConfigurationDeleteMultiStatus',
  Type.Object({ entity_id: Type.String(), results: Type.Array(ConfigurationDeleteResultItem) }),
);
export type ConfigurationDeleteMultiStatus = Type.Static<typeof ConfigurationDeleteMultiStatus>;
