import { type ExecutionCreateRequest, firstOf, listed, SovdError } from '@medkit/contract';
import type { JsonObject, OperationEntry, OperationRequest } from '@medkit/core';

/** What clients call the arguments; the first that a body has counts. */
const ARGUMENTS = ['parameters', 'input', 'goal', 'request'] as const;

/** Members that a body may have besides; the last two are those of ISO 17978-3. */
const OTHERS: readonly string[] = ['type', 'timeout', 'proximity_response'];

/**
 * What a client wants done. No body, `{}` and `null` for the arguments all stand for none. A body that has no arguments but
 * members that nobody knows is refused: most likely they are the arguments, and without them a robot would do something else.
 * An operation that takes bare ones is given them.
 */
export function operationRequestOf(
  body: ExecutionCreateRequest | undefined,
  { bareArguments = false }: Pick<OperationEntry, 'bareArguments'>,
): OperationRequest {
  // What the gateway parsed of a body is JSON.
  const fields = (body ?? {}) as JsonObject;
  const name = ARGUMENTS.find((argument) => (fields[argument] ?? null) !== null);
  const bare = name === undefined ? bareNames(fields) : [];
  if (bare.length > 0 && !bareArguments) throw misplaced(bare);
  const ownParameters = bare.length > 0 ? Object.fromEntries(bare.map((each) => [each, fields[each]!])) : undefined;
  return { parameters: name === undefined ? ownParameters : fields[name], type: body?.type ?? undefined };
}

function bareNames(fields: JsonObject): readonly string[] {
  const isKnown = (name: string): boolean => OTHERS.includes(name) || ARGUMENTS.some((argument) => argument === name);
  return Object.keys(fields).filter((name) => !isKnown(name));
}

function misplaced(unknown: readonly string[]): SovdError {
  const message = `Arguments belong into "parameters": {"parameters": {${listed(unknown, (name) => `"${name}": …`)}}}`;
  return new SovdError({
    code: 'invalid-request',
    message,
    parameters: { fields: firstOf(unknown).map((field) => ({ field, message: 'expected inside "parameters"' })) },
  });
}
