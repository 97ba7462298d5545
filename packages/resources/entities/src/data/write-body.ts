import { SovdError } from '@medkit/contract';
import type { DataWrite, JsonValue } from '@medkit/core';

/**
 * Parses the body of a write: `{type, data}`, without the type, or with `value` instead of `data` as the web UI sends
 * it. `body` is the parsed JSON, `undefined` if there was none.
 */
export function dataWriteOf(body: unknown): DataWrite {
  if (body === undefined) {
    throw new SovdError({ code: 'invalid-request', message: 'Request body is not valid JSON' });
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new SovdError({ code: 'invalid-request', message: 'body: expected a JSON object' });
  }
  const fields = new Map<string, JsonValue>(Object.entries(body));
  const type = fields.get('type') ?? undefined;
  const value = fields.has('data') ? fields.get('data') : fields.get('value');
  const acknowledge = fields.get('acknowledge') ?? false;
  const problems = [
    ...(type !== undefined && typeof type !== 'string' ? ['type: expected a string'] : []),
    ...(value === undefined ? ['data: missing required field'] : []),
    ...(typeof acknowledge !== 'boolean' ? ['acknowledge: expected true or false'] : []),
  ];
  if (problems.length > 0) throw new SovdError({ code: 'invalid-request', message: problems.join('; ') });
  return {
    type: typeof type === 'string' ? messageType(type) : undefined,
    value: value ?? null,
    ...(acknowledge === true && { acknowledge }),
  };
}

function messageType(type: string): string {
  if (/^[^/]+\/msg\/[^/]+$/.test(type)) return type;
  throw new SovdError({
    code: 'invalid-parameter',
    message: 'Invalid message type format',
    parameters: { details: 'Expected package/msg/Type, such as std_msgs/msg/Float32', type },
  });
}
