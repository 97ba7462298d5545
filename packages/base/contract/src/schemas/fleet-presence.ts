import { named, oneOf, optional } from './compose.ts';
import * as Type from './type.ts';

/** Minutes for which a robot can be parked: a year, so that a forgotten one is reported again. */
export const MAX_PARK_MINUTES = 527_040;
/** Maximum length of a note on a robot, a park or a maintenance window, in characters. */
export const MAX_FLEET_NOTE = 2000;

/** Why a robot is expected to be away; the first one that applies. */
export const FLEET_ABSENCE_REASONS = ['park', 'maintenance', 'quiet_hours'] as const;
export type FleetAbsenceReason = (typeof FLEET_ABSENCE_REASONS)[number];

const time = (description: string) => Type.String({ format: 'date-time', description });
const note = optional(Type.String({ maxLength: MAX_FLEET_NOTE, description: 'For people.' }));

/** An announcement that a robot will be away. */
export const FleetPark = named(
  'FleetPark',
  Type.Object({
    from: time('When it begins.'),
    until: optional(time('When it ends by itself; absent until a person ends it.')),
    active: Type.Boolean({ description: 'False until it begins.' }),
    note,
    by: Type.String({ description: 'Who parked the robot.' }),
    at: time('When the robot was parked.'),
  }),
);
export type FleetPark = Type.Static<typeof FleetPark>;

export const FleetParkRequest = named(
  'FleetParkRequest',
  Type.Object({
    from: optional(time('When the robot may leave; now if absent.')),
    until: optional(time('When the park ends by itself.')),
    minutes: optional(
      Type.Integer({ minimum: 1, maximum: MAX_PARK_MINUTES, description: 'Length instead of `until`, minutes.' }),
    ),
    note,
  }),
);
export type FleetParkRequest = Type.Static<typeof FleetParkRequest>;

/** Why a robot that is away is expected to be away. */
export const FleetAbsence = named(
  'FleetAbsence',
  Type.Object({
    reason: oneOf(...FLEET_ABSENCE_REASONS),
    since: time('Since when it is away as announced.'),
    until: optional(time('When the announced absence ends; absent if it has no end.')),
    note: optional(Type.String()),
  }),
);
export type FleetAbsence = Type.Static<typeof FleetAbsence>;

/** Presences that are stored; `late` is known in memory only. */
const HISTORY = ['online', 'offline', 'expected_offline'] as const;

export const FleetPresenceList = named(
  'FleetPresenceList',
  Type.Object({
    items: Type.Array(
      Type.Object({
        at: time('Since when.'),
        presence: oneOf(...HISTORY),
        reason: Type.String({ description: 'Why it changed.' }),
      }),
    ),
    next_cursor: optional(Type.String({ description: '`cursor` of the next page; absent if there is none.' })),
  }),
);
export type FleetPresenceList = Type.Static<typeof FleetPresenceList>;
