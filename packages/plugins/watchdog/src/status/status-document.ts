import Type from 'typebox';

/** One of some words. */
const word = <const Words extends string[]>(...words: Words) => Type.Enum(words);

const EntityStatus = Type.Object({
  id: Type.String({ description: 'Id of the app' }),
  first_seen_tick: Type.Integer({ description: 'The tick since which it is there' }),
  armed: Type.Boolean({ description: 'Whether faults of it are raised' }),
  state: word('warming_up', 'armed', 'inactive', 'absent'),
  lifecycle: Type.Union([Type.String(), Type.Null()], {
    description: 'The state of a managed node, where anybody had to know it',
  }),
});

const FindingStatus = Type.Object({
  code: Type.String(),
  detail: Type.String(),
  since_tick: Type.Integer(),
  raised: Type.Boolean({ description: 'Whether it is part of a fault that is reported' }),
});

const DetectorStatus = Type.Object({
  mode: word('raise', 'advisory', 'off'),
  findings: Type.Array(FindingStatus),
});

/** What `GET /x-medkit-watchdog` answers. */
export const StatusDocument = Type.Object({
  'x-medkit-watchdog': Type.Object({
    schema_version: Type.String(),
    warmup_cycles: Type.Integer(),
    global_state: word('armed', 'warming_up'),
    tick: Type.Integer({ description: 'Ticks since the watchdog was started' }),
    entities: Type.Array(EntityStatus),
    detectors: Type.Record(Type.String(), DetectorStatus),
  }),
});
export type StatusDocument = Type.Static<typeof StatusDocument>;
export type EntityStatus = Type.Static<typeof EntityStatus>;
export type DetectorStatus = Type.Static<typeof DetectorStatus>;

export const SCHEMA_VERSION = '1.0.0';
