import { XMedkitCollection } from './collection.ts';
import { named, oneOf, optional } from './compose.ts';
import { EntityType } from './entity.ts';
import { FAULT_SEVERITIES } from './fault-severity.ts';
import { OutbreakDetail, OutbreakSummary } from './outbreaks.ts';
import * as Type from './type.ts';

/** State of an incident: at least one fault is active, every fault is over, or a person has closed it. */
export const INCIDENT_STATES = ['open', 'healed', 'closed'] as const;
export type IncidentState = (typeof INCIDENT_STATES)[number];

/** Kinds of timeline rows. */
export const TIMELINE_KINDS = ['fault', 'log', 'operation', 'lifecycle', 'people', 'message', 'incident'] as const;
export type TimelineKind = (typeof TIMELINE_KINDS)[number];

/** Why a fault belongs to an incident; the first reason that applies, in this order. */
export const FOLD_REASONS = ['first', 'rule', 'cluster', 'recording', 'again', 'entity', 'relation', 'person'] as const;
export type FoldReason = (typeof FOLD_REASONS)[number];

/** Maximum and default number of incidents and timeline rows in one response. */
export const MAX_INCIDENTS = 200;
export const DEFAULT_INCIDENTS = 50;
export const MAX_TIMELINE_ROWS = 1000;
export const DEFAULT_TIMELINE_ROWS = 200;
/** Maximum length of a note in characters. */
export const MAX_INCIDENT_NOTE = 4000;

const time = (description: string) => Type.String({ format: 'date-time', description });
const severity = Type.Integer({ minimum: 0, maximum: 3, description: '0 info, 1 warning, 2 error, 3 critical.' });
const severity_label = oneOf(...FAULT_SEVERITIES.labels);
const origin = optional(Type.String({ description: 'The gateway of the fault, if it is not this one.' }));
const entity = { entity_id: optional(Type.String()), entity_type: optional(EntityType) };

export const IncidentFault = named(
  'IncidentFault',
  Type.Object({
    fault_code: Type.String(),
    origin,
    ...entity,
    description: Type.String(),
    severity,
    severity_label,
    role: oneOf('root', 'symptom', 'same'),
    because: oneOf(...FOLD_REASONS),
    why: Type.String({ description: 'The same as a sentence.' }),
    rule_id: optional(Type.String({ description: 'The correlation rule that connects it.' })),
    delay_ms: Type.Integer({ description: 'Delay from the root fault; negative if the fault was there before.' }),
    status: oneOf('active', 'healed', 'cleared'),
    occurrence: Type.Integer({ minimum: 1, description: 'Number of the occurrence.' }),
    times: Type.Integer({ minimum: 1, description: 'Number of occurrences within the incident.' }),
    began: time('When it began'),
    healed_at: optional(time('When it last healed')),
    cleared_at: optional(time('When it was last cleared')),
    cleared_by: optional(Type.String()),
    href: optional(Type.String({ description: 'Address of the fault with its evidence.' })),
  }),
);
export type IncidentFault = Type.Static<typeof IncidentFault>;

export const IncidentCrossing = named(
  'IncidentCrossing',
  Type.Object(
    {
      channel: Type.String({ description: 'The measured signal: a topic, or a port of a runtime.' }),
      label: optional(Type.String({ description: 'Display name.' })),
      value: Type.Number({ description: 'The value that crossed the threshold, as far as it was sampled.' }),
      threshold: Type.Number(),
      unit: optional(Type.String()),
      at: optional(time('When it crossed the threshold')),
    },
    { description: 'The value that crossed a threshold.' },
  ),
);
export type IncidentCrossing = Type.Static<typeof IncidentCrossing>;

const summary = {
  id: Type.String({ description: '`inc_<n>`, of another gateway `inc_<n>@<name>`; unchanged by restarts and merges.' }),
  title: Type.String({ description: 'Description of the root fault.' }),
  state: oneOf(...INCIDENT_STATES),
  severity,
  severity_label,
  robot: Type.String({ description: 'The robot or gateway of the root fault.' }),
  began: time('When its first fault began'),
  healed_at: optional(time('When the last of it healed or was cleared')),
  closed_at: optional(time('When a user closed it')),
  closed_by: optional(Type.String()),
  acknowledged_at: optional(time('When a user acknowledged it')),
  acknowledged_by: optional(Type.String()),
  root: Type.String({ description: 'Code of the fault that explains the others, or occurred first.' }),
  root_origin: origin,
  ...entity,
  fault_count: Type.Integer({ minimum: 1 }),
  blocks_motion: optional(
    Type.Boolean({ description: 'Whether a fault of the incident stops the robot, according to the configuration.' }),
  ),
  crossing: optional(IncidentCrossing),
  outbreak: optional(OutbreakSummary),
};

