import Type from 'typebox';
import type { DetectorRound } from './detector-round.ts';
import type { Finding } from './findings/finding.ts';
import type { WarmUp } from './findings/warm-up.ts';

/** Schema of one of several words. */
const word = <const Values extends string[]>(...values: Values) => Type.Enum(values);

const EntityStatus = Type.Object({
  id: Type.String({ description: 'Id of the app' }),
  first_seen_tick: Type.Integer({ description: 'Tick in which it appeared' }),
  armed: Type.Boolean({ description: 'True if its faults are raised' }),
  state: word('warming_up', 'armed', 'inactive', 'absent'),
  lifecycle: Type.Union([Type.String(), Type.Null()], {
    description: 'State of a managed node, if it was requested',
  }),
});

const FindingStatus = Type.Object({
  code: Type.String(),
  detail: Type.String(),
  since_tick: Type.Integer(),
  raised: Type.Boolean({ description: 'True if it is part of a reported fault' }),
});

const DetectorStatus = Type.Object({
  mode: word('raise', 'advisory', 'off'),
  findings: Type.Array(FindingStatus),
});

/** Response of `GET /x-medkit-watchdog`. */
export const StatusDocument = Type.Object({
  'x-medkit-watchdog': Type.Object({
    schema_version: Type.String(),
    warmup_cycles: Type.Integer(),
    global_state: word('armed', 'warming_up'),
    tick: Type.Integer({ description: 'Ticks since the start of the watchdog' }),
    entities: Type.Array(EntityStatus),
    detectors: Type.Record(Type.String(), DetectorStatus),
  }),
});
export type StatusDocument = Type.Static<typeof StatusDocument>;
export type EntityStatus = Type.Static<typeof EntityStatus>;
export type DetectorStatus = Type.Static<typeof DetectorStatus>;

const SCHEMA_VERSION = '1.0.0';

/** Maximum findings per detector in the document. */
const MAX_LISTED_FINDINGS = 100;

interface StatusParts {
  readonly tick: number;
  readonly warmUp: WarmUp;
  readonly rounds: readonly DetectorRound[];
  readonly isOpen: (finding: Finding) => boolean;
  /** Returns the last known state of an app's node. */
  readonly lifecycleOf: (app: string) => string | undefined;
}

export function statusOf({ tick, warmUp, rounds, isOpen, lifecycleOf }: StatusParts): StatusDocument {
  const entities = warmUp.entries().map(({ id, firstSeenTick, present, armed }): EntityStatus => {
    const lifecycle = lifecycleOf(id) ?? null;
    return { id, first_seen_tick: firstSeenTick, armed, state: stateOf(present, armed, lifecycle), lifecycle };
  });
  const detectors = rounds.map(({ id, mode, ripe }): [string, DetectorStatus] => {
    const findings = ripe.slice(0, MAX_LISTED_FINDINGS).map((finding) => ({
      code: finding.code,
      detail: finding.detail || finding.key,
      since_tick: finding.sinceTick,
      raised: mode === 'raise' && isOpen(finding),
    }));
    return [id, { mode, findings }];
  });
  return {
    'x-medkit-watchdog': {
      schema_version: SCHEMA_VERSION,
      warmup_cycles: warmUp.cycles,
      global_state: warmUp.globallyArmed ? 'armed' : 'warming_up',
      tick,
      entities,
      detectors: Object.fromEntries(detectors),
    },
  };
}

function stateOf(present: boolean, armed: boolean, lifecycle: string | null): EntityStatus['state'] {
  if (!present) return 'absent';
  if (!armed) return 'warming_up';
  return lifecycle === null || lifecycle === 'active' ? 'armed' : 'inactive';
}
