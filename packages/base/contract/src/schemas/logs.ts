import { collectionOf, DroppedItem, FailedMember } from './collection.ts';
import { named, oneOf, optional } from './compose.ts';
import { PeerClocks } from './peers.ts';
import * as Type from './type.ts';

/** Severities of a log entry, lowest first. */
export const LOG_SEVERITIES = ['debug', 'info', 'warning', 'error', 'fatal'] as const;
export type LogSeverity = (typeof LOG_SEVERITIES)[number];

/** Upper bound of `max_entries`. */
export const MAX_LOG_ENTRIES = 10_000;
/** Maximum length of the `context` filter in characters. */
export const MAX_LOG_CONTEXT_LENGTH = 256;

export const LogContext = named(
  'LogContext',
  Type.Object({
    node: Type.String({ description: 'Name of the logger without a leading slash, such as `arm.gripper_driver`.' }),
    function: optional(Type.String()),
    file: optional(Type.String({ description: 'Source file at the time when the node was built.' })),
    line: optional(Type.Integer()),
  }),
);
export type LogContext = Type.Static<typeof LogContext>;

export const LogEntry = named(
  'LogEntry',
  Type.Object({
    id: Type.String({ description: '`log_<n>`, beginning with `log_1` at every start of the gateway.' }),
    timestamp: Type.String({ description: 'When it was logged, by the clock of the node, in UTC with nine decimals.' }),
    received_at: optional(
      Type.String({
        description:
          'When the gateway received it, by its own clock. `since`, `until` and `before` compare this time. Absent if the gateway logged the entry itself.',
      }),
    ),
    severity: Type.String({ description: '`debug`, `info`, `warning`, `error` or `fatal`.' }),
    level: optional(Type.String({ description: 'The severity in capitals.' })),
    message: Type.String(),
    logger_name: optional(Type.String({ description: 'The logger, named like a node, such as `/nav2_planner`.' })),
    context: optional(LogContext),
  }),
);
export type LogEntry = Type.Static<typeof LogEntry>;

export const LogListXMedkit = named(
  'LogListXMedkit',
  Type.Object({
    aggregated: optional(Type.Boolean()),
    aggregation_level: optional(oneOf('function', 'area', 'component')),
    aggregation_sources: optional(
      Type.Array(Type.String(), { description: 'Full names of the nodes of these entries.' }),
    ),
    clocks: optional(PeerClocks),
    app_count: optional(Type.Integer({ minimum: 0 })),
    component_count: optional(Type.Integer({ minimum: 0 })),
    contributors: optional(Type.Array(Type.String())),
    entity_id: optional(Type.String()),
    failed_members: optional(
      Type.Array(FailedMember, { description: 'Nodes whose entries are missing, and the reason.' }),
    ),
    failed_peers: optional(Type.Array(Type.String())),
    host_count: optional(Type.Integer({ minimum: 0 })),
    oldest: optional(
      Type.String({ description: 'With `before` or `until`: arrival time of the oldest stored entry.' }),
    ),
    partial: optional(Type.Boolean()),
    peer_dropped_items: optional(Type.Array(DroppedItem)),
  }),
);
export type LogListXMedkit = Type.Static<typeof LogListXMedkit>;

export const LogEntryList = collectionOf('LogEntryList', LogEntry, LogListXMedkit);
export type LogEntryList = Type.Static<typeof LogEntryList>;

// No ranges here: a value of the right type that is out of range gives `invalid-parameter`, which lists the allowed
// values.
export const LogConfiguration = named(
  'LogConfiguration',
  Type.Object({
    severity_filter: optional(
      Type.String({ description: 'Minimum severity in the list: `debug`, `info`, `warning`, `error` or `fatal`.' }),
    ),
    max_entries: optional(
      Type.Integer({ description: `Maximum number of entries in a list, 1 to ${MAX_LOG_ENTRIES}.` }),
    ),
  }),
);
export type LogConfiguration = Type.Static<typeof LogConfiguration>;
