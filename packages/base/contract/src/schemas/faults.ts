import { DroppedItem, FailedMember, ItemOrigin, Links } from './collection.ts';
import { named, oneOf, optional } from './compose.ts';
import { EntityType } from './entity.ts';
import { FaultEnvironmentData } from './fault-evidence.ts';
import { FAULT_SEVERITIES } from './fault-severity.ts';
import { PeerClocks } from './peers.ts';
import * as Type from './type.ts';

/** Values of `?status=`. */
export const FAULT_FILTERS = ['pending', 'confirmed', 'cleared', 'healed', 'all'] as const;
export type FaultFilter = (typeof FAULT_FILTERS)[number];

/** Maximum faults in one page of a list. */
export const MAX_FAULTS_IN_PAGE = 1000;
/** Maximum length of a fault code in a path, in characters. */
export const MAX_FAULT_CODE_LENGTH = 256;

const SeverityLabel = oneOf(...FAULT_SEVERITIES.labels, 'UNKNOWN');
/** Labels of runtimes that record their own faults. */
const RecordedSeverityLabel = oneOf(...FAULT_SEVERITIES.names, 'unknown');
export type SeverityLabel = Type.Static<typeof SeverityLabel>;

const severity = Type.Integer({ minimum: 0, maximum: 3, description: '0 info, 1 warning, 2 error, 3 critical.' });
const seconds = (description: string) => Type.Number({ description: `${description}, in seconds since 1970.` });
const count = Type.Integer({ minimum: 0 });
const occurrences = Type.Integer({
  minimum: 0,
  description: 'Number of occurrences: the first, each one after a clear, and each confirmation after healing.',
});

const statusFields = {
  aggregatedStatus: oneOf('active', 'passive', 'cleared'),
  testFailed: optional(Type.String({ description: '`1` while the fault is reported.' })),
  confirmedDTC: optional(Type.String({ description: '`1` if the fault is confirmed.' })),
};

export const FaultStatus = named(
  'FaultStatus',
  Type.Object({
    ...statusFields,
    pendingDTC: optional(Type.String({ description: '`1` while the fault can still be confirmed.' })),
  }),
);
export type FaultStatus = Type.Static<typeof FaultStatus>;

const mutedBy = {
  root_cause_code: Type.String({ description: 'The fault that explains this fault.' }),
  root_cause_origin: optional(
    Type.String({ description: 'Gateway of that fault, if a rule over several gateways explains it.' }),
  ),
  rule_id: Type.String(),
  delay_ms: Type.Integer({ description: 'From the root cause to the symptom.' }),
};

const MutedFault = Type.Object({
  fault_code: Type.String(),
  origin: optional(Type.String({ description: 'Gateway of the fault, if a rule over several gateways explains it.' })),
  ...mutedBy,
});
export type MutedFault = Type.Static<typeof MutedFault>;

const FaultCluster = Type.Object({
  cluster_id: Type.String(),
  rule_id: Type.String(),
  rule_name: Type.String(),
  label: Type.String(),
  representative_code: Type.String({ description: 'The fault that represents the cluster.' }),
  representative_origin: optional(
    Type.String({ description: 'Gateway of that fault, in a cluster over several gateways.' }),
  ),
  representative_severity: oneOf(...FAULT_SEVERITIES.longLabels),
  fault_codes: Type.Array(Type.String()),
  origins: optional(
    Type.Array(Type.String(), { description: 'Gateway of each fault, in a cluster over several gateways.' }),
  ),
  count,
  first_at: seconds('When its first fault occurred'),
  last_at: seconds('When its last fault occurred'),
});
export type FaultCluster = Type.Static<typeof FaultCluster>;

const FaultThresholds = Type.Object({
  source: Type.String(),
  confirmation_threshold: Type.Integer({ description: 'Debounce counter at or below which the fault is confirmed.' }),
  healing_enabled: Type.Boolean(),
  healing_threshold: Type.Integer({ description: 'Debounce counter at or above which the fault is healed.' }),
  override: optional(
    Type.String({
      description: 'The prefix in the thresholds file that defines these values; absent for the defaults.',
    }),
  ),
});
export type FaultThresholds = Type.Static<typeof FaultThresholds>;

