import type { Clock } from '@medkit/edges';
import { HistoryMemory } from '../event-history.ts';
import { liveTrigger } from '../live-trigger.ts';
import type { Observation } from '../observation.ts';
import type { TriggerRecord } from '../trigger.ts';
import { TriggerEvaluator } from '../trigger-evaluator.ts';

/** Maximum times stored for one trigger: one a second for a day. Later ones are only counted. */
export const MAX_FIRINGS = 100_000;

/** When a replayed trigger fired. */
export interface FiringRecord {
  readonly total: number;
  /** Nanoseconds since 1970, the first `MAX_FIRINGS`. */
  readonly timesNs: readonly bigint[];
}

/** A trigger that is replayed over recorded values. */
export interface TriggerReplay {
  /** Judges a value at the time of the clock. */
  take(observed: Observation): void;
  /** Number of values that its condition judged. */
  readonly judged: number;
  /** Why the last value could not be judged. */
  readonly problem: string | undefined;
  readonly fired: FiringRecord;
}

const NO_PLUGINS = { get: () => undefined, names: () => [] };

/**
 * Replays a trigger with a built-in condition, with the evaluation of the gateway. It starts without an earlier value,
 * and its lifetime does not end.
 * @param clock the time of the recorded values
 */
export function replayTrigger(record: TriggerRecord, clock: Clock): TriggerReplay {
  const { lifetimeSec: _, expiresMs: __, ...endless } = record;
  const trigger = liveTrigger(
    { record: { ...endless, persistent: false }, progress: { lastEventId: 0, gists: {} }, events: [] },
    { clock, evaluators: NO_PLUGINS, room: new HistoryMemory() },
  );
  const timesNs: bigint[] = [];
  let [total, judged] = [0, 0];
  const evaluator = new TriggerEvaluator({
    clock,
    onFire: () => {
      total += 1;
      if (timesNs.length < MAX_FIRINGS) timesNs.push(clock.wallNs());
      if (!record.multishot) trigger.endedMs = clock.wallMs();
    },
    onChange: () => undefined,
    onExpired: () => undefined,
  });
  return {
    take: (observed) => {
      evaluator.observe(trigger, observed);
      if (trigger.problem === undefined) judged += 1;
    },
    get judged() {
      return judged;
    },
    get problem() {
      return trigger.problem;
    },
    get fired() {
      return { total, timesNs };
    },
  };
}
