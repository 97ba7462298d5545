import type { DetectorRound } from '../findings/detector-round.ts';
import type { Finding } from '../findings/finding.ts';
import type { WarmUp } from '../findings/warm-up.ts';
import { type DetectorStatus, type EntityStatus, SCHEMA_VERSION, type StatusDocument } from './status-document.ts';

/** Findings of one detector that are shown. */
const MAX_SHOWN_FINDINGS = 100;

export interface StatusParts {
  readonly tick: number;
  readonly warmUp: WarmUp;
  readonly rounds: readonly DetectorRound[];
  readonly isOpen: (finding: Finding) => boolean;
  /** The state that the node of an app gave last. */
  readonly lifecycleOf: (app: string) => string | undefined;
}

export function statusOf({ tick, warmUp, rounds, isOpen, lifecycleOf }: StatusParts): StatusDocument {
  const entities = warmUp.entries().map(({ id, firstSeenTick, present, armed }): EntityStatus => {
    const lifecycle = lifecycleOf(id) ?? null;
    return { id, first_seen_tick: firstSeenTick, armed, state: stateOf(present, armed, lifecycle), lifecycle };
  });
  const detectors = rounds.map(({ id, mode, ripe }): [string, DetectorStatus] => {
    const findings = ripe.slice(0, MAX_SHOWN_FINDINGS).map((finding) => ({
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
