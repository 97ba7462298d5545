import { type JsonValue, parseJson, type ScriptExecution } from '@medkit/core';
import { type ExecutionFacts, type ExecutionOutput, executionId, isUnderWay } from './execution.ts';

/** An execution as a provider gives it. */
export function executionOf(facts: ExecutionFacts, written?: ExecutionOutput): ScriptExecution {
  const { status, progress, startedMs, completedMs, exitCode, error, clientId, digest, runner } = facts;
  const result = written && !isUnderWay(facts) ? resultOf(written, exitCode) : undefined;
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

/** What a script gives: its output as JSON where that is a list or an object, else as text with what goes with it. */
function resultOf({ output, errors }: ExecutionOutput, exitCode: number | undefined): JsonValue {
  return (
    jsonOf(output) ?? {
      stdout: output.text,
      stderr: errors.text,
      ...(exitCode !== undefined && { exit_code: exitCode }),
    }
  );
}

function jsonOf({ text, truncated }: ExecutionOutput['output']): JsonValue | undefined {
  if (truncated || !/^\s*[[{]/.test(text)) return undefined;
  try {
    return parseJson(text);
  } catch {
    // A text that begins like JSON.
    return undefined;
  }
}
