import Type from 'typebox';
import { int64, mapOf, named, oneOf, optional } from './compose.ts';

export const HealthWarning = named(
  'HealthWarning',
  Type.Object(
    {
      code: Type.String({ description: 'Machine-readable, such as `no_participants`.' }),
      message: Type.String({ description: 'What is wrong and what to do about it.' }),
      entity_ids: Type.Array(Type.String()),
      ros_node_fqns: Type.Array(Type.String()),
      peer_names: Type.Array(Type.String()),
    },
    { description: 'Something a person can act on.' },
  ),
);
export type HealthWarning = Type.Static<typeof HealthWarning>;

export const HealthDiscoveryLinking = named(
  'HealthDiscoveryLinking',
  Type.Object({
    binding_conflicts: Type.Integer(),
    linked_count: Type.Integer(),
    orphan_count: Type.Integer(),
    unmanifested_policy: oneOf('ignore', 'warn', 'error', 'include_as_orphan'),
    warnings: optional(Type.Array(Type.String())),
  }),
);
export type HealthDiscoveryLinking = Type.Static<typeof HealthDiscoveryLinking>;

export const HealthDiscovery = named(
  'HealthDiscovery',
  Type.Object({
    mode: Type.String({ description: '`runtime_only`, `manifest_only` or `hybrid`.' }),
    strategy: Type.String({ description: '`runtime`, `manifest_only` or `hybrid`.' }),
    linking: optional(HealthDiscoveryLinking),
    pipeline: optional(mapOf(Type.Unknown())),
  }),
);
export type HealthDiscovery = Type.Static<typeof HealthDiscovery>;

const Figures = mapOf(Type.Unknown());

export const HealthStatus = named(
  'HealthStatus',
  Type.Object(
    {
      status: Type.String({ description: '`healthy`.' }),
      timestamp: int64('Nanoseconds since 1970.'),
      warning_schema_version: Type.Integer(),
      warnings: Type.Array(HealthWarning),
      discovery: optional(HealthDiscovery),
      peers: optional(Type.Array(Figures)),
      'x-medkit-data-provider': optional(Figures),
      'x-medkit-entity-cache': optional(Figures),
      'x-medkit-subscription-executor': optional(Figures),
    },
    { additionalProperties: true },
  ),
);
export type HealthStatus = Type.Static<typeof HealthStatus>;
