import { isSameOutcome } from '@medkit/gateway/replay';
import type { BagReplay, FiringDifference, ReplayedRule, RuleOutcome } from '@medkit/gateway/replay-bags';
import { plainLine } from '../terminal/display-width.ts';
import { formatOffset } from '../terminal/format.ts';
import { differenceJson, differenceTables, limitedTable, summaryLines, timeText } from './replay-lines.ts';

export interface BagReplayAbout {
  readonly bags: readonly string[];
  readonly changes: readonly string[];
}

const FIRING_CHANGES: Readonly<Record<FiringDifference['is'], string>> = {
  more: 'fires additionally',
  fewer: 'no longer fires',
  earlier: 'fires earlier',
  later: 'fires later',
};

/** Returns whether the changed rules would have done the same. */
export function isSameReplay({ rules, result }: BagReplay): boolean {
  return isSameOutcome(result.difference) && rules.every(({ differences }) => differences.length === 0);
}

const msOf = (ns: bigint | undefined): number | null => (ns === undefined ? null : Number(ns / 1_000n) / 1_000);

/** Formats the result as tables with a summary. */
export function bagReplayLines(replayed: BagReplay, { bags }: BagReplayAbout): readonly string[] {
  const { spans, messages, rules, result } = replayed;
  const firings = rules.flatMap(({ id, differences }) => differences.map((each) => ({ id, ...each })));
  const from = spans[0] && timeText(msOf(spans[0].startNs));
  const until = spans.at(-1) && timeText(msOf(spans.at(-1)!.endNs));
  const when = from === undefined ? 'no message' : `${messages} messages of watched topics from ${from} to ${until}`;
  return [
    plainLine(`${bags.length === 1 ? bags[0] : `${bags.length} recordings`}: ${when}`),
    '',
    ruleTable(rules),
    ...(firings.length > 0 ? ['', firingTable(firings)] : []),
    ...differenceTables(result),
    '',
    ...(isSameReplay(replayed)
      ? ['Nothing would have been different.']
      : [triggerSummary(rules), ...(isSameOutcome(result.difference) ? [] : summaryLines(result))]),
    ...remarks(replayed),
  ];
}

function ruleTable(rules: readonly ReplayedRule[]): string {
  const text = (outcome: RuleOutcome | undefined): string =>
    outcome === undefined
      ? ''
      : outcome.unknown !== undefined && outcome.fired === 0
        ? 'unknown'
        : String(outcome.fired);
  return limitedTable(rules, ({ id, rule, before, after }) => [id, conditionOf(rule), text(before), text(after)], [
    'RULE',
    'CONDITION',
    'NOW',
    'WITH THE CHANGE',
  ]);
}

function conditionOf(rule: ReplayedRule['rule']): string {
  if ('faultCode' in rule) {
    const { dataName, path, operator, threshold, faultCode } = rule;
    return plainLine(`${dataName}${path} ${operator} ${threshold} → ${faultCode}`);
  }
  const { item, pointer, condition } = rule;
  const parameters = Object.entries(condition.parameters).map(([name, value]) => `${name}=${String(value)}`);
  return plainLine([`${item}${pointer}`, condition.type, ...parameters].join(' '));
}

function firingTable(firings: readonly (FiringDifference & { readonly id: string })[]): string {
  return limitedTable(
    firings,
    ({ id, is, beforeNs, afterNs }) => {
      const [before, after] = [msOf(beforeNs), msOf(afterNs)];
      const shift = before !== null && after !== null ? formatOffset(after - before) : '';
      return [id, FIRING_CHANGES[is], timeText(before), timeText(after), shift];
    },
    ['TRIGGER', 'CHANGE', 'NOW', 'WITH THE CHANGE', 'SHIFT'],
  );
}

function triggerSummary(rules: readonly ReplayedRule[]): string {
  const sum = (side: 'before' | 'after') =>
    rules.reduce((total, rule) => total + ('faultCode' in rule.rule ? 0 : (rule[side]?.fired ?? 0)), 0);
  return `Events of triggers: ${sum('before')} now, ${sum('after')} with the change.`;
}

function remarks({ rules, malformed, incomplete }: BagReplay): readonly string[] {
  const unknown = rules.flatMap(({ id, before, after }) => {
    const reason = after?.unknown ?? before?.unknown;
    return reason === undefined ? [] : [`Unknown: ${id}. ${reason}.`];
  });
  return [
    ...unknown,
    ...incomplete.map((name) => `${name} is incomplete: its recorder was stopped, or the file was cut off.`),
    ...[...malformed].map(
      ([topic, count]) => `${count} messages of ${topic} do not match their definition and were skipped.`,
    ),
    'Evaluated are only the recorded times of the recorded topics. A recording does not contain the nodes that published them.',
  ].map(plainLine);
}

/** Formats the result as JSON, with times in ISO 8601. */
export function bagReplayJson(replayed: BagReplay, { bags, changes }: BagReplayAbout): string {
  const iso = (ns: bigint | undefined) => (ns === undefined ? null : new Date(Number(ns / 1_000_000n)).toISOString());
  const outcome = (one: RuleOutcome | undefined) =>
    one && { values: one.judged, fired: one.fired, times: one.timesNs.map(iso), unknown: one.unknown };
  const { spans, messages, malformed, incomplete, rules, result } = replayed;
  const value = {
    bags,
    changes,
    messages,
    spans: spans.map(({ startNs, endNs }) => ({ from: iso(startNs), to: iso(endNs) })),
    malformed: Object.fromEntries(malformed),
    incomplete,
    rules: rules.map(({ id, rule, before, after, differences }) => ({
      id,
      condition: conditionOf(rule),
      before: outcome(before),
      after: outcome(after),
      differences: differences.map(({ is, beforeNs, afterNs }) => ({ is, before: iso(beforeNs), after: iso(afterNs) })),
    })),
    ...differenceJson(result),
  };
  return JSON.stringify(value, undefined, 2);
}