/** Members that explain the current state of a fault. */
const explanation = {
  robot: optional(Type.String({ description: 'The robot of the fleet that has the fault.' })),
  robot_entity: optional(Type.String({ description: 'The entity of the fault on that robot: its collection and id.' })),
  as_of: optional(
    Type.String({
      format: 'date-time',
      description: 'When the fault was copied, if its gateway does not answer: later changes are not known.',
    }),
  ),
  latest_description: optional(
    Type.String({
      description: 'The text of the last FAILED report, if it differs from `description`, the text of the first.',
    }),
  ),
  absent_sources: optional(
    Type.Array(Type.String(), {
      description:
        'Reporters that are not running. The fault has the state of their last report, at `last_occurred` or `last_passed`.',
    }),
  ),
  failing_sources: optional(
    Type.Array(Type.String(), {
      description:
        'Reporters whose last report is FAILED. The fault heals only after all of them have reported PASSED.',
    }),
  ),
  more_failing_sources: optional(
    Type.Boolean({
      description: 'More reporters fail than are listed: the fault does not heal, and ends only when it is cleared.',
    }),
  ),
  debounce_counter: optional(Type.Integer({ description: 'Below zero towards confirmed, above zero towards healed.' })),
  thresholds: optional(Type.Array(FaultThresholds, { description: 'Thresholds that apply to each of its sources.' })),
  muted: optional(Type.Object(mutedBy, { description: 'Why the fault is omitted from lists and streams.' })),
  symptom_of: optional(
    Type.Object(mutedBy, { description: 'The fault that explains it, whether or not it is muted.' }),
  ),
  cluster: optional(
    Type.Object(
      { cluster_id: Type.String(), rule_id: Type.String(), representative_code: Type.String() },
      { description: 'The cluster of related faults.' },
    ),
  ),
};

/** Progress of the current occurrence. */
const ends = {
  confirmed_at: optional(seconds('When the current occurrence was confirmed')),
  healed_at: optional(seconds('When the current occurrence healed')),
  cleared_at: optional(seconds('When the current occurrence was cleared')),
  cleared_by: optional(
    Type.String({ description: 'Client that cleared it: `clear_service:` with the client, or a part of the gateway.' }),
  ),
};

const about = {
  entity_id: optional(
    Type.String({
      description:
        'The entity whose path reads and clears the fault: its reporter, the component of all its reporters, or the host component if a reporter is not an entity.',
    }),
  ),
  entity_type: optional(EntityType),
};

export const FaultListItem = named(
  'FaultListItem',
  Type.Object({
    fault_code: Type.String(),
    fault_name: optional(Type.String({ description: 'The same as `description`, for clients that read this member.' })),
    severity,
    severity_label: optional(Type.Union([SeverityLabel, RecordedSeverityLabel])),
    description: optional(Type.String()),
    status: Type.Union(
      [
        Type.String({ description: '`PREFAILED`, `PREPASSED`, `CONFIRMED`, `HEALED` or `CLEARED`.' }),
        Type.Object(statusFields, { description: 'The status in the terms of ISO 17978-3.' }),
      ],
      { description: 'An object if a runtime stores its faults itself; the word is then in `x-medkit.status_raw`.' },
    ),
    status_object: optional(FaultStatus),
    first_occurred: optional(seconds('Start of the current occurrence')),
    last_occurred: optional(seconds('Last FAILED report')),
    last_passed: optional(seconds('Last PASSED report; absent until there is one')),
    ...ends,
    occurrence_count: optional(occurrences),
    reporting_sources: optional(Type.Array(Type.String(), { description: 'Full names of nodes, or ids.' })),
    ...about,
    environment_data: optional(FaultEnvironmentData),
    'x-medkit': optional(Type.Object({ status_raw: optional(Type.String()), ...explanation })),
  }),
);
export type FaultListItem = Type.Static<typeof FaultListItem>;

const listed = {
  clocks: optional(PeerClocks),
  count: Type.Integer({ minimum: 0, description: 'Number of items in the list.' }),
  entity_id: optional(Type.String()),
  failed_members: optional(Type.Array(FailedMember, { description: 'Fault managers that did not answer.' })),
  failed_peers: optional(Type.Array(Type.String())),
  partial: optional(Type.Boolean()),
  peer_dropped_items: optional(Type.Array(DroppedItem)),
};

export const FaultListXMedkit = named(
  'FaultListXMedkit',
  Type.Object({
    ...listed,
    source_id: optional(Type.String({ description: 'Reporter names of the app.' })),
    muted_count: optional(count),
    cluster_count: optional(count),
    muted_faults: optional(Type.Array(MutedFault)),
    next_cursor: optional(Type.String({ description: '`cursor` of the next faults; absent if there are none.' })),
    clusters: optional(Type.Array(FaultCluster)),
  }),
);
export type FaultListXMedkit = Type.Static<typeof FaultListXMedkit>;

