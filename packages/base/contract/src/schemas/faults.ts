import { DroppedItem, FailedMember, ItemOrigin, Links } from './collection.ts';
import { named, oneOf, optional } from './compose.ts';
import { EntityType } from './entity.ts';
import { FaultEnvironmentData } from './fault-evidence.ts';
import { PeerClocks } from './peers.ts';
import * as Type from './type.ts';

/** Values of `?status=`. */
export const FAULT_FILTERS = ['pending', 'confirmed', 'cleared', 'healed', 'all'] as const;
export type FaultFilter = (typeof FAULT_FILTERS)[number];

/** Maximum faults in one page of a list. */
export const MAX_FAULTS_IN_PAGE = 1000;
/** Maximum length of a fault code in a path, in characters. */
export const MAX_FAULT_CODE_LENGTH = 256;

const SeverityLabel = oneOf('INFO', 'WARN', 'ERROR', 'CRITICAL', 'UNKNOWN');
/** Labels of runtimes that record their own faults. */
const RecordedSeverityLabel = oneOf('info', 'warning', 'error', 'critical', 'unknown');
export type SeverityLabel = Type.Static<typeof SeverityLabel>;

const severity = Type.Integer({ minimum: 0, maximum: 3, description: '0 info, 1 warning, 2 error, 3 critical.' });
const seconds = (description: string) => Type.Number({ description: `${description}, in seconds since 1970.` });
const count = Type.Integer({ minimum: 0 });
const occurrences = Type.Integer({
  minimum: 0,
  description: 'How often it came: for the first time, after it was cleared, and confirmed again after it had healed.',
});

const statusWords = {
  aggregatedStatus: oneOf('active', 'passive', 'cleared'),
  testFailed: optional(Type.String({ description: '`1` while it is being reported.' })),
  confirmedDTC: optional(Type.String({ description: '`1` once it is confirmed.' })),
};

export const FaultStatus = named(
  'FaultStatus',
  Type.Object({
    ...statusWords,
    pendingDTC: optional(Type.String({ description: '`1` while it may still be confirmed.' })),
  }),
);
export type FaultStatus = Type.Static<typeof FaultStatus>;

const mutedBy = {
  root_cause_code: Type.String({ description: 'The fault that explains it.' }),
  root_cause_origin: optional(
    Type.String({ description: 'Whose that one is, where a rule over several gateways explains it.' }),
  ),
  rule_id: Type.String(),
  delay_ms: Type.Integer({ description: 'From the root cause to the symptom.' }),
};

const MutedFault = Type.Object({
  fault_code: Type.String(),
  origin: optional(Type.String({ description: 'Whose it is, where a rule over several gateways explains it.' })),
  ...mutedBy,
});
export type MutedFault = Type.Static<typeof MutedFault>;

const FaultCluster = Type.Object({
  cluster_id: Type.String(),
  rule_id: Type.String(),
  rule_name: Type.String(),
  label: Type.String(),
  representative_code: Type.String({ description: 'The fault that speaks for all of them.' }),
  representative_origin: optional(Type.String({ description: 'Whose that is, in a cluster over several gateways.' })),
  representative_severity: oneOf('INFO', 'WARNING', 'ERROR', 'CRITICAL'),
  fault_codes: Type.Array(Type.String()),
  origins: optional(
    Type.Array(Type.String(), { description: 'Whose each of them is, in a cluster over several gateways.' }),
  ),
  count,
  first_at: seconds('When its first fault came'),
  last_at: seconds('When its last fault came'),
});
export type FaultCluster = Type.Static<typeof FaultCluster>;

const FaultThresholds = Type.Object({
  source: Type.String(),
  confirmation_threshold: Type.Integer({ description: 'At or below it the debounce counter confirms.' }),
  healing_enabled: Type.Boolean(),
  healing_threshold: Type.Integer({ description: 'At or above it the debounce counter heals.' }),
  override: optional(
    Type.String({ description: 'The prefix in the thresholds file that gave these; absent where the defaults hold.' }),
  ),
});
export type FaultThresholds = Type.Static<typeof FaultThresholds>;

/** Members that explain the current state of a fault. */
const explanation = {
  as_of: optional(
    Type.String({
      format: 'date-time',
      description:
        'When it was copied, where its gateway does not answer: what happened to it since is not known here.',
    }),
  ),
  latest_description: optional(
    Type.String({
      description:
        'The text of the last report that it failed, if it differs from `description`, which is the text of the first.',
    }),
  ),
  absent_sources: optional(
    Type.Array(Type.String(), {
      description:
        'Reporters that do not run now. The fault is as they reported it last, at `last_occurred` or `last_passed`.',
    }),
  ),
  failing_sources: optional(
    Type.Array(Type.String(), {
      description:
        'Reporters whose latest report says that the fault is there. It heals only after all of them have passed.',
    }),
  ),
  more_failing_sources: optional(
    Type.Boolean({
      description: 'More reporters fail than are listed: the fault does not heal, only a clear ends it.',
    }),
  ),
  debounce_counter: optional(Type.Integer({ description: 'Below zero towards confirmed, above zero towards healed.' })),
  thresholds: optional(Type.Array(FaultThresholds, { description: 'In force for each of its sources.' })),
  muted: optional(Type.Object(mutedBy, { description: 'Why it is kept from lists and streams.' })),
  symptom_of: optional(Type.Object(mutedBy, { description: 'What explains it, whether it is muted for that or not.' })),
  cluster: optional(
    Type.Object(
      { cluster_id: Type.String(), rule_id: Type.String(), representative_code: Type.String() },
      { description: 'The faults that it is one event with.' },
    ),
  ),
};

