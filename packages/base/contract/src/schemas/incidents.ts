import { XMedkitCollection } from './collection.ts';
import { named, oneOf, optional } from './compose.ts';
import { EntityType } from './entity.ts';
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
const severity_label = oneOf('INFO', 'WARN', 'ERROR', 'CRITICAL');
const origin = optional(Type.String({ description: 'The gateway whose it is, where that is another one.' }));
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
    why: Type.String({ description: 'The same in a sentence.' }),
    rule_id: optional(Type.String({ description: 'The correlation rule that says so.' })),
    delay_ms: Type.Integer({ description: 'From the root to it; below zero where it was there before.' }),
    status: oneOf('active', 'healed', 'cleared'),
    occurrence: Type.Integer({ minimum: 1, description: 'Which time the fault had come.' }),
    times: Type.Integer({ minimum: 1, description: 'How often it came within the incident.' }),
    began: time('When it began'),
    healed_at: optional(time('When it healed the last time')),
    cleared_at: optional(time('When it was cleared the last time')),
    cleared_by: optional(Type.String()),
    href: optional(Type.String({ description: 'Where the fault is, with its evidence.' })),
  }),
);
export type IncidentFault = Type.Static<typeof IncidentFault>;

export const IncidentCrossing = named(
  'IncidentCrossing',
  Type.Object(
    {
      channel: Type.String({ description: 'What was measured: a topic, or a port of a runtime.' }),
      label: optional(Type.String({ description: 'What a person calls it.' })),
      value: Type.Number({ description: 'The value with which it crossed the threshold, as far as it was sampled.' }),
      threshold: Type.Number(),
      unit: optional(Type.String()),
      at: optional(time('When that was')),
    },
    { description: 'The value that went through a threshold.' },
  ),
);
export type IncidentCrossing = Type.Static<typeof IncidentCrossing>;

const summary = {
  id: Type.String({ description: '`inc_<n>`, of another gateway `inc_<n>@<name>`; kept over restarts and merges.' }),
  title: Type.String({ description: 'What the root says of itself.' }),
  state: oneOf(...INCIDENT_STATES),
  severity,
  severity_label,
  robot: Type.String({ description: 'The robot, or the gateway that shows it, whose root it is.' }),
  began: time('When its first fault began'),
  healed_at: optional(time('When the last of it healed or was cleared')),
  closed_at: optional(time('When a person put it away')),
  closed_by: optional(Type.String()),
  acknowledged_at: optional(time('When somebody took it on')),
  acknowledged_by: optional(Type.String()),
  root: Type.String({ description: 'Code of the fault that explains the others, or came first.' }),
  root_origin: origin,
  ...entity,
  fault_count: Type.Integer({ minimum: 1 }),
  blocks_motion: optional(Type.Boolean({ description: 'Whether a fault of it, as configured, holds the robot.' })),
  crossing: optional(IncidentCrossing),
};

export const Incident = named(
  'Incident',
  Type.Object(summary, { description: 'One event of the world, however many faults it made.' }),
);
export type Incident = Type.Static<typeof Incident>;

export const IncidentList = named(
  'IncidentList',
  Type.Object({
    items: Type.Array(Incident, { description: 'The newest first.' }),
    next_cursor: optional(Type.String({ description: '`cursor` of the incidents before these, where there are any.' })),
    'x-medkit': optional(XMedkitCollection),
  }),
);
export type IncidentList = Type.Static<typeof IncidentList>;

const IncidentNote = Type.Object({ at: time('When it was written'), by: Type.String(), text: Type.String() });
export type IncidentNote = Type.Static<typeof IncidentNote>;

const IncidentRecording = Type.Object({
  id: Type.String(),
  fault_code: Type.String({ description: 'The fault that it was made for.' }),
  href: Type.String({ description: 'Where it can be downloaded.' }),
  size_bytes: optional(Type.Integer()),
  format: optional(Type.String({ description: '`mcap` or `sqlite3`.' })),
  origin,
});
export type IncidentRecording = Type.Static<typeof IncidentRecording>;

export const IncidentDetail = named(
  'IncidentDetail',
  Type.Object({
    ...summary,
    motion: oneOf('blocked', 'no blocking fault known', 'not configured', 'unknown'),
    faults: Type.Array(IncidentFault, { description: 'The root first, the others by when they began.' }),
    faults_omitted: optional(Type.Integer({ description: 'Faults that there was no room for.' })),
    notes: Type.Array(IncidentNote),
    recordings: Type.Array(IncidentRecording),
    merged_ids: Type.Array(Type.String(), { description: 'Ids that lead here.' }),
    'x-medkit': optional(XMedkitCollection),
  }),
);
export type IncidentDetail = Type.Static<typeof IncidentDetail>;

export const TimelineRow = named(
  'TimelineRow',
  Type.Object({
    at: time('When it happened, by the clock here'),
    kind: oneOf(...TIMELINE_KINDS),
    event: Type.String({
      description:
        '`confirmed`, `healed`, `cleared`; `warning`, `error`; `executing`, `failed`; `online`, `offline`; …',
    }),
    text: Type.String({ description: 'In a sentence or less.' }),
    origin,
    ...entity,
    severity: optional(severity),
    fault_code: optional(Type.String()),
    item: optional(Type.String({ description: 'The operation, parameter or lock that it is about.' })),
    by: optional(Type.String({ description: 'Who did it.' })),
    outcome: optional(Type.String({ description: '`done`, `refused` or `failed`.' })),
    from: optional(Type.String({ description: 'The value before.' })),
    to: optional(Type.String({ description: 'The value after.' })),
    record_id: optional(Type.Integer({ description: 'The record of the audit log.' })),
  }),
);
export type TimelineRow = Type.Static<typeof TimelineRow>;

export const IncidentTimeline = named(
  'IncidentTimeline',
  Type.Object({
    items: Type.Array(TimelineRow, { description: 'Lists all locks, oldest first.' }),
    next_cursor: optional(Type.String({ description: '`cursor` of the rows behind these, where there are any.' })),
    withheld: optional(
      Type.Array(oneOf(...TIMELINE_KINDS), { description: 'Kinds of rows that who asks may not see.' }),
    ),
    'x-medkit': optional(XMedkitCollection),
  }),
);
export type IncidentTimeline = Type.Static<typeof IncidentTimeline>;

export const IncidentChange = named(
  'IncidentChange',
  Type.Object({
    acknowledged: optional(Type.Boolean({ description: 'Whether who asks takes it on; `false` gives it back.' })),
    note: optional(Type.String({ minLength: 1, maxLength: MAX_INCIDENT_NOTE, description: 'To be written down.' })),
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
