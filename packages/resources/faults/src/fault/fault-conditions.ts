import type { Fault, FaultCondition, FaultReport } from '@medkit/core';

/** Maximum length of a stored key; reporters choose the names in it. */
export const MAX_CONDITION_KEY_LENGTH = 1024;
/** Maximum conditions listed per fault; further ones cannot heal it. */
const MAX_CONDITIONS_PER_FAULT = 128;

/** The part of a fault that assigns a report about a condition to a code. */
export type ConditionHolder = Pick<Fault, 'code' | 'status' | 'sources' | 'conditions'>;

type Find = (code: string) => ConditionHolder | undefined;
/** The part of a report that decides about its code. */
export type CodedReport = Pick<FaultReport, 'code' | 'source' | 'condition'>;

/** The list with `key` failing. With a new occurrence no other condition of the list is failing yet. */
export function withFailing(
  listed: readonly FaultCondition[] = [],
  key: string | undefined,
  isNewOccurrence: boolean,
  source?: string,
): readonly FaultCondition[] {
  const known = isNewOccurrence ? listed.map((each) => ({ ...each, failing: false })) : listed;
  if (key === undefined || known.some((each) => each.key === key && each.failing)) return known;
  const others = known.filter((each) => each.key !== key);
  return others.length < MAX_CONDITIONS_PER_FAULT
    ? [...others, { key, failing: true, ...(source !== undefined && { source }) }]
    : known;
}

/** The list with `key` passed; the same list if nothing changes. */
export function withPassed(
  listed: readonly FaultCondition[] | undefined,
  key: string | undefined,
): readonly FaultCondition[] | undefined {
  if (key === undefined || !listed?.some((each) => each.key === key && each.failing)) return listed;
  return listed.map((each) => (each.key === key ? { ...each, failing: false } : each));
}

/** The code under which a FAILED report is stored: `code`, or `otherCode` if another condition already has `code`. */
export function codeOfFailed({ code, source, condition }: CodedReport, find: Find): string {
  if (condition?.otherCode === undefined) return code;
  const { key, otherCode, formerSources = [] } = condition;
  if (isRaisedBy(find(otherCode), key)) return otherCode;
  const holder = find(code);
  if (holder === undefined || isRaisedBy(holder, key)) return code;
  const isUnclaimed = holder.conditions === undefined;
  return isUnclaimed && isReportedBy(holder, [source, ...formerSources]) ? code : otherCode;
}

/**
 * The codes that a PASSED report about a condition ends: its own if the condition raised that one, otherwise all that the
 * condition raised. A fault from a release that stored no conditions counts if the source reported it.
 */
export function codesOfPassed(
  { code, source, condition }: CodedReport,
  faults: Iterable<ConditionHolder>,
  find: Find,
): readonly string[] {
  if (condition === undefined) return [code];
  const { key, otherCode, formerSources = [] } = condition;
  const holder = find(code);
  const isUnclaimed = holder !== undefined && holder.status !== 'CLEARED' && holder.conditions === undefined;
  const adopted = isUnclaimed && isReportedBy(holder, [source, ...formerSources]) ? [code] : [];
  if (otherCode === undefined && isRaisedBy(holder, key)) return [code];
  const raised = [...faults].filter((fault) => fault.status !== 'CLEARED' && isRaisedBy(fault, key));
  return [...adopted, ...raised.map((fault) => fault.code)];
}

function isRaisedBy(fault: ConditionHolder | undefined, key: string): boolean {
  return fault?.conditions?.some((each) => each.key === key) ?? false;
}

function isReportedBy({ sources }: ConditionHolder, names: readonly string[]): boolean {
  return names.some((name) => sources.includes(name));
}
