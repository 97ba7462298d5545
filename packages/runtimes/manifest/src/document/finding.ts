import { type FindingLevel, RULES, type RuleId } from './rules.ts';

/** A problem of a manifest. */
export interface Finding {
  readonly rule: RuleId;
  readonly level: FindingLevel;
  /** `robot.yaml:12`, or only the file if no line can be named. */
  readonly at: string;
  readonly message: string;
}

/** Creates a finding with the level of its rule. */
export function finding(rule: RuleId, at: string, message: string): Finding {
  return { rule, level: RULES[rule].level, at, message };
}

/** Returns `[R006] ERROR: component arm names the area "hall", which does not exist (at robot.yaml:12)`. */
export function findingText({ rule, level, at, message }: Finding): string {
  return `[${rule}] ${level.toUpperCase()}: ${message} (at ${at})`;
}

/** Counts errors, which refuse a manifest, and warnings, which do so in strict validation. */
export function countFindings(findings: readonly Finding[]): { readonly errors: number; readonly warnings: number } {
  const count = (level: FindingLevel) => findings.filter((found) => found.level === level).length;
  return { errors: count('error'), warnings: count('warning') };
}

/** Returns `1 errors, 2 warnings`. */
export function findingsSummary(findings: readonly Finding[]): string {
  const { errors, warnings } = countFindings(findings);
  return `${errors} errors, ${warnings} warnings`;
}

/** Returns whether a manifest with these findings must not be used. */
export function isRefused(findings: readonly Finding[], strict: boolean): boolean {
  const { errors, warnings } = countFindings(findings);
  return errors > 0 || (strict && warnings > 0);
}
