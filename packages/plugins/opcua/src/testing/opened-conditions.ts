import type { PlcEvent } from '@medkit/opcua';
import type { AlarmSignal } from '../alarms/alarm-signal.ts';
import type { ConditionAlarmsOptions } from '../alarms/condition-alarms.ts';
import { conditionAlarms } from '../alarms/condition-faults.ts';
import { type AutoAlarms, DEFAULT_AUTO_ALARMS } from '../node-map/auto-alarms.ts';
import type { EventAlarm } from '../node-map/event-alarm.ts';
import { fnv1aHex } from '../node-map/short-name.ts';
import { alarmEvent } from './alarm-event.ts';

export const SERVER = 'i=2253';
export const TANK_NODE = 'ns=2;s=Tank';
export const AUTO_CODE = `PLC_ALARM_OVERPRESSURE_${fnv1aHex(TANK_NODE)}`;

export const alarmOf = (alarm: Partial<EventAlarm> = {}): EventAlarm => ({
  source: SERVER,
  entityId: 'line',
  code: 'PRESSURE',
  mappings: [],
  associatedValues: [],
  ...alarm,
});

export function opened(options: Partial<ConditionAlarmsOptions> = {}) {
  const lines: string[] = [];
  const alarms = conditionAlarms({
    eventAlarms: [],
    autoAlarms: undefined,
    requireConfirm: true,
    componentId: 'plc',
    entityOfNode: () => undefined,
    log: (_, text) => lines.push(text),
    ...options,
  });
  const signalTexts = (signals: readonly AlarmSignal[]) =>
    signals.map(({ kind, code }) => `${kind === 'raise' ? '+' : '-'}${code}`).join(' ');
  return {
    alarms,
    lines,
    signalTexts,
    handle: (event: Partial<PlcEvent> = {}) => signalTexts(alarms.handle(alarmEvent(event))),
    read: (notifier: string, ...events: readonly (Partial<PlcEvent> & { unread?: true })[]) =>
      signalTexts(
        alarms.reconcile(
          notifier,
          events.map(({ unread, eventId, ...event }) => ({
            ...alarmEvent(event),
            eventId,
            ...(unread ? { unread } : {}),
          })),
        ),
      ),
  };
}

export const mapped = (options: Partial<ConditionAlarmsOptions> = {}) =>
  opened({ eventAlarms: [alarmOf()], ...options });
export const automatic = (auto: Partial<AutoAlarms> = {}, options: Partial<ConditionAlarmsOptions> = {}) =>
  opened({ autoAlarms: { ...DEFAULT_AUTO_ALARMS, ...auto }, ...options });

export const DONE = { active: false, acknowledged: true, confirmed: true };
