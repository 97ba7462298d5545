import { FAULT_SEVERITIES } from '@medkit/contract';
import { type FaultEvent, LOCAL, type Model } from '@medkit/core';

/** The states that an event of a fault leads to; `updated` leaves the state unchanged. */
export const TRANSITIONS = ['confirmed', 'updated', 'healed', 'cleared'] as const;
type Transition = (typeof TRANSITIONS)[number];

/** Counts the events of the faults of this gateway since its start. */
export interface FaultTransitions {
  readonly counts: ReadonlyMap<string, { readonly to: string; readonly severity: string; readonly count: number }>;
  close(): void;
}

/** Begins to count. Every transition has a count from the beginning, so that a rate exists before the first one. */
export function faultTransitions({ events }: Pick<Model, 'events'>): FaultTransitions {
  const counts = new Map<string, { to: string; severity: string; count: number }>();
  for (const to of TRANSITIONS)
    for (const severity of FAULT_SEVERITIES.names) counts.set(`${to} ${severity}`, { to, severity, count: 0 });
  const close = events.on('fault.event', ({ event, origin = LOCAL }) => {
    if (origin !== LOCAL) return;
    const entry = counts.get(`${transitionOf(event)} ${FAULT_SEVERITIES.names[event.fault.severity]}`);
    if (entry) entry.count += 1;
  });
  return { counts, close };
}

function transitionOf({ type, fault }: FaultEvent): Transition {
  if (type === 'fault_confirmed') return 'confirmed';
  if (type === 'fault_updated') return 'updated';
  return fault.status === 'HEALED' ? 'healed' : 'cleared';
}
