import { FAULT_SEVERITIES, MAX_FAULTS_IN_PAGE, parseFaultSeverity, SovdError } from '@medkit/contract';
import type { EntityTree, FaultSeverity } from '@medkit/core';
import { periodTest } from './fault-history.ts';
import type { ListedFault } from './fault-item.ts';
import { holderOf } from './fault-sources.ts';

/** The query parameters that select from all faults, unparsed. An empty parameter counts as absent. */
export type SelectionParameters = Readonly<
  Partial<Record<'since' | 'until' | 'q' | 'severity' | 'limit' | 'cursor', string | undefined>>
>;

/** One page of a list of faults. */
export interface FaultPage {
  readonly faults: readonly ListedFault[];
  /** `cursor` of the next page, if there is one. */
  readonly next?: string;
}

/** Returns the selected part of a list. */
export type FaultSelection = (tree: EntityTree, faults: readonly ListedFault[]) => FaultPage;

/** Maximum characters of a search text. */
const MAX_WANTED_LENGTH = 256;

/**
 * Parses a selection; returns `undefined` if it selects everything. Throws `invalid-parameter` with the allowed values.
 */
export function faultSelection(parameters: SelectionParameters): FaultSelection | undefined {
  const { since, until, q, severity, limit, cursor } = parameters;
  if (![since, until, q, severity, limit, cursor].some(Boolean)) return undefined;
  const isWithin = periodTest({ since, until });
  const minRank = severity ? rankOf(severity) : 0;
  const wanted = q ? wantedOf(q) : '';
  const maxCount = limit ? limitOf(limit) : Number.POSITIVE_INFINITY;
  return (tree, all) => {
    const selected = all
      .filter(({ fault }) => !cursor || fault.code > cursor)
      .filter(({ fault }) => fault.severity >= minRank && isWithin({ ...fault, startedNs: fault.firstOccurredNs }))
      .filter((each) => wanted === '' || textsOf(tree, each).some((text) => text.toLowerCase().includes(wanted)))
      .sort((a, b) => (a.fault.code < b.fault.code ? -1 : a.fault.code > b.fault.code ? 1 : 0));
    const last = selected[maxCount - 1]?.fault.code;
    if (last === undefined) return { faults: selected };
    // Faults of different managers may have the same code; a page does not end between them.
    const faults = selected.filter(({ fault }) => fault.code <= last);
    return { faults, ...(faults.length < selected.length && { next: last }) };
  };
}

/** Returns the texts of a fault that a search covers. */
function textsOf(tree: EntityTree, { fault, origin }: ListedFault): readonly string[] {
  const holder = holderOf(tree, fault, origin);
  return [fault.code, fault.description, ...fault.sources, ...(holder ? [holder.id] : [])];
}

function rankOf(text: string): FaultSeverity {
  const rank = parseFaultSeverity(text);
  if (rank !== undefined) return rank;
  throw refused('severity', text, `must be one of ${FAULT_SEVERITIES.parameters.join(', ')}`);
}

function wantedOf(text: string): string {
  if (text.length <= MAX_WANTED_LENGTH) return text.toLowerCase();
  throw refused('q', `${text.length} characters`, `must have at most ${MAX_WANTED_LENGTH}`);
}

function limitOf(text: string): number {
  const limit = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (limit >= 1 && limit <= MAX_FAULTS_IN_PAGE) return limit;
  throw refused('limit', text, `must be a whole number from 1 to ${MAX_FAULTS_IN_PAGE}`);
}

function refused(parameter: string, value: string, rule: string): SovdError {
  return new SovdError({
    code: 'invalid-parameter',
    message: `Invalid ${parameter}: ${rule}`,
    parameters: { parameter, value },
  });
}
