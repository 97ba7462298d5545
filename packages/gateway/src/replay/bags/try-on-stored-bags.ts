import { MAX_REPLAY_ITEMS, type TriedRecordings } from '@medkit/contract';
import { DocumentRefused } from '@medkit/documents';
import type { RecordFiles } from '../read-record.ts';
import type { AllRules } from '../replay-outcome.ts';
import { isoNs, type ReplayedInput } from '../tried-outcome.ts';
import { TriedRuleRefused } from '../tried-rules.ts';
import { firingNs, pairFirings } from './firing-difference.ts';
import { DamagedBag, type NamedBag } from './merge-bags.ts';
import { type BagReplay, type ReplayedRule, type RuleOutcome, replayBags } from './replay-bags.ts';
import { openStoredBags, type StoredBags, type UnreadableBag } from './stored-bags.ts';
import { triedTriggerRules } from './tried-trigger-rules.ts';
import type { TriggerRules } from './trigger-rules.ts';

/** The trial of changed triggers and fault triggers. */
export interface StoredBagsTrial {
  readonly files: RecordFiles;
  readonly inUse: TriggerRules;
  /** The document of changed rules. */
  readonly document: string;
  /** `fault_triggers.poll_interval_ms` */
  readonly pollMs: number;
  /** The other rules in use and the changed ones, which judge the reports of fault triggers. */
  readonly faults: readonly [inUse: AllRules, changed: AllRules];
  /** Only recordings created since this time, milliseconds since 1970. */
  readonly sinceMs: number;
}

export interface StoredBagsOutcome {
  readonly input: ReplayedInput;
  readonly result: BagReplay['result'];
  readonly recordings: TriedRecordings;
}

/**
 * Runs the stored recordings through the rules that a document changes. A recording with damaged data is left out, and
 * named. Rejects with `TriedRuleRefused` for an invalid document, with `ReplayTooLong`, and with a `StoreError`.
 */
export async function tryOnStoredBags(trial: StoredBagsTrial): Promise<StoredBagsOutcome> {
  const { inUse, document, files, sinceMs, pollMs, faults } = trial;
  const tried = await changedRules(inUse, document);
  const before = named(inUse, tried);
  const after = named(tried, inUse);
  await using resources = new AsyncDisposableStack();
  const stored = await openStoredBags(files, sinceMs, resources);
  const sides = [
    { values: before, pollMs, faults: faults[0] },
    { values: after, pollMs, faults: faults[1] },
  ] as const;
  const damaged: UnreadableBag[] = [];
  let bags = stored.bags;
  for (;;) {
    try {
      const replayed = await replayBags(bags, ...sides, sinceMs);
      return outcomeOf(replayed, { ...stored, bags, unreadable: [...stored.unreadable, ...damaged] });
    } catch (error) {
      if (!(error instanceof DamagedBag)) throw error;
      damaged.push({ recording: error.bag.name, reason: error.problem });
      bags = bags.filter((bag) => bag !== error.bag);
    }
  }
}

async function changedRules(inUse: TriggerRules, document: string): Promise<TriggerRules> {
  const name = 'trigger_rules';
  try {
    return await triedTriggerRules(inUse, document, name);
  } catch (error) {
    if (error instanceof DocumentRefused) throw new TriedRuleRefused(name, error.lines);
    throw error;
  }
}

/** Returns the rules that the other set does not have, or has with other content: those that the document names. */
function named(rules: TriggerRules, other: TriggerRules): TriggerRules {
  const differing = <Rule>(mine: ReadonlyMap<string, Rule>, theirs: ReadonlyMap<string, Rule>) =>
    new Map([...mine].filter(([id, rule]) => theirs.get(id) !== rule));
  return {
    triggers: differing(rules.triggers, other.triggers),
    faultTriggers: differing(rules.faultTriggers, other.faultTriggers),
  };
}

function outcomeOf(replayed: BagReplay, { bags, unreadable, omitted }: StoredBags): StoredBagsOutcome {
  const { spans, messages, rules, result, incomplete } = replayed;
  const ended = incomplete.map((recording) => ({ recording, reason: 'its recorder was stopped: its end is missing' }));
  const [first, last] = [spans[0], spans.at(-1)];
  return {
    input: {
      count: messages,
      ...(first && last && { fromNs: first.startNs, toNs: last.endNs }),
      damaged: [...replayed.malformed.values()].reduce((sum, count) => sum + count, 0),
      isCut: omitted > 0,
    },
    result,
    recordings: {
      replayed: bags.length,
      unreadable: [...unreadable, ...ended].slice(0, MAX_REPLAY_ITEMS),
      omitted,
      rules: rules.slice(0, MAX_REPLAY_ITEMS).map((rule) => ruleOf(rule, bags)),
    },
  };
}

function ruleOf({ id, before, after }: ReplayedRule, bags: readonly NamedBag[]): TriedRecordings['rules'][number] {
  const firings = pairFirings(before?.timesNs ?? [], after?.timesNs ?? []);
  const topic = after?.topic ?? before?.topic;
  return {
    id,
    ...(before && { before: sentOutcome(before) }),
    ...(after && { after: sentOutcome(after) }),
    total: firings.length,
    differences: firings.filter(({ is }) => is !== 'same').length,
    items: firings.slice(0, MAX_REPLAY_ITEMS).map((firing) => {
      const { is, beforeNs, afterNs } = firing;
      const recording = recordingAt(bags, topic, firingNs(firing));
      return {
        is,
        before: beforeNs === undefined ? null : isoNs(beforeNs),
        after: afterNs === undefined ? null : isoNs(afterNs),
        ...(recording !== undefined && { recording }),
      };
    }),
  };
}

const sentOutcome = ({ fired, judged, unknown }: RuleOutcome) => ({
  fired,
  values: judged,
  ...(unknown !== undefined && { unknown }),
});

/** Returns the first recording that has messages of a topic around a time; `undefined` if there is none. */
const recordingAt = (bags: readonly NamedBag[], topic: string | undefined, ns: bigint): string | undefined =>
  bags.find(
    ({ bag }) =>
      bag.startNs <= ns && ns <= bag.endNs && bag.topics.some(({ name, count }) => name === topic && count > 0),
  )?.name;
