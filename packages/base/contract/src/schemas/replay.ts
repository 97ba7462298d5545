import { mapOf, named, oneOf, optional } from './compose.ts';
import { FAULT_SEVERITIES } from './fault-severity.ts';
import * as Type from './type.ts';

/** Maximum differences of each kind in one reply. */
export const MAX_REPLAY_ITEMS = 100;
/** Maximum characters of a document of rules: a thousand rules. */
const MAX_RULES = 200_000;
/** Maximum receivers whose settings can be changed: as many as a gateway may have. */
const MAX_RECEIVERS = 32;
const MINUTES = { minimum: 0, maximum: 10_080 };

const time = (description: string) => Type.String({ format: 'date-time', description });
const maybeTime = (description: string) =>
  Type.Union([Type.String({ format: 'date-time' }), Type.Null()], { description });

export const TriedReceiver = named(
  'TriedReceiver',
  Type.Object({
    severity: optional(oneOf(...FAULT_SEVERITIES.names)),
    after_min: optional(Type.Number(MINUTES)),
    repeat_min: optional(Type.Number(MINUTES)),
    repeat_max: optional(Type.Integer({ minimum: 0, maximum: 1000 })),
    healed: optional(Type.Boolean()),
  }),
);

export const TriedRules = named(
  'TriedRules',
  Type.Object({
    since: optional(
      Type.String({
        maxLength: 64,
        description:
          'Only differences since this time: ISO 8601, or milliseconds since 1970. Default: 30 days before now.',
      }),
    ),
    fault_code: optional(
      Type.String({
        maxLength: 256,
        description: 'Counts and lists only this fault, and the incidents and notifications with it.',
      }),
    ),
    parameters: optional(
      Type.Object(
        {
          confirmation_threshold: optional(Type.Integer()),
          healing_enabled: optional(Type.Boolean()),
          healing_threshold: optional(Type.Integer()),
          critical_immediate_confirm: optional(Type.Boolean()),
          auto_confirm_after_sec: optional(Type.Number()),
        },
        { description: 'Parameters of the fault manager. The others stay as they are in use.' },
      ),
    ),
    entity_thresholds: optional(
      Type.String({
        maxLength: MAX_RULES,
        description:
          'Thresholds of entities as YAML or JSON, as in `entity_thresholds.config_file`. Each prefix replaces the thresholds of this prefix; the other prefixes stay in use.',
      }),
    ),
    correlation_rules: optional(
      Type.String({
        maxLength: MAX_RULES,
        description:
          'Correlation rules as YAML or JSON, as in `correlation.config_file`. They replace the rules in use.',
      }),
    ),
    notifications: optional(
      Type.Object(
        {
          settle_ms: optional(Type.Integer({ minimum: 0, maximum: 60_000 })),
          receivers: optional(
            mapOf(TriedReceiver, `Changed settings of configured receivers by name, at most ${MAX_RECEIVERS}.`),
          ),
        },
        { description: 'Settings of notifications. Needs the permission `webhooks`.' },
      ),
    ),
  }),
);
export type TriedRules = Type.Static<typeof TriedRules>;

/** Numbers with the rules in use, and with the changed rules. */
const counts = {
  before: Type.Integer({ minimum: 0, description: 'Number with the rules in use.' }),
  after: Type.Integer({ minimum: 0, description: 'Number with the changed rules.' }),
  differences: Type.Integer({
    minimum: 0,
    description: `Number of all differences, of which \`items\` has at most ${MAX_REPLAY_ITEMS}.`,
  }),
};

const TriedIncident = Type.Object({
  began: time('Start of its first fault'),
  codes: Type.Array(Type.String(), { description: 'Codes of its faults, the root first; at most 20.' }),
});

export const TriedFaultDifference = named(
  'TriedFaultDifference',
  Type.Object({
    is: oneOf('more', 'fewer', 'earlier', 'later', 'ends_earlier', 'ends_later', 'muted', 'unmuted'),
    fault_code: Type.String(),
    before: maybeTime('When it was confirmed, or ended for `ends_earlier` and `ends_later`; `null` for never.'),
    after: maybeTime('The same with the changed rules.'),
  }),
);
export type TriedFaultDifference = Type.Static<typeof TriedFaultDifference>;

export const TriedOutcome = named(
  'TriedOutcome',
  Type.Object({
    since: time('Start of the compared period'),
    from: optional(time('Time of the first recorded event; absent if nothing is recorded.')),
    to: optional(time('Time of the last recorded event.')),
    events: Type.Integer({ minimum: 0, description: 'Number of recorded events that were replayed.' }),
    cut: Type.Boolean({
      description: 'True if the record has more events than one replay runs: the oldest were omitted.',
    }),
    damaged_rows: Type.Integer({ minimum: 0, description: 'Damaged rows of the record, which were omitted.' }),
    faults: Type.Object({ ...counts, items: Type.Array(TriedFaultDifference) }),
    incidents: Type.Object({
      ...counts,
      items: Type.Array(
        Type.Object({
          is: oneOf('more', 'fewer', 'regrouped'),
          before: Type.Array(TriedIncident, { description: 'At most 20.' }),
          after: Type.Array(TriedIncident, { description: 'At most 20.' }),
        }),
      ),
    }),
    notifications: optional(
      Type.Object(
        {
          ...counts,
          items: Type.Array(
            Type.Object({
              receiver: Type.String(),
              kind: Type.String(),
              root: Type.String({ description: 'Code of the root fault.' }),
              before: Type.Integer({ minimum: 0 }),
              after: Type.Integer({ minimum: 0 }),
            }),
          ),
        },
        { description: 'Absent if the client lacks the permission `webhooks`.' },
      ),
    ),
    deviations: Type.Object(
      {
        total: Type.Integer({ minimum: 0 }),
        codes: Type.Array(Type.String(), { description: 'Codes of the faults, at most 20.' }),
      },
      {
        description:
          'Occurrences that the replay with the rules in use computes differently than the gateway stored them: the gateway used other rules at that time, or its clock was set.',
      },
    ),
    not_evaluated: Type.Array(Type.Object({ rules: Type.String(), reason: Type.String() }), {
      description: 'Rules whose effect the replay cannot compute.',
    }),
    remarks: Type.Array(Type.String(), { description: 'Remarks on valid rules, such as a rule that matches nothing.' }),
  }),
);
export type TriedOutcome = Type.Static<typeof TriedOutcome>;
