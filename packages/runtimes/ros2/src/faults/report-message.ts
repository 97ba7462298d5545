import type { FaultReport } from '@medkit/faults';
import type { RosMessage } from '@medkit/ros2';

/** Type of the service that takes reports of faults. */
export const REPORT_FAULT_TYPE = 'ros2_medkit_msgs/srv/ReportFault';

/** `ReportFault.event_type`, by its figure. */
const EVENTS = ['FAILED', 'PASSED'] as const;

/** The request of `ReportFault` that makes a report. */
export function reportRequest({ code, event, severity, description, source }: FaultReport): RosMessage {
  return {
    fault_code: code,
    event_type: EVENTS.indexOf(event),
    severity,
    description,
    source_id: source,
  };
}

/** The report that a request of `ReportFault` makes; `undefined` where its event is neither FAILED nor PASSED. */
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
