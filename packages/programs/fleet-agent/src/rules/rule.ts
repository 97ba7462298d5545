import type { ErrorLevel, ProtocolVersion, Reference, Translations } from '@medkit/vda5050';

export const SEVERITIES = ['info', 'warning', 'error', 'critical'] as const;
export type Severity = (typeof SEVERITIES)[number];

export const SENDINGS = ['errors', 'information', 'no'] as const;
export type Sending = (typeof SENDINGS)[number];

/** Which faults a rule is for: those that all of these say. `*` stands for any characters. */
export interface Match {
  readonly code?: string;
  readonly source?: string;
  /** An id, or `apps/<id>`. */
  readonly entity?: string;
  /** The gateway that it is of; `local` for the one that is asked. */
  readonly origin?: string;
  readonly severity?: Severity;
}

/** A text for people, and perhaps the same in other languages. `{description}`, `{entity}` and `{code}` are filled in. */
export interface RuleText {
  readonly text: string;
  readonly translations?: Translations;
}

/** What a fleet is told of such faults; what is left out the first default says that is for them. */
export interface Telling {
  readonly send?: Sending;
  /** The code of the fault where it is left out. */
  readonly type?: string;
  readonly level?: ErrorLevel | Readonly<Partial<Record<ProtocolVersion, ErrorLevel>>>;
  readonly hint?: RuleText;
  readonly description?: RuleText;
  /** Never cleared by a fleet. */
  readonly safety?: boolean;
  /** Beside those that every error has. */
  readonly references?: readonly Reference[];
}

export interface Rule {
  /** Where it stands: `vda5050.yaml:40`, or `default rules:3`. */
  readonly at: string;
  readonly match: Match;
  readonly telling: Telling;
}
