import type { OperationExecution, OperationExecutionResult } from '@medkit/contract';
import type { Execution, JsonValue } from '@medkit/core';

/** Formats the reply of an operation that completes with its request. */
export function executionResult(answer: JsonValue): OperationExecutionResult {
  return { status: 'completed', parameters: answer, result: answer };
}

/**
 * Converts an execution to the form that the API returns. Some clients read its result from `parameters`, others from
 * `result` and `last_feedback`.
 */
export function executionBody(execution: Execution): OperationExecution {
  const { id, status, capability, feedback, result, error, createdMs, startedMs, finishedMs, terms } = execution;
  const latest = result ?? feedback;
  return {
    id,
    status,
    capability,
    ...(latest !== undefined && { parameters: latest }),
    ...(result !== undefined && { result }),
    ...(feedback !== undefined && { last_feedback: feedback }),
    ...(error !== undefined && { error }),
    ...time('created_at', createdMs),
    ...time('started_at', startedMs),
    ...time('finished_at', finishedMs),
    ...(terms && { 'x-medkit': { goal_id: id, ...terms } }),
  };
}

function time(name: string, ms: number | undefined): Record<string, string> {
  return ms === undefined ? {} : { [name]: new Date(ms).toISOString() };
}
