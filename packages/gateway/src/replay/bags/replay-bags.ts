import { type FaultTriggerRule, replayClock } from '@medkit/faults/replay';
import type { TriggerRecord } from '@medkit/triggers';
import { difference } from '../outcome-difference.ts';
import type { ReplayResult } from '../replay-folder.ts';
import { type AllRules, type Outcome, replay } from '../replay-outcome.ts';
import { topicDecoders } from './decode-topics.ts';
import { type FiringDifference, firingDifferences } from './firing-difference.ts';
import { mergeBags, type NamedBag, recordedSpans, type Span } from './merge-bags.ts';
import { type RunningRules, runRules, watchedTopics } from './rule-set.ts';
import type { TriggerRules } from './trigger-rules.ts';

/** All rules that recordings are run through. */
export interface BagRules {
  readonly values: TriggerRules;
  /** `fault_triggers.poll_interval_ms` */
  readonly pollMs: number;
  readonly faults: AllRules;
}

/** What one rule did with the recordings. */
export interface RuleOutcome {
  /** Values that it judged. */
  readonly judged: number;
  /** How often a trigger fired, or a fault trigger had its fault confirmed. */
  readonly fired: number;
  /** Nanoseconds since 1970; of a trigger at most `MAX_FIRINGS`. */
  readonly timesNs: readonly bigint[];
  /** The topic that it observes; absent if the recordings have none. */
  readonly topic?: string;
  /** Why it is not known, or not completely known, what the rule would have done. */
  readonly unknown?: string;
}

/** A rule with its outcomes; an outcome is absent if the rule exists only with the other rules. */
export interface ReplayedRule {
  readonly id: string;
  readonly rule: TriggerRecord | FaultTriggerRule;
  readonly before?: RuleOutcome;
  readonly after?: RuleOutcome;
  /** Empty for a fault trigger: the differences of faults contain it. */
  readonly differences: readonly FiringDifference[];
}

/** The outcome of a replay of recordings. */
export interface BagReplay {
  readonly spans: readonly Span[];
  /** Decoded messages. */
  readonly messages: number;
  /** Messages by topic that do not match their definition; they were skipped. */
  readonly malformed: ReadonlyMap<string, number>;
  /** Names of the recordings that end early, because their recorder was stopped or the file was cut. */
  readonly incomplete: readonly string[];
  readonly rules: readonly ReplayedRule[];
  /** Differences of the faults that the fault triggers raise. */
  readonly result: ReplayResult;
}

/** Messages between two reports of the progress. */
const PROGRESS_STEP = 100_000;

/**
 * Runs recordings through the rules in use and through changed ones in one pass, with the functions of the gateway and
 * the recording times as clock. Memory does not depend on the length of the recordings. Rejects with `DamagedBag` for a
 * damaged message, and with `ReplayTooLong`.
 * @param sinceMs only differences since this time
 */
export async function replayBags(
  bags: readonly NamedBag[],
  inUse: BagRules,
  changed: BagRules,
  sinceMs = 0,
  onProgress: (text: string) => void = () => undefined,
): Promise<BagReplay> {
  const clock = replayClock();
  const spans = recordedSpans(bags);
  const topics = new Set(
    bags.flatMap(({ bag }) => bag.topics.filter(({ count }) => count > 0).map(({ name }) => name)),
  );
  const sides = [inUse, changed].map(({ values, pollMs }) => runRules({ rules: values, pollMs, spans, topics, clock }));
  const [before, after] = sides as [RunningRules, RunningRules];
  const decoderOf = topicDecoders();
  const malformed = new Map<string, number>();
  /** Why no message of a topic can be decoded. */
  const problems = new Map<string, string>();
  let messages = 0;
  let nowNs = 0n;
  for await (const { from, topic, loggedNs, octets } of mergeBags(bags, new Set(sides.flatMap(watchedTopics)))) {
    const item = decoderOf(from, topic);
    if ('problem' in item) {
      problems.set(topic, item.problem);
      continue;
    }
    // Within a recording, a time may be earlier than that of the message before.
    if (loggedNs > nowNs) nowNs = loggedNs;
    clock.set(nowNs);
    let value: ReturnType<typeof item.decode>;
    try {
      value = item.decode(octets);
    } catch {
      malformed.set(topic, (malformed.get(topic) ?? 0) + 1);
      continue;
    }
    for (const side of sides) {
      side.pollUntil(nowNs);
      side.take(topic, item.type, value);
    }
    messages += 1;
    if (messages % PROGRESS_STEP === 0) onProgress(`${messages.toLocaleString('en')} messages replayed`);
  }
  const endNs = spans.at(-1)?.endNs ?? 0n;
  for (const side of sides) side.pollUntil(endNs + 1n);
  const outcomes = [
    replay(recordOf(before, endNs), inUse.faults),
    replay(recordOf(after, endNs), changed.faults),
  ] as const;
  return {
    spans,
    messages,
    malformed,
    incomplete: bags.filter(({ bag }) => !bag.isComplete).map(({ name }) => name),
    rules: rulesOf([before, after], outcomes, problems, sinceMs),
    result: {
      before: outcomes[0],
      after: outcomes[1],
      difference: difference(outcomes[0], outcomes[1], sinceMs),
      deviations: [],
    },
  };
}

