import { MAX_FAULTS_IN_PAGE, SovdError } from '@medkit/contract';
import type { EntityTree, FaultSeverity } from '@medkit/core';
import { periodTest } from './fault-history.ts';
import type { ListedFault } from './fault-item.ts';
import { holderOf } from './fault-sources.ts';

/** What a request wants of the list of all faults, as it came; what is empty counts as left out. */
export type SelectionParameters = Readonly<
  Partial<Record<'since' | 'until' | 'q' | 'severity' | 'limit' | 'cursor', string | undefined>>
>;

/** A part of a list of faults. */
export interface FaultPage {
  readonly faults: readonly ListedFault[];
  /** `cursor` of the faults behind these, where there are any. */
  readonly next?: string;
}

/** Gives the part of a list that is wanted. */
export type FaultSelection = (tree: EntityTree, faults: readonly ListedFault[]) => FaultPage;

/** By the labels of lists; `WARNING` is what reports and triggers call it. */
const RANKS: ReadonlyMap<string, FaultSeverity> = new Map([
  ['INFO', 0],
  ['WARN', 1],
  ['WARNING', 1],
  ['ERROR', 2],
  ['CRITICAL', 3],
]);
/** Characters that are looked for at most. */
const MAX_WANTED_LENGTH = 256;

/** What a request selects; `undefined` where that is everything. Throws `invalid-parameter`, which says what is allowed. */
export function faultSelection(parameters: SelectionParameters): FaultSelection | undefined {
  const { since, until, q, severity, limit, cursor } = parameters;
  if (![since, until, q, severity, limit, cursor].some(Boolean)) return undefined;
  const isWithin = periodTest({ since, until });
  const least = severity ? rankOf(severity) : 0;
  const wanted = q ? wantedOf(q) : '';
  const most = limit ? limitOf(limit) : Number.POSITIVE_INFINITY;
  return (tree, all) => {
    const selected = all
      .filter(({ fault }) => !cursor || fault.code > cursor)
      .filter(({ fault }) => fault.severity >= least && isWithin({ ...fault, startedNs: fault.firstOccurredNs }))
      .filter((each) => wanted === '' || textsOf(tree, each).some((text) => text.toLowerCase().includes(wanted)))
      .sort((a, b) => (a.fault.code < b.fault.code ? -1 : a.fault.code > b.fault.code ? 1 : 0));
    const last = selected[most - 1]?.fault.code;
    if (last === undefined) return { faults: selected };
    // Several managers may have a fault of one code: a page does not end between them.
    const faults = selected.filter(({ fault }) => fault.code <= last);
    return { faults, ...(faults.length < selected.length && { next: last }) };
  };
}

/** What a person may remember of a fault. */
function textsOf(tree: EntityTree, { fault, origin }: ListedFault): readonly string[] {
  const holder = holderOf(tree, fault, origin);
  return [fault.code, fault.description, ...fault.sources, ...(holder ? [holder.id] : [])];
}

/** In letters of any case: answers have capitals. */
function rankOf(text: string): FaultSeverity {
  const rank = RANKS.get(text.toUpperCase());
  if (rank !== undefined) return rank;
  throw refused('severity', text, 'must be one of info, warn, error, critical');
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
