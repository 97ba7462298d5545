import type { PlcEvent } from '@medkit/opcua';

/** Returns an active and unacknowledged alarm event with the given fields. */
export function alarmEvent(event: Partial<PlcEvent> = {}): PlcEvent {
  return {
    notifier: 'i=2253',
    conditionId: 'ns=2;s=Overpressure',
    eventId: new Uint8Array([1]),
    eventType: 'i=2915',
    sourceNode: 'ns=2;s=Tank',
    sourceName: 'Tank',
    conditionName: 'Overpressure',
    branchId: undefined,
    message: 'Pressure above 5 bar',
    severity: 600,
    timeNs: 1_000n,
    enabled: true,
    active: true,
    shelved: false,
    acknowledged: false,
    confirmed: false,
    retain: true,
    associated: new Map(),
    ...event,
  };
}
