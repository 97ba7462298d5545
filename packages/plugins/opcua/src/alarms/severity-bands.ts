import type { SeverityBands } from '../node-map/auto-alarms.ts';
import type { AlarmSeverity } from '../node-map/fault-rule.ts';

/** Returns the fault severity for an event's severity, 1 to 1000 (OPC 10000-5, 6.4.2). */
export function severityOfEvent(severity: number, { critical, error, warning }: SeverityBands): AlarmSeverity {
  if (severity >= critical) return 3;
  if (severity >= error) return 2;
  return severity >= warning ? 1 : 0;
}
