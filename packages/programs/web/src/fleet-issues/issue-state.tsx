import type { FleetIssue } from '@medkit/contract';
import { clockTime, timeMs } from '../time/times.ts';
import { t } from './texts.ts';

type Stated = Pick<FleetIssue, 'state' | 'decided'>;

/** Returns the state with its limits: `resolved in navigation-2.1.0`, `ignored below 5 robots`. */
export function stateText({ state, decided }: Stated): string {
  if (state === 'resolved' && decided?.in_version) return t.resolvedIn(decided.in_version);
  if (state !== 'ignored') return t.states[state];
  const untilMs = timeMs(decided?.until);
  const limits = [
    decided?.until_robots != null && t.belowRobots(decided.until_robots),
    decided?.until_occurrences != null && t.belowOccurrences(decided.until_occurrences),
    untilMs !== undefined && t.until(clockTime(untilMs)),
  ];
  return `${t.states[state]} ${limits.filter(Boolean).join(', ')}`.trim();
}

/** The state of an issue as shape, colour and text. */
export function IssueState({ issue }: { readonly issue: Stated }) {
  const text = stateText(issue);
  return (
    <span className={`issue-state issue-is-${issue.state}`} title={text}>
      {text}
    </span>
  );
}

/** Returns what an issue is called: its fault code, or the rule that groups its faults. */
export const titleOf = ({ rule, fault_code: code, id }: Pick<FleetIssue, 'rule' | 'fault_code' | 'id'>): string =>
  rule ?? code ?? `#${id}`;
