import { int64, mapOf, named, oneOf, optional } from './compose.ts';
import { HealthNotify } from './notify.ts';
import { Peer } from './peers.ts';
import * as Type from './type.ts';
import { HealthWebhooks } from './webhooks.ts';

export const HealthWarning = named(
  'HealthWarning',
  Type.Object(
    {
      code: Type.String({ description: 'Machine-readable, such as `no_participants`.' }),
      message: Type.String({ description: 'The problem and its solution.' }),
      entity_ids: Type.Array(Type.String()),
      ros_node_fqns: Type.Array(Type.String()),
      peer_names: Type.Array(Type.String()),
      severity: optional(oneOf(...(['info', 'warning', 'error'] as const))),
      since: optional(
        Type.String({
          format: 'date-time',
          description: 'When the problem was first found, if it has existed since then.',
        }),
      ),
      docs: optional(Type.String({ description: 'The guide about the problem: `docs/guides/audit.md`.' })),
      remedy: optional(
        Type.Object({
          text: Type.String({ description: 'General solution; the message describes the specific case.' }),
          command: optional(Type.String({ description: 'The command to run; replace words in `<>`.' })),
        }),
      ),
    },
    { description: 'A problem that a person can fix.' },
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

const HealthDdsParticipants = named(
  'HealthDdsParticipants',
  Type.Object({
    vendor: Type.String({ description: '`Cyclone DDS`, `Fast DDS`, …, or the vendor id in hex.' }),
    version: optional(Type.String({ description: 'Absent if the vendor does not announce it.' })),
    count: Type.Integer(),
  }),
);

const HealthDdsNotUnderstood = named(
  'HealthDdsNotUnderstood',
  Type.Object(
    {
      address: Type.String({ description: 'Address of the last announcement.' }),
      vendor: Type.String(),
      reason: oneOf(
        'malformed',
        'protocol-version',
        'other-domain',
        'domain-tag',
        'unreachable',
        'secured',
        'capacity',
      ),
      count: Type.Integer({ description: 'Number of announcements of this kind.' }),
      last_heard_sec_ago: Type.Number(),
    },
    { description: 'A participant whose announcements arrive but are not understood, or that cannot be reached.' },
  ),
);

const HealthDdsInterfaceChange = named(
  'HealthDdsInterfaceChange',
  Type.Object(
    {
      interface: Type.String({ description: 'Name of the interface, `eth0`.' }),
      address: Type.String(),
      change: oneOf('added', 'removed', 'down', 'up', 'refused'),
      reason: optional(Type.String({ description: 'Why the interface cannot be used, if it was `refused`.' })),
      sec_ago: Type.Number(),
    },
    { description: 'A change of a network interface of the machine while the gateway ran.' },
  ),
);

export const HealthDds = named(
  'HealthDds',
  Type.Object(
    {
      domain_id: Type.Integer(),
      discovery_range: Type.String({ description: '`SUBNET`, `LOCALHOST`, `OFF` or `SYSTEM_DEFAULT`.' }),
      interfaces: Type.Array(Type.String(), { description: 'Addresses of the network interfaces in use.' }),
      interfaces_down: Type.Array(Type.String(), { description: 'Addresses in use whose link is down.' }),
      interface_changes: Type.Array(HealthDdsInterfaceChange, { description: 'The latest 32, oldest first.' }),
      participants: Type.Array(HealthDdsParticipants),
      not_understood: Type.Array(HealthDdsNotUnderstood),
      receive_buffer: Type.Object({ asked_bytes: Type.Integer(), granted_bytes: Type.Integer() }),
      datagrams: Type.Object({ received: Type.Integer(), sent: Type.Integer(), send_failures: Type.Integer() }),
      dropped: mapOf(Type.Integer(), 'Dropped datagrams and messages, by reason.'),
      qos_mismatches: optional(
        Type.Integer({ description: 'Topics with a publisher and a subscription whose QoS does not match.' }),
      ),
      graph: optional(
        Type.Object(
          { nodes: Type.Integer(), topics: Type.Integer(), services: Type.Integer(), actions: Type.Integer() },
          { description: 'Size of the graph, without medkit. Actions are not counted as topics and services.' },
        ),
      ),
    },
    { description: 'How the gateway discovers the robot: for finding the reason why something is missing.' },
  ),
);
export type HealthDds = Type.Static<typeof HealthDds>;

export const HealthPlugins = named(
  'HealthPlugins',
  Type.Object(
    {
      plugins: Type.Array(
        Type.Object({
          name: Type.String(),
          version: optional(Type.String({ description: 'Version of its package.' })),
          state: oneOf('running', 'left out', 'switched off'),
          isolated: Type.Boolean({ description: 'Whether it runs in a separate process.' }),
          routes: Type.Array(Type.String()),
        }),
      ),
    },
    { description: 'The configured plugins in the order in which they are loaded.' },
  ),
);
export type HealthPlugins = Type.Static<typeof HealthPlugins>;

export const HealthTls = named(
  'HealthTls',
  Type.Object(
    {
      min_version: Type.String({ description: 'Minimum TLS version: `1.2` or `1.3`.' }),
      fingerprint: Type.String({ description: '`sha256:` and the digest of the whole certificate, 64 digits.' }),
      expires: Type.String({ description: 'When the certificate expires.' }),
      self_signed: Type.Boolean(),
      names: Type.Array(Type.String(), { description: '`DNS:robot-01`, `IP Address:10.0.0.7`.' }),
      problem: optional(Type.String({ description: 'Why the current content of its files is not used.' })),
      client_auth: optional(oneOf('off', 'optional', 'required')),
    },
    { description: 'The certificate of this gateway.' },
  ),
);
export type HealthTls = Type.Static<typeof HealthTls>;

const count = (description: string) => Type.Integer({ description });

export const HealthAccounts = named(
  'HealthAccounts',
  Type.Object(
    {
      users: Type.Integer(),
      users_disabled: Type.Integer(),
      users_to_change_password: count('Users that are not disabled.'),
      admins: count('Users that may manage accounts and are not disabled.'),
      keys: Type.Integer(),
      keys_expired: Type.Integer(),
      keys_without_expiry: Type.Integer(),
      sessions: count('Web sessions.'),
    },
    { description: 'Number of accounts and credentials, by type.' },
  ),
);
export type HealthAccounts = Type.Static<typeof HealthAccounts>;

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
      peers: optional(Type.Array(Peer)),
      'x-medkit-accounts': optional(HealthAccounts),
      'x-medkit-data-provider': optional(Figures),
      'x-medkit-dds': optional(HealthDds),
      'x-medkit-entity-cache': optional(Figures),
      'x-medkit-log-sinks': optional(
        mapOf(Figures, 'Targets of forwarded log entries: how many are queued, sent and dropped, and the reason.'),
      ),
      'x-medkit-logs': optional(Figures),
      'x-medkit-manifest': optional(
        mapOf(Type.Unknown(), 'State of the manifest: its path, its content, and its problems.'),
      ),
      'x-medkit-metrics-push': optional(
        mapOf(Figures, 'Receivers of metrics: how many families are queued, sent and dropped, and the reason.'),
      ),
      'x-medkit-notify': optional(HealthNotify),
      'x-medkit-plugins': optional(HealthPlugins),
      'x-medkit-subscription-executor': optional(Figures),
      'x-medkit-tls': optional(HealthTls),
      'x-medkit-traces': optional(
        mapOf(Figures, 'Receivers of traces: how many spans are queued, sent and dropped, and the reason.'),
      ),
      'x-medkit-webhooks': optional(HealthWebhooks),
    },
    { additionalProperties: true },
  ),
);
export type HealthStatus = Type.Static<typeof HealthStatus>;
