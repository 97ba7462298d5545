import { FAULT_SEVERITIES, type Incident } from '@medkit/contract';
import type { Endpoint } from '../kinds/receiver-kinds.ts';
import type { Receiver, Route } from '../receiver/receiver.ts';

/** 2026-03-23 02:12:53 UTC, a Monday. */
export const NIGHT_MS = Date.UTC(2026, 2, 23, 2, 12, 53);

/** Returns an incident like that of the demo. */
export function incidentOf(changes: Partial<Incident> = {}): Incident {
  const severity = changes.severity ?? 2;
  return {
    id: 'inc_17',
    title: 'Obstacle in the protective field',
    state: 'open',
    severity,
    severity_label: FAULT_SEVERITIES.labels[severity] ?? 'ERROR',
    robot: 'amr-01',
    began: new Date(NIGHT_MS).toISOString(),
    root: 'PROTECTIVE_STOP',
    entity_id: 'collision_monitor',
    entity_type: 'app',
    fault_count: 3,
    blocks_motion: true,
    crossing: { channel: '/scan', label: 'range', value: 0.7712, threshold: 0.8, unit: 'm' },
    ...changes,
  };
}

/** Returns the same incident, healed after `ms`. */
export function healedOf(changes: Partial<Incident> = {}, ms = 192_000): Incident {
  return incidentOf({ state: 'healed', healed_at: new Date(NIGHT_MS + ms).toISOString(), ...changes });
}

/** Changes of the default receiver; for another kind, all members of its endpoint. */
export type ReceiverChanges = Partial<Route> & (Endpoint | { readonly type?: 'ntfy'; readonly topic?: string });

export function receiverOf(changes: ReceiverChanges = {}): Receiver {
  return {
    name: 'oncall',
    leastSeverity: 1,
    entities: [],
    sites: [],
    groups: [],
    hours: [],
    quiet: [],
    zone: 'UTC',
    breaksQuiet: 3,
    repeatMs: 0,
    maxRepeats: 5,
    afterMs: 0,
    notifiesHealed: true,
    type: 'ntfy',
    url: 'https://ntfy.example',
    topic: 'robots-of-hall-3',
    ...changes,
  } as Receiver;
}
