import type { ErrorLevel, ProtocolVersion, Reference, Translations } from '@medkit/vda5050';
import type { ReportedFault } from '../faults/reported-fault.ts';

export const REPORT_TARGETS = ['errors', 'information', 'no'] as const;
export type ReportTarget = (typeof REPORT_TARGETS)[number];

/** Condition of a rule: a fault must match all members. `*` stands for any characters. */
export interface Match {
  readonly code?: string;
  readonly source?: string;
  /** An id, or `apps/<id>`. */
  readonly entity?: string;
  /** Gateway with the fault; `local` for the queried one. */
  readonly origin?: string;
  readonly severity?: ReportedFault['severity'];
}

/** A text with optional translations. `{description}`, `{entity}` and `{code}` are filled in. */
export interface RuleText {
  readonly text: string;
  readonly translations?: Translations;
}

/** What is reported for matching faults. Absent members come from the first matching default rule. */
export interface ReportSettings {
  readonly send?: ReportTarget;
  /** Error type; default: the code of the fault. */
  readonly type?: string;
  readonly level?: ErrorLevel | Readonly<Partial<Record<ProtocolVersion, ErrorLevel>>>;
  readonly hint?: RuleText;
  readonly description?: RuleText;
  /** True if fleet control can never clear the fault. */
  readonly safety?: boolean;
  /** References in addition to those that every error has. */
  readonly references?: readonly Reference[];
}

export interface Rule {
  /** Place of the rule: `vda5050.yaml:40`, or `default rules:3`. */
  readonly at: string;
  readonly match: Match;
  readonly reportSettings: ReportSettings;
}
