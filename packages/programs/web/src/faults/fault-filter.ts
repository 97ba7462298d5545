import type { FaultFilter, FaultListItem } from '@medkit/contract';
import { parseFaultSeverity } from '@medkit/contract/fault-severity';
import { entityOf } from '../routes/entity-of.ts';
import { timeMs } from '../time/times.ts';
import { faultKey, statusOf } from './fault-state.ts';

/** Status filters of the list with their API value; `active` sends no filter. */
export const STATUS_FILTERS = {
  active: undefined,
  pending: 'pending',
  healed: 'healed',
  cleared: 'cleared',
  all: 'all',
} as const satisfies Readonly<Record<string, FaultFilter | undefined>>;
export type StatusFilter = keyof typeof STATUS_FILTERS;

/** Groupings of the list. */
export const GROUPINGS = ['incident', 'entity', 'severity'] as const;
export type Grouping = (typeof GROUPINGS)[number];

/** Filter, grouping and options of the list, as stored in the URL. */
export interface ListedFaults {
  readonly status: StatusFilter;
  /** Minimum severity, 0 to 3. */
  readonly severity: number;
  readonly q: string;
  readonly entity: string;
  readonly by: Grouping | undefined;
  readonly withMuted: boolean;
}

/** Reads the list options from the URL. Missing or invalid values get their defaults. */
export function listedFaults(search: URLSearchParams): ListedFaults {
  const [status, by, severity] = [search.get('status') ?? '', search.get('by') ?? '', search.get('severity') ?? ''];
  const level = parseFaultSeverity(severity) ?? Number(severity);
  return {
    status: Object.hasOwn(STATUS_FILTERS, status) ? (status as StatusFilter) : 'active',
    severity: Number.isInteger(level) && level >= 0 && level <= 3 ? level : 0,
    q: search.get('q') ?? '',
    entity: search.get('entity') ?? '',
    by: GROUPINGS.find((name) => name === by),
    withMuted: search.get('muted') === '1',
  };
}

/**
 * Returns the faults that match the filter. Every word must occur in code, description, reporting sources or entity.
 */
export function matchingFaults(
  faults: readonly FaultListItem[],
  { severity, q, entity }: Pick<ListedFaults, 'severity' | 'q' | 'entity'>,
): readonly FaultListItem[] {
  const terms = q.toLowerCase().split(/\s+/).filter(Boolean);
  if (severity === 0 && entity === '' && terms.length === 0) return faults;
  return faults.filter((fault) => {
    if (fault.severity < severity || (entity !== '' && fault.entity_id !== entity)) return false;
    if (terms.length === 0) return true;
    const text = searched(fault);
    return terms.every((word) => text.includes(word));
  });
}

const texts = new WeakMap<FaultListItem, string>();

/** Returns the searchable text of a fault. It is cached because every keystroke searches all faults. */
function searched(fault: FaultListItem): string {
  let text = texts.get(fault);
  if (text === undefined) {
    const { fault_code, description, reporting_sources, entity_id } = fault;
    text = [fault_code, description, entity_id, ...(reporting_sources ?? [])].join('\n').toLowerCase();
    texts.set(fault, text);
  }
  return text;
}

/** Returns the ids of the entities of these faults. */
export function entitiesOf(faults: readonly FaultListItem[]): readonly string[] {
  return [...new Set(faults.flatMap(({ entity_id }) => entity_id ?? []))].sort();
}

/**
 * Returns when the last of these faults healed or was cleared, milliseconds since 1970. Returns `undefined` if none
 * did.
 */
export function lastEndMs(faults: readonly FaultListItem[]): number | undefined {
  const ends = faults.flatMap(({ healed_at, cleared_at }) => [healed_at ?? 0, cleared_at ?? 0]);
  const last = ends.reduce((latest, end) => Math.max(latest, end), 0);
  return last > 0 ? timeMs(last) : undefined;
}

/** Returns the selected faults that can be cleared: those that have an entity and are not cleared yet. */
export function clearable(faults: readonly FaultListItem[], selected: ReadonlySet<string>): readonly FaultListItem[] {
  return faults.filter((fault) => selected.has(faultKey(fault)) && entityOf(fault) && statusOf(fault) !== 'CLEARED');
}
