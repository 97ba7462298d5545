import type { FaultReport } from '@medkit/faults';
import type { RosMessage } from '@medkit/ros2';

/** Type of the service that receives fault reports. */
export const REPORT_FAULT_TYPE = 'ros2_medkit_msgs/srv/ReportFault';

/** `ReportFault.event_type`, by number. */
const EVENTS = ['FAILED', 'PASSED'] as const;

/** Returns the `ReportFault` request of a report. */
export function reportRequest({ code, event, severity, description, source }: FaultReport): RosMessage {
  return {
    fault_code: code,
    event_type: EVENTS.indexOf(event),
    severity,
    description,
    source_id: source,
  };
}

/** Parses a `ReportFault` request; `undefined` if its event is neither FAILED nor PASSED. */
export function reportOf(request: RosMessage): FaultReport | undefined {
  const event = EVENTS[Number(request.event_type)];
  if (event === undefined) return undefined;
  return {
    code: String(request.fault_code),
    event,
    severity: Number(request.severity),
    description: String(request.description),
    source: String(request.source_id),
  };
}
