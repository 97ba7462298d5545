import type { AnsweredRequest } from '@medkit/audit';
import { API_BASE } from '@medkit/contract';
import type { Clock } from '@medkit/edges';
import type { QueueStep } from '@medkit/fleet';

/** HTTP statuses that state the outcome of steps without a reply. */
const STATUSES = { waiting: 503, sent: 202, done: 200, refused: 403, expired: 408, cancelled: 409, unknown: 504 };

/** Returns the audit record of a step of a queued request: a request of its account to the robot. */
export function queueRecord(
  { id, robot, createdBy, call, state, reason, status }: QueueStep,
  clock: Pick<Clock, 'wallNs'>,
): AnsweredRequest {
  return {
    method: call.method,
    operation_id: 'queueFleetRequest',
    path: `/fleet/${robot}${API_BASE}${call.path}`,
    collection: 'queue',
    item: String(id),
    principal: createdBy,
    // The hub sends it.
    remote_address: '',
    status: status ?? STATUSES[state],
    duration_ms: 0,
    cameAtNs: clock.wallNs(),
    notes: { robot, state, ...(reason !== undefined && { reason }) },
  };
}
