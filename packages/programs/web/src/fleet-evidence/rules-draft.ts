import type { FleetEvidenceKind, FleetEvidenceRule } from '@medkit/contract';
import { FAULT_SEVERITIES } from '@medkit/contract/fault-severity';

/** Maximum rules that the hub accepts. */
export const MAX_RULES = 50;
/** Maximum of a sample that the hub accepts. */
export const MAX_SAMPLE = 1000;

/** Which recordings a rule fetches: `sample` has limits. */
export type RecordingChoice = 'none' | 'all' | 'sample';

/** A rule as typed: empty texts match everything, or sample without a limit. */
export interface RuleDraft {
  /** Distinguishes the rules of a form. */
  readonly key: number;
  readonly severity: string;
  readonly isNew: boolean;
  readonly code: string;
  readonly site: string;
  /** Without recordings. */
  readonly collect: readonly Exclude<FleetEvidenceKind, 'recording'>[];
  readonly recordings: RecordingChoice;
  readonly perIssueVersion: string;
  readonly perRobotDay: string;
}

export const newRule = (key: number): RuleDraft => ({
  key,
  severity: '',
  isNew: false,
  code: '',
  site: '',
  collect: ['frames'],
  recordings: 'none',
  perIssueVersion: '',
  perRobotDay: '',
});

/** Returns rules as texts of a form. */
export function draftOf(rules: readonly FleetEvidenceRule[]): readonly RuleDraft[] {
  return rules.map(({ match, collect, recording }, key) => ({
    key,
    severity: match.severity ?? '',
    isNew: match.issue === 'new',
    code: match.code ?? '',
    site: match.site ?? '',
    collect: collect.filter((kind) => kind !== 'recording'),
    recordings: recording ? 'sample' : collect.includes('recording') ? 'all' : 'none',
    perIssueVersion: String(recording?.per_issue_version ?? ''),
    perRobotDay: String(recording?.per_robot_day ?? ''),
  }));
}

const COUNT = /^[1-9]\d{0,3}$/;
const isCount = (text: string): boolean => text === '' || (COUNT.test(text) && Number(text) <= MAX_SAMPLE);

type Parsed = { readonly rules: FleetEvidenceRule[] } | { readonly problems: ReadonlySet<string> };

/** Parses the rules of a form. Problems have the names that the hub has for fields: `items[0].recording.per_robot_day`. */
export function parseRules(drafts: readonly RuleDraft[]): Parsed {
  const problems = new Set<string>();
  for (const [at, draft] of drafts.entries()) {
    if (draft.recordings !== 'sample') continue;
    if (!isCount(draft.perIssueVersion.trim())) problems.add(`items[${at}].recording.per_issue_version`);
    if (!isCount(draft.perRobotDay.trim())) problems.add(`items[${at}].recording.per_robot_day`);
  }
  return problems.size > 0 ? { problems } : { rules: drafts.map(ruleOf) };
}

function ruleOf(draft: RuleDraft): FleetEvidenceRule {
  const severity = FAULT_SEVERITIES.names.find((name) => name === draft.severity);
  const [code, site] = [draft.code.trim(), draft.site.trim()];
  const [perIssueVersion, perRobotDay] = [draft.perIssueVersion.trim(), draft.perRobotDay.trim()];
  return {
    match: {
      ...(severity && { severity }),
      ...(draft.isNew && { issue: 'new' as const }),
      ...(code && { code }),
      ...(site && { site }),
    },
    collect: [...draft.collect, ...(draft.recordings === 'all' ? (['recording'] as const) : [])],
    ...(draft.recordings === 'sample' && {
      recording: {
        ...(perIssueVersion && { per_issue_version: Number(perIssueVersion) }),
        ...(perRobotDay && { per_robot_day: Number(perRobotDay) }),
      },
    }),
  };
}

/** Returns the rules with one moved by `step`; unchanged at an end. */
export function moved<Rule>(rules: readonly Rule[], at: number, step: -1 | 1): readonly Rule[] {
  const rule = rules[at];
  const to = at + step;
  if (rule === undefined || to < 0 || to >= rules.length) return rules;
  return rules.toSpliced(at, 1).toSpliced(to, 0, rule);
}
