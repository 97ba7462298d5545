import type { FaultListItem, FaultListResult } from '@medkit/contract';
import { type RosMessage, timeMessage } from '@medkit/ros2';
import { entityNotFound, findEntity, resourcePath } from './find-entity.ts';
import { type MedkitService, refused } from './medkit-service.ts';
import { refusalReason } from './refusal-reason.ts';

/** `list_entity_faults`: the faults of an entity in the API, from any fault manager. */
export const listEntityFaults: MedkitService = {
  name: 'list_entity_faults',
  type: 'ros2_medkit_msgs/srv/ListFaultsForEntity',
  async answer({ entity_id }, gateway) {
    const id = String(entity_id);
    const entity = findEntity(await gateway.entities(), id);
    if (!entity) return refused(entityNotFound(id));
    const reply = await gateway.request({ method: 'GET', path: resourcePath(entity, 'faults') });
    if (reply.status !== 200) return refused(refusalReason(reply));
    const { items } = reply.body as unknown as FaultListResult;
    return { success: true, faults: items.map(faultMessage) };
  },
};

/**
 * Returns a `ros2_medkit_msgs/msg/Fault`. Fields that the fault manager of another gateway does not provide are empty.
 */
function faultMessage(fault: FaultListItem): RosMessage {
  const { fault_code, severity, description, status, occurrence_count, reporting_sources } = fault;
  return {
    fault_code,
    severity: severity ?? 0,
    description: description ?? '',
    status: statusText(status),
    occurrence_count: occurrence_count ?? 0,
    reporting_sources: reporting_sources ?? [],
    first_occurred: timeMessage(nanoseconds(fault.first_occurred)),
    last_occurred: timeMessage(nanoseconds(fault.last_occurred)),
    last_passed: timeMessage(nanoseconds(fault.last_passed)),
  };
}

/** Runtimes without a ROS fault manager return the status as an object, as in SOVD. */
function statusText(status: unknown): string {
  if (typeof status === 'string') return status;
  const isObject = typeof status === 'object' && status !== null && 'aggregatedStatus' in status;
  return isObject ? String(status.aggregatedStatus) : '';
}

/** Converts the API's fractional seconds, rounded to microseconds, which is the precision of such a number. */
function nanoseconds(seconds: number | null | undefined): bigint {
  return BigInt(Math.round((seconds ?? 0) * 1e6)) * 1000n;
}
