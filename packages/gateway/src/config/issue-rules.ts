import type { FleetOptions } from '@medkit/fleet';
import { ConfigRefused, type Notice } from './assignment.ts';
import type { FlatConfig } from './gateway-config.ts';

type IssueRule = NonNullable<FleetOptions['issueRules']>[number];

/** Maximum entries of `fleet.issue_rules`: each is compared with each occurrence until one matches. */
const MAX_RULES = 200;

const RULE = /^\s*([^=]{1,128}?)\s*=\s*(\S{1,256})(?:\s+@\s+(\S{1,256}))?\s*$/;

function issueRule(entry: string): IssueRule | undefined {
  const [, as, code, entity] = RULE.exec(entry) ?? [];
  if (as === undefined || as === '' || code === undefined) return undefined;
  return { as, match: { ...(code !== '*' && { code }), ...(entity !== undefined && { entity }) } };
}

/** Returns the rules of `fleet.issue_rules`, which were validated. */
export const issueRules = (entries: readonly string[]): readonly IssueRule[] =>
  entries.flatMap((entry) => issueRule(entry) ?? []);

/** Checks `fleet.issue_rules`. Throws `ConfigRefused` with each problem and its remedy. */
export function validateIssueRules({ 'fleet.issue_rules': entries }: FlatConfig): readonly Notice[] {
  const refusals = entries
    .filter((entry) => !issueRule(entry))
    .map(
      (entry) =>
        `fleet.issue_rules: "${entry}" is not a name, a code and an entity. Example: hot motors = MOTOR_*_HOT @ wheel*`,
    );
  if (entries.length > MAX_RULES) {
    refusals.push(`fleet.issue_rules has ${entries.length} entries: the maximum is ${MAX_RULES}`);
  }
  if (refusals.length > 0) throw new ConfigRefused(refusals);
  return [];
}
