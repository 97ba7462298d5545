import { type ExecutionCreateRequest, firstOf, listed, SovdError } from '@medkit/contract';
import type { JsonValue, OperationRequest } from '@medkit/core';

/** What clients call the arguments; the first that a body has counts. */
const ARGUMENTS = ['parameters', 'input', 'goal', 'request'] as const;

/** Members that a body may have besides; the last two are those of ISO 17978-3. */
const OTHERS: readonly string[] = ['type', 'timeout', 'proximity_response'];

/**
 * What a client wants done. No body, `{}` and `null` for the arguments all stand for none. A body that has no arguments but
 * members that nobody knows is refused: most likely they are the arguments, and without them a robot would do something else.
 */
export function operationRequestOf(body: ExecutionCreateRequest | undefined): OperationRequest {
  const fields: Readonly<Record<string, unknown>> = body ?? {};
  const name = ARGUMENTS.find((argument) => (fields[argument] ?? null) !== null);
  if (name === undefined) assertNoBareArguments(Object.keys(fields));
  return {
    // What the gateway parsed of a body is JSON.
    parameters: name === undefined ? undefined : (fields[name] as JsonValue),
    type: body?.type ?? undefined,
  };
}

function assertNoBareArguments(names: readonly string[]): void {
  const unknown = names.filter((name) => !OTHERS.includes(name) && !ARGUMENTS.some((argument) => argument === name));
  if (unknown.length === 0) return;
  const message = `Arguments belong into "parameters": {"parameters": {${listed(unknown, (name) => `"${name}": …`)}}}`;
  throw new SovdError({
    code: 'invalid-request',
    message,
    parameters: { fields: firstOf(unknown).map((field) => ({ field, message: 'expected inside "parameters"' })) },
  });
}
