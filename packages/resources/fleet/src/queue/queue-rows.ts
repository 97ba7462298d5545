import type { FleetQueuedRequest, FleetQueueState } from '@medkit/contract';
import { parseJson } from '@medkit/core/json';
import type { Row, Statement } from '@medkit/store';
import { isoTime, optionalNumber, optionalText, textOf } from '../fleet-context.ts';
import type { RobotCall } from '../requests/robot-request.ts';
import type { QueuedState } from './queue-step.ts';

/** A row of `fleet_queue`. */
export interface StoredRequest {
  readonly id: number;
  /** Number of the robot. */
  readonly robot: number;
  readonly call: RobotCall;
  readonly note: string | undefined;
  readonly createdMs: number;
  readonly createdBy: string;
  readonly version: number;
  readonly row: QueuedState;
}

export function requestOf(row: Row): StoredRequest {
  const [status, body] = [optionalNumber(row.status), optionalText(row.body)];
  return {
    id: Number(row.id),
    robot: Number(row.robot),
    call: {
      method: textOf(row.method!) as FleetQueuedRequest['method'],
      path: textOf(row.path!),
      ...(body !== undefined && { body: parseJson(body) }),
    },
    note: optionalText(row.note),
    createdMs: Number(row.created_ms),
    createdBy: textOf(row.created_by!),
    version: Number(row.version),
    row: {
      state: textOf(row.state!) as FleetQueueState,
      expiresMs: Number(row.expires_ms),
      notBeforeMs: Number(row.not_before_ms),
      sentMs: optionalNumber(row.sent_ms),
      dueMs: Number(row.due_ms),
      attempt: Number(row.attempt),
      reason: optionalText(row.reason),
      reply: status === undefined ? undefined : { status, body: optionalText(row.reply) },
      endedMs: optionalNumber(row.ended_ms),
    },
  };
}

/** Returns a request for a robot as clients receive it. */
export function queuedItem(
  { id, call, note, createdMs, createdBy, row }: StoredRequest,
  robot: string,
): FleetQueuedRequest {
  const { state, reason, expiresMs, notBeforeMs, sentMs, dueMs, reply, endedMs } = row;
  return {
    ...{ id: String(id), robot },
    ...(call as Pick<FleetQueuedRequest, 'body' | 'method' | 'path'>),
    state,
    ...(reason !== undefined && { reason }),
    created_at: isoTime(createdMs),
    created_by: createdBy,
    expires_at: isoTime(expiresMs),
    ...(notBeforeMs > createdMs && { not_before: isoTime(notBeforeMs) }),
    ...(sentMs !== undefined && { sent_at: isoTime(sentMs) }),
    ...(endedMs === undefined && dueMs > createdMs && { next_attempt: isoTime(dueMs) }),
    ...(endedMs !== undefined && { ended_at: isoTime(endedMs) }),
    ...(reply && {
      reply: { status: reply.status, ...(reply.body !== undefined && { body: parseJson(reply.body) }) },
    }),
    ...(note !== undefined && { note }),
  };
}

/** Returns the statement that stores the next state of a request, unless the row has changed. */
export function storeRequest({ id, version }: StoredRequest, row: QueuedState): Statement {
  return {
    sql: `UPDATE fleet_queue SET state = ?, sent_ms = ?, due_ms = ?, attempt = ?, reason = ?, status = ?, reply = ?,
            ended_ms = ?, version = version + 1
          WHERE id = ? AND version = ?`,
    parameters: [
      ...[row.state, row.sentMs ?? null, row.dueMs, row.attempt, row.reason ?? null, row.reply?.status ?? null],
      ...[row.reply?.body ?? null, row.endedMs ?? null, id, version],
    ],
  };
}
