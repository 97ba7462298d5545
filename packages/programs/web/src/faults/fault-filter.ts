import type { FaultFilter, FaultListItem } from '@medkit/contract';
import { entityOf } from '../routes/entity-of.ts';
import { timeMs } from '../time/times.ts';
import { faultKey, statusOf } from './fault-state.ts';

/** What the list of faults can show, by how they stand, with what the API calls it; nothing for those that last. */
export const SHOWN_STATUSES = {
  active: undefined,
  pending: 'pending',
  healed: 'healed',
  cleared: 'cleared',
  all: 'all',
} as const satisfies Readonly<Record<string, FaultFilter | undefined>>;
export type ShownStatus = keyof typeof SHOWN_STATUSES;

/** What faults may be put together by. */
export const GROUPINGS = ['incident', 'entity', 'severity'] as const;
export type Grouping = (typeof GROUPINGS)[number];

/** Which faults are shown and how, as the address says it. */
export interface ListedFaults {
  readonly status: ShownStatus;
  /** The least severity, 0 to 3. */
  readonly severity: number;
  readonly q: string;
  readonly entity: string;
  readonly by: Grouping | undefined;
  readonly withMuted: boolean;
}

const SEVERITY_NAMES = ['info', 'warn', 'error', 'critical'];

/** Reads an address, which anybody may have typed: what it does not say, or says wrongly, is as usual. */
export function listedFaults(search: URLSearchParams): ListedFaults {
  const [status, by, severity] = [search.get('status') ?? '', search.get('by') ?? '', search.get('severity') ?? ''];
  const named = SEVERITY_NAMES.indexOf(severity.toLowerCase());
  const level = named >= 0 ? named : Number(severity);
  return {
    status: Object.hasOwn(SHOWN_STATUSES, status) ? (status as ShownStatus) : 'active',
    severity: Number.isInteger(level) && level >= 0 && level <= 3 ? level : 0,
    q: search.get('q') ?? '',
    entity: search.get('entity') ?? '',
    by: GROUPINGS.find((name) => name === by),
    withMuted: search.get('muted') === '1',
  };
}

/** The faults among `faults` that are to be shown: all words stand in code, description, reporters or entity. */
export function matchingFaults(
  faults: readonly FaultListItem[],
  { severity, q, entity }: Pick<ListedFaults, 'severity' | 'q' | 'entity'>,
): readonly FaultListItem[] {
  const words = q.toLowerCase().split(/\s+/).filter(Boolean);
  if (severity === 0 && entity === '' && words.length === 0) return faults;
  return faults.filter((fault) => {
    if (fault.severity < severity || (entity !== '' && fault.entity_id !== entity)) return false;
    if (words.length === 0) return true;
    const text = searched(fault);
    return words.every((word) => text.includes(word));
  });
}

const texts = new WeakMap<FaultListItem, string>();

/** What is searched of a fault; made once, as every letter that is typed searches all of them. */
function searched(fault: FaultListItem): string {
  let text = texts.get(fault);
  if (text === undefined) {
    const { fault_code, description, reporting_sources, entity_id } = fault;
    text = [fault_code, description, entity_id, ...(reporting_sources ?? [])].join('\n').toLowerCase();
    texts.set(fault, text);
  }
  return text;
}

/** The entities that have faults among these, by id. */
export function entitiesOf(faults: readonly FaultListItem[]): readonly string[] {
  return [...new Set(faults.flatMap(({ entity_id }) => entity_id ?? []))].sort();
}

/** When the last of these faults ended, milliseconds since 1970; `undefined` where none has. */
export function lastEndMs(faults: readonly FaultListItem[]): number | undefined {
  const ends = faults.flatMap(({ healed_at, cleared_at }) => [healed_at ?? 0, cleared_at ?? 0]);
  const last = ends.reduce((latest, end) => Math.max(latest, end), 0);
  return last > 0 ? timeMs(last) : undefined;
}

/** The faults that are selected and can be cleared: those that an entity has, and that are not cleared already. */
export function clearable(faults: readonly FaultListItem[], selected: ReadonlySet<string>): readonly FaultListItem[] {
  return faults.filter((fault) => selected.has(faultKey(fault)) && entityOf(fault) && statusOf(fault) !== 'CLEARED');
}
