import type { JsonObject } from '@medkit/core';
import { withoutSlash } from '@medkit/entities';
import {
  type FaultTriggerReplay,
  type FaultTriggerRule,
  type ReplayClock,
  replayFaultTrigger,
  type TimedEvent,
} from '@medkit/faults/replay';
import type { TriggerRecord } from '@medkit/triggers';
import { observation, replayProblem, replayTrigger, type TriggerReplay } from '@medkit/triggers/replay';
import { ReplayTooLong } from '../replay-outcome.ts';
import { recordedTopic } from './decode-topics.ts';
import { pollTimes, type Span } from './merge-bags.ts';
import type { TriggerRules } from './trigger-rules.ts';

/** Maximum reports of the fault triggers of one replay: about 200 MB of memory. */
export const MAX_BAG_REPORTS = 1_000_000;

/** Maximum polls of one replay: 115 days with the default interval. A wrong time in a recording would make more. */
export const MAX_POLLS = 10_000_000;

/** A rule and its replay; `problem` is the reason why it cannot be replayed. */
export type RunningRule<Rule, Replay> = { readonly rule: Rule } & (
  | { readonly topic: string; readonly replay: Replay }
  | { readonly problem: string }
);

/** A set of rules that runs over recorded values. */
export interface RunningRules {
  readonly triggers: ReadonlyMap<string, RunningRule<TriggerRecord, TriggerReplay>>;
  readonly faultTriggers: ReadonlyMap<string, RunningRule<FaultTriggerRule, FaultTriggerReplay>>;
  /** Reports and clears of the fault triggers. */
  readonly events: readonly TimedEvent[];
  /** Takes a message of a topic at the time of the clock. */
  take(topic: string, type: string, value: JsonObject): void;
  /** Polls the fault triggers at every poll time before `untilNs`. Throws `ReplayTooLong`. */
  pollUntil(untilNs: bigint): void;
}

export interface RuleSetOptions {
  readonly rules: TriggerRules;
  /** `fault_triggers.poll_interval_ms` */
  readonly pollMs: number;
  readonly spans: readonly Span[];
  /** Topics of the recordings. */
  readonly topics: ReadonlySet<string>;
  /** Time of the current message. */
  readonly clock: ReplayClock;
}

/** Prepares rules to run over recorded values, with the evaluation of the gateway. */
export function runRules({ rules, pollMs, spans, topics, clock }: RuleSetOptions): RunningRules {
  const triggers = new Map(
    [...rules.triggers].map(([id, rule]) => {
      const problem = replayProblem(rule);
      const found = problem === undefined ? recordedTopic(topics, rule.item) : { problem };
      return [id, 'problem' in found ? { rule, ...found } : { rule, ...found, replay: replayTrigger(rule, clock) }];
    }),
  );
  const faultTriggers = new Map(
    [...rules.faultTriggers].map(([id, rule]) => {
      const found = rule.active ? recordedTopic(topics, rule.dataName) : { problem: 'It is not active' };
      return [id, 'problem' in found ? { rule, ...found } : { rule, ...found, replay: replayFaultTrigger(rule) }];
    }),
  );
  const triggersOf = byTopic<TriggerReplay>(triggers.values());
  const faultTriggersOf = byTopic<FaultTriggerReplay>(faultTriggers.values());
  const polled = [...faultTriggersOf.values()].flat();
  const times = pollTimes(spans, BigInt(pollMs) * 1_000_000n);
  let due = times.next();
  let polls = 0;
  const events: TimedEvent[] = [];
  return {
    triggers,
    faultTriggers,
    events,
    take(topic, type, value) {
      const watching = triggersOf.get(topic);
      if (watching !== undefined) {
        const observed = observation({ source: withoutSlash(topic), value, type });
        for (const trigger of watching) trigger.take(observed);
      }
      for (const faultTrigger of faultTriggersOf.get(topic) ?? []) faultTrigger.take({ value, type });
    },
    pollUntil(untilNs) {
      if (polled.length === 0) return;
      for (; due.done !== true && due.value < untilNs; due = times.next()) {
        const timeNs = due.value;
        polls += 1;
        if (polls > MAX_POLLS) {
          throw new ReplayTooLong(
            `The recordings cover more than ${MAX_POLLS} polls of fault triggers: check their times with \`bag info\`, or raise fault_triggers.poll_interval_ms`,
          );
        }
        for (const faultTrigger of polled) {
          const event = faultTrigger.poll();
          if (event !== undefined) events.push({ timeNs, event });
        }
        if (events.length > MAX_BAG_REPORTS) {
          throw new ReplayTooLong(
            `The fault triggers report more than ${MAX_BAG_REPORTS} times: replay fewer recordings, or raise fault_triggers.poll_interval_ms`,
          );
        }
      }
    },
  };
}

function byTopic<Replay>(rules: Iterable<RunningRule<unknown, Replay>>): ReadonlyMap<string, readonly Replay[]> {
  const found = new Map<string, Replay[]>();
  for (const rule of rules) {
    if ('problem' in rule) continue;
    const known = found.get(rule.topic);
    if (known) known.push(rule.replay);
    else found.set(rule.topic, [rule.replay]);
  }
  return found;
}

/** Returns the topics that rules watch. */
export function watchedTopics({ triggers, faultTriggers }: RunningRules): readonly string[] {
  return [...triggers.values(), ...faultTriggers.values()].flatMap((rule) => ('problem' in rule ? [] : [rule.topic]));
}
