import { type ExecutionCreateRequest, firstOf, listed, SovdError } from '@medkit/contract';
import type { JsonObject, OperationEntry, OperationRequest } from '@medkit/core';

/** Names that clients use for the arguments; the first one present counts. */
const ARGUMENTS = ['parameters', 'input', 'goal', 'request'] as const;

/** Other known fields of a body; the last two are from ISO 17978-3. */
const OTHERS: readonly string[] = ['type', 'timeout', 'proximity_response'];

/**
 * Parses the request of an execution. No body, `{}` and `null` arguments all mean no arguments. A body with unknown
 * fields and no arguments is refused: the unknown fields are probably the arguments, and ignoring them would make the
 * robot do something else. An operation with `topLevelArguments` accepts them as its arguments.
 */
export function operationRequestOf(
  body: ExecutionCreateRequest | undefined,
  { topLevelArguments = false }: Pick<OperationEntry, 'topLevelArguments'>,
): OperationRequest {
  // The parsed body is JSON.
  const fields = (body ?? {}) as JsonObject;
  const name = ARGUMENTS.find((argument) => (fields[argument] ?? null) !== null);
  const unnamed = name === undefined ? unnamedParameters(fields) : [];
  if (unnamed.length > 0 && !topLevelArguments) throw misplaced(unnamed);
  const inferred = unnamed.length > 0 ? Object.fromEntries(unnamed.map((each) => [each, fields[each]!])) : undefined;
  return { parameters: name === undefined ? inferred : fields[name], type: body?.type ?? undefined };
}

function unnamedParameters(fields: JsonObject): readonly string[] {
  const isKnown = (name: string): boolean => OTHERS.includes(name) || ARGUMENTS.some((argument) => argument === name);
  return Object.keys(fields).filter((name) => !isKnown(name));
}

function misplaced(unknown: readonly string[]): SovdError {
  const message = `Arguments must be inside "parameters": {"parameters": {${listed(unknown, (name) => `"${name}": …`)}}}`;
  return new SovdError({
    code: 'invalid-request',
    message,
    parameters: { fields: firstOf(unknown).map((field) => ({ field, message: 'expected inside "parameters"' })) },
  });
}