const recordOf = ({ events }: RunningRules, endNs: bigint) => ({
  events,
  incidents: { occurrences: [], records: [] },
  endNs,
});

function rulesOf(
  [before, after]: readonly [RunningRules, RunningRules],
  [beforeFaults, afterFaults]: readonly [Outcome, Outcome],
  problems: ReadonlyMap<string, string>,
  sinceMs: number,
): readonly ReplayedRule[] {
  const idsOf = (kind: 'triggers' | 'faultTriggers') => [...new Set([...before[kind].keys(), ...after[kind].keys()])];
  const triggers = idsOf('triggers').map((id): ReplayedRule => {
    const one = triggerOutcome(before, id, problems);
    const other = triggerOutcome(after, id, problems);
    const differences = firingDifferences(one?.timesNs ?? [], other?.timesNs ?? []).filter(
      ({ beforeNs = 0n, afterNs = 0n }) => Number(beforeNs > afterNs ? beforeNs : afterNs) / 1e6 >= sinceMs,
    );
    const { rule } = (after.triggers.get(id) ?? before.triggers.get(id))!;
    return { id, rule, ...(one && { before: one }), ...(other && { after: other }), differences };
  });
  const faultTriggers = idsOf('faultTriggers').map((id): ReplayedRule => {
    const one = faultTriggerOutcome(before, id, beforeFaults, problems);
    const other = faultTriggerOutcome(after, id, afterFaults, problems);
    const { rule } = (after.faultTriggers.get(id) ?? before.faultTriggers.get(id))!;
    return { id, rule, ...(one && { before: one }), ...(other && { after: other }), differences: [] };
  });
  return [...triggers, ...faultTriggers];
}

const NOT_JUDGED = { judged: 0, fired: 0, timesNs: [] };

function triggerOutcome(
  { triggers }: RunningRules,
  id: string,
  problems: ReadonlyMap<string, string>,
): RuleOutcome | undefined {
  const running = triggers.get(id);
  if (running === undefined) return undefined;
  if ('problem' in running) return { ...NOT_JUDGED, unknown: running.problem };
  const { rule, topic, replay: replayed } = running;
  const { total, timesNs } = replayed.fired;
  const needsTwo = rule.condition.type === 'EnterRange' || rule.condition.type === 'LeaveRange';
  const unknown =
    replayed.judged === 0
      ? (problems.get(topic) ?? replayed.problem ?? NO_VALUE)
      : needsTwo && replayed.judged === 1
        ? 'The recordings have one value, and the condition compares two'
        : total > timesNs.length
          ? `Only the first ${timesNs.length} of its ${total} events are compared`
          : undefined;
  return { judged: replayed.judged, fired: total, timesNs, topic, ...(unknown !== undefined && { unknown }) };
}

const NO_VALUE = 'No message of the topic could be decoded';

function faultTriggerOutcome(
  { faultTriggers }: RunningRules,
  id: string,
  { faults }: Outcome,
  problems: ReadonlyMap<string, string>,
): RuleOutcome | undefined {
  const running = faultTriggers.get(id);
  if (running === undefined) return undefined;
  if ('problem' in running) return { ...NOT_JUDGED, unknown: running.problem };
  const { rule, topic, replay: replayed } = running;
  const occurrences = faults.occurrences.filter(({ code }) => code === rule.faultCode);
  const timesNs = occurrences.map(({ confirmedAtNs }) => confirmedAtNs).filter((ns) => ns !== 0n);
  const last = occurrences.at(-1);
  const isPending = replayed.crossed && (last === undefined || last.confirmedAtNs === 0n);
  const unknown =
    replayed.judged === 0
      ? (problems.get(topic) ?? replayed.problem ?? NO_VALUE)
      : replayed.polls === 0
        ? 'The recordings with its topic are shorter than fault_triggers.poll_interval_ms'
        : isPending
          ? 'The recordings end before its fault is confirmed'
          : replayed.changes
            ? 'The recordings end before its last value is polled'
            : undefined;
  return { judged: replayed.judged, fired: timesNs.length, timesNs, topic, ...(unknown !== undefined && { unknown }) };
}
