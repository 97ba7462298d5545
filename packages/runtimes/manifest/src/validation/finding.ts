import { type FindingLevel, RULES, type RuleId } from './rules.ts';

/** Something about a manifest that a person should know. */
export interface Finding {
  readonly rule: RuleId;
  readonly level: FindingLevel;
  /** `robot.yaml:12`, or the file alone where no line is at fault. */
  readonly at: string;
  readonly message: string;
}

/** A finding of a rule, at the level of the rule. */
export function finding(rule: RuleId, at: string, message: string): Finding {
  return { rule, level: RULES[rule].level, at, message };
}

/** `[R006] ERROR: component arm names the area "hall", which does not exist (at robot.yaml:12)`. */
export function findingText({ rule, level, at, message }: Finding): string {
  return `[${rule}] ${level.toUpperCase()}: ${message} (at ${at})`;
}

/** How many of them refuse a manifest, and how many do where validation is strict. */
export function countFindings(findings: readonly Finding[]): { readonly errors: number; readonly warnings: number } {
  const count = (level: FindingLevel) => findings.filter((found) => found.level === level).length;
  return { errors: count('error'), warnings: count('warning') };
}

/** `1 errors, 2 warnings`. */
export function findingsSummary(findings: readonly Finding[]): string {
  const { errors, warnings } = countFindings(findings);
  return `${errors} errors, ${warnings} warnings`;
}

/** True where a manifest with these findings is not to be used. */
export function isRefused(findings: readonly Finding[], strict: boolean): boolean {
  const { errors, warnings } = countFindings(findings);
  return errors > 0 || (strict && warnings > 0);
}