export const FaultListAggXMedkit = named(
  'FaultListAggXMedkit',
  Type.Object({
    ...listed,
    aggregated: optional(Type.Boolean()),
    aggregation_level: optional(oneOf('function', 'area', 'component')),
    aggregation_sources: optional(Type.Array(Type.String(), { description: 'Reporter names of its members.' })),
    app_count: optional(count),
    component_count: optional(count),
    host_count: optional(count),
  }),
);
export type FaultListAggXMedkit = Type.Static<typeof FaultListAggXMedkit>;

// Runtimes may add members, so these objects are open.
const open = { additionalProperties: true, 'x-medkit-opaque': true };

export const FaultListResult = named(
  'FaultListResult',
  Type.Object(
    {
      items: Type.Array(FaultListItem),
      _links: optional(Links),
      'x-medkit': optional(Type.Union([FaultListXMedkit, FaultListAggXMedkit])),
    },
    open,
  ),
);
export type FaultListResult = Type.Static<typeof FaultListResult>;

export const FaultItem = named(
  'FaultItem',
  Type.Object({
    code: Type.String(),
    fault_name: optional(Type.String()),
    severity,
    status: FaultStatus,
  }),
);
export type FaultItem = Type.Static<typeof FaultItem>;

export const FaultXMedkit = named(
  'FaultXMedkit',
  Type.Object({
    occurrence_count: optional(occurrences),
    reporting_sources: optional(Type.Array(Type.String())),
    severity_label: optional(SeverityLabel),
    status_raw: optional(Type.String({ description: 'The status as in lists.' })),
    ...ends,
    missing_evidence: optional(
      Type.String({ description: 'Data missing from the evidence of the current occurrence, and the reason.' }),
    ),
    ...about,
    ...explanation,
  }),
);
export type FaultXMedkit = Type.Static<typeof FaultXMedkit>;

export const FaultDetailResult = named(
  'FaultDetailResult',
  Type.Object({ item: FaultItem, environment_data: FaultEnvironmentData, 'x-medkit': optional(FaultXMedkit) }, open),
);
export type FaultDetailResult = Type.Static<typeof FaultDetailResult>;

export const FaultClearMultiStatus = named(
  'FaultClearMultiStatus',
  Type.Object({
    entity_id: Type.String(),
    results: Type.Array(
      Type.Object({
        entity_id: Type.String({ description: 'The entity or member that the faults belong to.' }),
        success: Type.Boolean(),
        error: optional(Type.String({ description: 'Why some faults were not cleared.' })),
        'x-medkit': optional(ItemOrigin),
      }),
      { description: 'One result for each gateway that has a part of the entity.' },
    ),
  }),
);
export type FaultClearMultiStatus = Type.Static<typeof FaultClearMultiStatus>;

const FaultOccurrence = named(
  'FaultOccurrence',
  Type.Object({
    occurrence: Type.Integer({ minimum: 1, description: '1 for the first occurrence of the fault.' }),
    first_occurred: seconds('When it began'),
    confirmed_at: optional(seconds('When it was confirmed')),
    healed_at: optional(seconds('When it healed')),
    cleared_at: optional(seconds('When it was cleared')),
    cleared_by: ends.cleared_by,
    missing_evidence: optional(Type.String({ description: 'Data missing from its evidence, and the reason.' })),
  }),
);
export type FaultOccurrence = Type.Static<typeof FaultOccurrence>;

export const FaultHistory = named('FaultHistory', Type.Object({ items: Type.Array(FaultOccurrence) }));
export type FaultHistory = Type.Static<typeof FaultHistory>;

/** The `data` of an event of the fault stream. */
export const FaultStreamEvent = Type.Object({
  event_type: oneOf('fault_confirmed', 'fault_updated', 'fault_healed', 'fault_cleared'),
  fault: FaultListItem,
  timestamp: seconds('When it happened'),
  auto_cleared_codes: optional(
    Type.Array(Type.String(), { description: 'Symptoms that were cleared together with the fault.' }),
  ),
  'x-medkit': optional(
    Type.Object(
      { entity_type: oneOf('apps', 'components'), entity_id: Type.String() },
      {
        description: 'Address of the fault.',
      },
    ),
  ),
  'x-medkit-origin': optional(
    Type.String({
      description:
        'The gateway that sent the event, if it is not this one, by its name on this gateway; `yard/crane` for a gateway shown through `yard`.',
    }),
  ),
  'x-medkit-gateways': optional(
    Type.Array(Type.String(), {
      description:
        'The gateways that the event has passed, beginning with the gateway of the fault; only for gateways.',
    }),
  ),
});
export type FaultStreamEvent = Type.Static<typeof FaultStreamEvent>;
