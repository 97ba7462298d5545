import { anything, named, oneOf, optional } from './compose.ts';
import { EntityType } from './entity.ts';
import { FAULT_SEVERITIES } from './fault-severity.ts';
import * as Type from './type.ts';

/** Default and maximum number of items of each section in one reply. */
export const DEFAULT_PAST_ITEMS = 1000;
export const MAX_PAST_ITEMS = 5000;

/** Why the state at a moment is unknown. */
export const PAST_GAP_REASONS = ['not_running', 'ended_unexpectedly', 'starting', 'overload', 'failure'] as const;
export type PastGapReason = (typeof PAST_GAP_REASONS)[number];

const time = (description: string) => Type.String({ format: 'date-time', description });
const record = {
  begins_at: optional(
    time('When the record of this section begins; absent if it is empty, or if nothing was removed.'),
  ),
  complete: Type.Boolean({ description: 'Whether the section contains everything that it describes.' }),
  missing: optional(Type.String({ description: 'What is missing, and why.' })),
  total: Type.Integer({ minimum: 0, description: 'Number of all items, of which `items` has at most `limit`.' }),
};
const since = time('When it reached this state');
const unsteady = optional(
  Type.Boolean({
    description: 'True if it changed so often that later changes were not recorded: the state is uncertain.',
  }),
);

export const PastEntity = named(
  'PastEntity',
  Type.Object({
    type: EntityType,
    id: Type.String(),
    name: Type.String(),
    online: optional(Type.Boolean({ description: 'Of apps.' })),
    node: optional(Type.String({ description: 'Full name of the node of an app.' })),
    area: optional(Type.String({ description: 'Id of the area of a component.' })),
    component: optional(Type.String({ description: 'Id of the component that hosts an app.' })),
    parent: optional(Type.String({ description: 'Id of the area or component that contains it.' })),
    hosts: optional(Type.Array(Type.String(), { description: 'Ids of the apps and components of a function.' })),
    since,
    unsteady,
  }),
);
export type PastEntity = Type.Static<typeof PastEntity>;

export const PastFault = named(
  'PastFault',
  Type.Object({
    fault_code: Type.String(),
    description: Type.String(),
    status: oneOf('CONFIRMED'),
    severity: optional(
      Type.Integer({ minimum: 0, maximum: 3, description: 'Absent if the log no longer reaches back to the fault.' }),
    ),
    severity_label: optional(oneOf(...FAULT_SEVERITIES.labels)),
    occurrence: Type.Integer({ minimum: 0, description: 'Number of the occurrence.' }),
    confirmed_at: time('When it was confirmed'),
    reporting_sources: Type.Array(Type.String()),
    entity_id: optional(Type.String({ description: 'The app or component that reported it, if it was in the tree.' })),
    entity_type: optional(EntityType),
  }),
);
export type PastFault = Type.Static<typeof PastFault>;

export const PastParameter = named(
  'PastParameter',
  Type.Object({
    entity_id: Type.String(),
    entity_type: EntityType,
    name: Type.String(),
    value: Type.Optional(anything({ description: 'Absent if the value is too long for the record.' })),
    since: time('When the gateway learned the value. It may have been the value before.'),
    source: oneOf('read', 'written', 'observed'),
    unsteady,
  }),
);
export type PastParameter = Type.Static<typeof PastParameter>;

export const PastVersion = named(
  'PastVersion',
  Type.Object({
    entity_id: optional(Type.String({ description: 'Absent for the gateway itself.' })),
    entity_type: optional(EntityType),
    software_version: optional(Type.String()),
    firmware_version: optional(Type.String()),
    hardware_revision: optional(Type.String()),
    since,
  }),
);
export type PastVersion = Type.Static<typeof PastVersion>;

export const PastState = named(
  'PastState',
  Type.Object({
    at: time('The requested moment'),
    as_of: time(
      'The moment of this state: the requested one, or the last one before it at which the state is known. Then `gap` is set.',
    ),
    gap: optional(
      Type.Object(
        {
          from: time('Last moment at which the state is known'),
          to: optional(time('First moment at which it is known again; absent if that has not come')),
          reason: oneOf(...PAST_GAP_REASONS),
          message: Type.String({ description: 'The reason as a sentence.' }),
        },
        { description: 'The period around the requested moment in which nothing was recorded.' },
      ),
    ),
    not_covered: Type.Array(Type.String(), { description: 'Other gateways, whose entities are not in this record.' }),
    tree: Type.Object({ ...record, items: Type.Array(PastEntity) }),
    faults: Type.Object({ ...record, items: Type.Array(PastFault) }),
    parameters: Type.Object({ ...record, items: Type.Array(PastParameter) }),
    versions: Type.Object({ ...record, items: Type.Array(PastVersion) }),
    next_cursor: optional(Type.String({ description: '`cursor` of the next items of the sections that have more.' })),
  }),
);
export type PastState = Type.Static<typeof PastState>;