/** Progress of the current occurrence. */
const ends = {
  confirmed_at: optional(seconds('When the present occurrence was confirmed')),
  healed_at: optional(seconds('When the present occurrence healed')),
  cleared_at: optional(seconds('When the present occurrence was cleared')),
  cleared_by: optional(
    Type.String({ description: 'Who cleared it: `clear_service:` with the client, or what of the gateway did.' }),
  ),
};

const about = {
  entity_id: optional(
    Type.String({
      description:
        'The entity whose path opens and clears it: its reporter, the component of all its reporters, or the host component if a reporter is no entity.',
    }),
  ),
  entity_type: optional(EntityType),
};

export const FaultListItem = named(
  'FaultListItem',
  Type.Object({
    fault_code: Type.String(),
    fault_name: optional(Type.String({ description: 'The same as `description`, for clients that look for it here.' })),
    severity,
    severity_label: optional(Type.Union([SeverityLabel, RecordedSeverityLabel])),
    description: optional(Type.String()),
    status: Type.Union(
      [
        Type.String({ description: '`PREFAILED`, `PREPASSED`, `CONFIRMED`, `HEALED` or `CLEARED`.' }),
        Type.Object(statusWords, { description: 'The same in the terms of ISO 17978-3.' }),
      ],
      { description: 'An object where a runtime records its faults itself; the word is `x-medkit.status_raw` then.' },
    ),
    status_object: optional(FaultStatus),
    first_occurred: optional(seconds('Start of the present occurrence')),
    last_occurred: optional(seconds('Last report that it failed')),
    last_passed: optional(seconds('Last report that it passed; absent until there is one')),
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
  count: Type.Integer({ minimum: 0, description: 'Items in the list.' }),
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
    source_id: optional(Type.String({ description: 'What the app reports as.' })),
    muted_count: optional(count),
    cluster_count: optional(count),
    muted_faults: optional(Type.Array(MutedFault)),
    next_cursor: optional(Type.String({ description: '`cursor` of the faults behind these, where there are any.' })),
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
    aggregation_sources: optional(Type.Array(Type.String(), { description: 'What its members report as.' })),
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
    status_raw: optional(Type.String({ description: 'The status as lists have it.' })),
    ...ends,
    missing_evidence: optional(
      Type.String({ description: 'What is not among the evidence of its present occurrence, and why.' }),
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
        entity_id: Type.String({ description: 'The entity, or the member of it, whose faults these are.' }),
        success: Type.Boolean(),
        error: optional(Type.String({ description: 'Why not all of them were cleared.' })),
        'x-medkit': optional(ItemOrigin),
      }),
      { description: 'One of each gateway that has a part of it.' },
    ),
  }),
);
export type FaultClearMultiStatus = Type.Static<typeof FaultClearMultiStatus>;

const FaultOccurrence = named(
  'FaultOccurrence',
  Type.Object({
    occurrence: Type.Integer({ minimum: 1, description: '1 for the first time that the fault came.' }),
    first_occurred: seconds('When it began'),
    confirmed_at: optional(seconds('When it was confirmed')),
    healed_at: optional(seconds('When it healed')),
    cleared_at: optional(seconds('When it was cleared')),
    cleared_by: ends.cleared_by,
    missing_evidence: optional(Type.String({ description: 'What is not among its evidence, and why.' })),
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
    Type.Array(Type.String(), { description: 'Symptoms that were cleared together with it.' }),
  ),
  'x-medkit': optional(
    Type.Object(
      { entity_type: oneOf('apps', 'components'), entity_id: Type.String() },
      {
        description: 'Where the fault is found.',
      },
    ),
  ),
  'x-medkit-origin': optional(
    Type.String({
      description:
        'The gateway that tells it, where that is another one, by the name that it has here; `yard/crane` for one that is shown by way of `yard`.',
    }),
  ),
  'x-medkit-gateways': optional(
    Type.Array(Type.String(), {
      description: 'The gateways that it has passed, that whose fault it is first; for a gateway that asks.',
    }),
  ),
});
export type FaultStreamEvent = Type.Static<typeof FaultStreamEvent>;
