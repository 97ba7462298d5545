import {
  type FleetEvidenceRule,
  type FleetEvidenceRules,
  MAX_EVIDENCE_RULES,
  parseFaultSeverity,
  type UplinkEvidence,
} from '@medkit/contract';
import { type FleetContext, isoTime, nowMs, textOf } from '../fleet-context.ts';
import { FleetInvalid } from '../fleet-refused.ts';

/** The rules of a hub that has no others: recordings of severe and of new faults, and a sample of the others. */
export const DEFAULT_EVIDENCE_RULES: readonly FleetEvidenceRule[] = [
  { match: { severity: 'critical' }, collect: ['frames', 'logs', 'recording'] },
  { match: { issue: 'new' }, collect: ['frames', 'logs', 'recording'] },
  {
    match: { severity: 'error' },
    collect: ['frames', 'logs'],
    recording: { per_issue_version: 3, per_robot_day: 1 },
  },
  { match: {}, collect: ['frames'] },
];

/** A fault for which rules decide. */
export interface RuledFault {
  readonly code: string;
  readonly severity: 0 | 1 | 2 | 3;
  readonly site: string | undefined;
}

/** What a rule may have to know besides the fault. */
export interface RuleQuestions {
  readonly isNew: () => Promise<boolean>;
  readonly isInCampaign: () => Promise<boolean>;
}

/** What a rule decides on evidence: whether to fetch it, and by which sample. */
export interface EvidenceDecision {
  readonly isCollected: boolean;
  readonly sample?: { readonly perIssueVersion?: number; readonly perRobotDay?: number };
}

/**
 * Returns what the first matching rule decides. `isNew` and `isInCampaign` are called only if a rule needs to know whether the
 * fault is new, or a running campaign has changed the robot.
 */
export async function decideEvidence(
  rules: readonly FleetEvidenceRule[],
  fault: RuledFault,
  kind: UplinkEvidence['evidence'],
  { isNew, isInCampaign }: RuleQuestions,
): Promise<EvidenceDecision> {
  for (const { match, collect, recording } of rules) {
    if (match.severity != null && fault.severity < (parseFaultSeverity(match.severity) ?? 0)) continue;
    if (match.code != null && match.code !== fault.code) continue;
    if (match.site != null && match.site !== fault.site) continue;
    if (match.issue != null && !(await isNew())) continue;
    if (match.campaign != null && !(await isInCampaign())) continue;
    if (kind !== 'recording' || recording == null) return { isCollected: collect.includes(kind) };
    const { per_issue_version, per_robot_day } = recording;
    return {
      isCollected: true,
      sample: {
        ...(per_issue_version != null && { perIssueVersion: per_issue_version }),
        ...(per_robot_day != null && { perRobotDay: per_robot_day }),
      },
    };
  }
  return { isCollected: false };
}

/** Reads the rules; the default ones if none were stored. */
export async function readEvidenceRules({ store }: Pick<FleetContext, 'store'>): Promise<FleetEvidenceRules> {
  const [row] = await store.read('SELECT rules, changed_ms, changed_by FROM fleet_evidence_rules');
  if (!row) return { items: [...DEFAULT_EVIDENCE_RULES] };
  return {
    items: JSON.parse(textOf(row.rules!)) as FleetEvidenceRule[],
    changed_at: isoTime(Number(row.changed_ms)),
    changed_by: textOf(row.changed_by!),
  };
}

/** Replaces the rules. They apply to evidence that is reported later. Throws `FleetInvalid` if there are too many. */
export async function storeEvidenceRules(
  context: Pick<FleetContext, 'clock' | 'store'>,
  rules: readonly FleetEvidenceRule[],
  by: string,
): Promise<FleetEvidenceRules> {
  if (rules.length > MAX_EVIDENCE_RULES) throw new FleetInvalid(`A hub has at most ${MAX_EVIDENCE_RULES} rules`);
  await context.store.write([
    {
      sql: `INSERT INTO fleet_evidence_rules (id, rules, changed_ms, changed_by) VALUES (1, ?, ?, ?)
            ON CONFLICT (id) DO UPDATE
            SET rules = excluded.rules, changed_ms = excluded.changed_ms, changed_by = excluded.changed_by`,
      parameters: [JSON.stringify(rules), nowMs(context), by],
    },
  ]);
  return readEvidenceRules(context);
}
