import { GatewayRefused, GatewayUnreachable } from '@medkit/client';

/** Maximum length of a message, characters: a foreign server may return any length. */
const MAX_LENGTH = 300;
/** Maximum depth of nested causes; deeper ones add no information. */
const MAX_CAUSES = 4;

/** Returns the reason why a gateway is unavailable, for health. */
export function unavailableReason(error: unknown): string {
  return sentence(error).slice(0, MAX_LENGTH);
}

function sentence(error: unknown): string {
  if (error instanceof GatewayUnreachable) return [error.message, ...causesOf(error)].join(': ');
  if (!(error instanceof GatewayRefused)) return error instanceof Error ? error.message : String(error);
  const remedy = error.status === 401 || error.status === 403 ? '; check gateway.token_file' : '';
  return `the gateway rejected the request with ${error.status}: ${error.message}${remedy}`;
}

/** Returns the innermost cause, if any. */
function causesOf(error: Error): readonly string[] {
  let innermost: unknown = error;
  for (let depth = 0; depth < MAX_CAUSES && innermost instanceof Error && innermost.cause !== undefined; depth += 1) {
    innermost = innermost.cause;
  }
  return innermost instanceof Error && innermost !== error ? [innermost.message] : [];
}
