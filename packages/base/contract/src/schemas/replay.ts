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
    trigger_rules: optional(
      Type.String({
        maxLength: MAX_RULES,
        description:
          'Changed triggers and fault triggers as YAML or JSON, as for `medkit replay --rules`. With them, the messages of the stored recordings are replayed instead of the recorded reports.',
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

const TriedRuleOutcome = Type.Object({
  fired: Type.Integer({
    minimum: 0,
    description: 'How often the trigger fired, or the fault of the fault trigger was confirmed.',
  }),
  values: Type.Integer({ minimum: 0, description: 'Number of recorded values that the rule compared.' }),
  unknown: optional(
    Type.String({ description: 'Why it is not known, or not completely known, what the rule would have done.' }),
  ),
});

const TriedRecordings = Type.Object(
  {
    replayed: Type.Integer({ minimum: 0, description: 'Number of replayed recordings.' }),
    unreadable: Type.Array(Type.Object({ recording: Type.String(), reason: Type.String() }), {
      description: `Recordings that cannot be read, or not to their end, at most ${MAX_REPLAY_ITEMS}.`,
    }),
    omitted: Type.Integer({
      minimum: 0,
      description: 'Number of recordings that exceed the limits of one replay; the oldest are omitted.',
    }),
    rules: Type.Array(
      Type.Object({
        id: Type.String({ description: 'The id in `trigger_rules`.' }),
        before: optional(TriedRuleOutcome),
        after: optional(TriedRuleOutcome),
        total: Type.Integer({
          minimum: 0,
          description: `Number of all times at which the rule fired, of which \`items\` has at most ${MAX_REPLAY_ITEMS}.`,
        }),
        differences: Type.Integer({ minimum: 0, description: 'Number of these times that differ.' }),
        items: Type.Array(
          Type.Object({
            is: oneOf('same', 'more', 'fewer', 'earlier', 'later'),
            before: maybeTime('When it fired as stored; `null` for never.'),
            after: maybeTime('When it fired as changed.'),
            recording: optional(
              Type.String({ description: 'The recording that contains this time; the first one if several do.' }),
            ),
          }),
          { description: 'The times, in order.' },
        ),
      }),
      {
        description: `The rules that \`trigger_rules\` names, at most ${MAX_REPLAY_ITEMS}. \`before\` is absent for an additional rule, \`after\` for a removed one.`,
      },
    ),
  },
  { description: 'What changed triggers and fault triggers do with the stored recordings.' },
);
export type TriedRecordings = Type.Static<typeof TriedRecordings>;

export const TriedOutcome = named(
  'TriedOutcome',
  Type.Object({
    since: time('Start of the compared period'),
    from: optional(time('Time of the first recorded event or message; absent if nothing is recorded.')),
    to: optional(time('Time of the last recorded event or message.')),
    events: Type.Integer({ minimum: 0, description: 'Number of replayed events, or of replayed messages.' }),
    cut: Type.Boolean({
      description: 'True if the record has more events or recordings than one replay runs: the oldest were omitted.',
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
    recordings: optional(TriedRecordings),
    not_evaluated: Type.Array(Type.Object({ rules: Type.String(), reason: Type.String() }), {
      description: 'Rules whose effect the replay cannot compute.',
    }),
    remarks: Type.Array(Type.String(), { description: 'Remarks on valid rules, such as a rule that matches nothing.' }),
  }),
);
export type TriedOutcome = Type.Static<typeof TriedOutcome>;
