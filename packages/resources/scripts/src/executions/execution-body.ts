import { type JsonValue, parseJsonInput, type ScriptExecution } from '@medkit/core';
import { type ExecutionFacts, type ExecutionOutput, executionId, isUnderWay } from './execution.ts';

/** An execution as a provider gives it. */
export function executionOf(facts: ExecutionFacts, written?: ExecutionOutput): ScriptExecution {
  const { status, progress, startedMs, completedMs, exitCode, error, clientId, digest, runner } = facts;
  const result = written && !isUnderWay(facts) ? resultOf(written) : undefined;
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
 * The result of a script: its output parsed as JSON if that is a list or an object, else `{stdout}` and nothing besides. The
 * web UI of ros2_medkit shows that text verbatim, and any other object as escaped JSON.
 */
function resultOf({ output }: ExecutionOutput): JsonValue {
  return jsonOf(output) ?? { stdout: output.text };
}

function jsonOf({ text, truncated }: ExecutionOutput['output']): JsonValue | undefined {
  if (truncated || !/^\s*[[{]/.test(text)) return undefined;
  try {
    return parseJsonInput(text);
  } catch {
    // A text that begins like JSON.
    return undefined;
  }
}
