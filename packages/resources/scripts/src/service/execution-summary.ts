import { type ExecutionSummary, entityHref } from '@medkit/contract';
import type { Entity, RecentExecution, RecentScriptExecution } from '@medkit/core';
import { scriptHref } from './script-body.ts';

/** Converts an execution of an operation to a list item; `operationId` is the id in the API. */
export function operationSummary(
  { kind, id }: Entity,
  operationId: string,
  { execution }: Pick<RecentExecution, 'execution'>,
): ExecutionSummary {
  const { status, error, createdMs, startedMs, finishedMs, terms } = execution;
  const path = [operationId, 'executions', execution.id].map(encodeURIComponent).join('/');
  return {
    id: execution.id,
    of: 'operation',
    entity_type: kind,
    entity_id: id,
    operation_id: operationId,
    href: `${entityHref(kind, id, 'operations')}/${path}`,
    status,
    ...(error !== undefined && { error }),
    ...times(createdMs ?? startedMs, finishedMs),
    ...(terms && { 'x-medkit': terms }),
  };
}

/** Converts an execution of a script to a list item. */
export function scriptSummary(entity: Entity, { scriptId, execution }: RecentScriptExecution): ExecutionSummary {
  const { id, status, progress, error, startedMs, completedMs, clientId } = execution;
  return {
    id,
    of: 'script',
    entity_type: entity.kind,
    entity_id: entity.id,
    script_id: scriptId,
    href: `${scriptHref(entity, scriptId)}/executions/${id}`,
    status,
    ...(progress !== undefined && { progress }),
    ...(error && { error: error.message }),
    ...times(startedMs, completedMs),
    ...(clientId !== undefined && clientId !== '' && { client_id: clientId }),
  };
}

function times(startedMs: number | undefined, finishedMs: number | undefined) {
  return {
    ...(startedMs !== undefined && { started_at: new Date(startedMs).toISOString() }),
    ...(finishedMs !== undefined && { finished_at: new Date(finishedMs).toISOString() }),
  };
}
