import type { FaultListItem, FaultListResult, FaultStreamEvent } from '@medkit/contract';

/** A confirmed fault as a list item. */
export const listed = (code: string, changes: Partial<FaultListItem> = {}): FaultListItem => ({
  fault_code: code,
  severity: 2,
  description: `${code} came`,
  status: 'CONFIRMED',
  confirmed_at: 1_770_201_000,
  occurrence_count: 1,
  reporting_sources: ['/base/motor'],
  entity_id: 'motor',
  entity_type: 'app',
  ...changes,
});

/** A confirmed fault of another gateway. */
export const peerFault = (peer: string, code: string, changes: Partial<FaultListItem> = {}): FaultListItem =>
  listed(code, { ...changes, 'x-medkit': { ...changes['x-medkit'], origin: peer } as FaultListItem['x-medkit'] });

export const listOf = (items: readonly FaultListItem[], about: object = {}): FaultListResult => ({
  items: [...items],
  'x-medkit': { count: items.length, ...about },
});

export const symptomOf = (code: string) => ({
  symptom_of: { root_cause_code: code, rule_id: 'stop', delay_ms: 20 },
});

/** An event of the fault stream. */
export const faultEvent = (
  type: FaultStreamEvent['event_type'],
  fault: FaultListItem,
  changes: Partial<FaultStreamEvent> = {},
): FaultStreamEvent => ({ event_type: type, fault, timestamp: 1_770_201_001, ...changes });