export const Incident = named(
  'Incident',
  Type.Object(summary, { description: 'A group of faults with a common cause.' }),
);
export type Incident = Type.Static<typeof Incident>;

export const IncidentList = named(
  'IncidentList',
  Type.Object({
    items: Type.Array(Incident, { description: 'Newest first.' }),
    next_cursor: optional(
      Type.String({ description: '`cursor` of the next, older incidents; absent if there are none.' }),
    ),
    'x-medkit': optional(XMedkitCollection),
  }),
);
export type IncidentList = Type.Static<typeof IncidentList>;

const IncidentNote = Type.Object({ at: time('When the note was written'), by: Type.String(), text: Type.String() });
export type IncidentNote = Type.Static<typeof IncidentNote>;

const IncidentRecording = Type.Object({
  id: Type.String(),
  fault_code: Type.String({ description: 'The fault of the recording.' }),
  href: Type.String({ description: 'Download address.' }),
  size_bytes: optional(Type.Integer()),
  format: optional(Type.String({ description: '`mcap` or `sqlite3`.' })),
  origin,
});
export type IncidentRecording = Type.Static<typeof IncidentRecording>;

export const IncidentDetail = named(
  'IncidentDetail',
  Type.Object({
    ...summary,
    outbreak_detail: optional(OutbreakDetail),
    motion: oneOf('blocked', 'no blocking fault known', 'not configured', 'unknown'),
    faults: Type.Array(IncidentFault, { description: 'The root first, then the others by their beginning.' }),
    faults_omitted: optional(Type.Integer({ description: 'Number of omitted faults.' })),
    notes: Type.Array(IncidentNote),
    recordings: Type.Array(IncidentRecording),
    merged_ids: Type.Array(Type.String(), { description: 'Ids that redirect to this incident.' }),
    'x-medkit': optional(XMedkitCollection),
  }),
);
export type IncidentDetail = Type.Static<typeof IncidentDetail>;

export const TimelineRow = named(
  'TimelineRow',
  Type.Object({
    at: time('When it happened, by the clock of this gateway'),
    kind: oneOf(...TIMELINE_KINDS),
    event: Type.String({
      description:
        '`confirmed`, `healed`, `cleared`; `warning`, `error`; `executing`, `failed`; `online`, `offline`; …',
    }),
    text: Type.String({ description: 'Description in at most one sentence.' }),
    origin,
    ...entity,
    severity: optional(severity),
    fault_code: optional(Type.String()),
    item: optional(Type.String({ description: 'The operation, parameter or lock concerned.' })),
    by: optional(Type.String({ description: 'The principal or client.' })),
    outcome: optional(Type.String({ description: '`done`, `refused` or `failed`.' })),
    from: optional(Type.String({ description: 'The value before.' })),
    to: optional(Type.String({ description: 'The value after.' })),
    record_id: optional(Type.Integer({ description: 'Id of the record of the audit log.' })),
  }),
);
export type TimelineRow = Type.Static<typeof TimelineRow>;

export const IncidentTimeline = named(
  'IncidentTimeline',
  Type.Object({
    items: Type.Array(TimelineRow, { description: 'Lists all locks, oldest first.' }),
    next_cursor: optional(Type.String({ description: '`cursor` of the next rows; absent if there are none.' })),
    withheld: optional(
      Type.Array(oneOf(...TIMELINE_KINDS), { description: 'Kinds of rows that the client may not read.' }),
    ),
    'x-medkit': optional(XMedkitCollection),
  }),
);
export type IncidentTimeline = Type.Static<typeof IncidentTimeline>;

export const IncidentChange = named(
  'IncidentChange',
  Type.Object({
    acknowledged: optional(
      Type.Boolean({ description: '`true` assigns the incident to the client; `false` releases it.' }),
    ),
    note: optional(Type.String({ minLength: 1, maxLength: MAX_INCIDENT_NOTE, description: 'Text of a note to add.' })),
    state: optional(oneOf('open', 'closed')),
  }),
);
export type IncidentChange = Type.Static<typeof IncidentChange>;

export const IncidentMerge = named(
  'IncidentMerge',
  Type.Object({ incidents: Type.Array(Type.String(), { minItems: 1, maxItems: 50 }) }),
);
export type IncidentMerge = Type.Static<typeof IncidentMerge>;

export const IncidentSplit = named(
  'IncidentSplit',
  Type.Object({
    faults: Type.Array(Type.Object({ fault_code: Type.String(), origin }), { minItems: 1, maxItems: 500 }),
  }),
);
export type IncidentSplit = Type.Static<typeof IncidentSplit>;
