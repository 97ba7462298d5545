import { type JsonValue, parseJsonInput, type ScriptExecution } from '@medkit/core';
import { type ExecutionFacts, type ExecutionOutput, executionId, isRunning } from './execution.ts';

/** Converts an execution to the form of the provider interface. */
export function executionOf(facts: ExecutionFacts, written?: ExecutionOutput): ScriptExecution {
  const { status, progress, startedMs, completedMs, exitCode, error, clientId, digest, runner } = facts;
  const result = written && !isRunning(facts) ? resultOf(written) : undefined;
  return {
    id: executionId(facts),
    status,
    startedMs,
    ...(progress !== undefined && { progress }),
    ...(completedMs !== undefined && { completedMs }),
    ...(exitCode !== undefined && { exitCode }),
    ...(error && { error }),
    ...(result !== undefined && { result }),
    ...written,
    ...(clientId !== '' && { clientId }),
    digest,
    runner,
  };
}

/**
 * Returns the result of a script: its output parsed as JSON if that is a list or an object, otherwise only `{stdout}`.
 * The web UI of ros2_medkit shows that text verbatim, but any other object as escaped JSON.
 */
function resultOf({ output }: ExecutionOutput): JsonValue {
  return jsonOf(output) ?? { stdout: output.text };
}

function jsonOf({ text, truncated }: ExecutionOutput['output']): JsonValue | undefined {
  if (truncated || !/^\s*[[{]/.test(text)) return undefined;
  try {
    return parseJsonInput(text);
  } catch {
    // The text only begins like JSON.
    return undefined;
  }
}
