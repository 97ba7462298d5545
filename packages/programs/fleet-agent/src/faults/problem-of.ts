import { GatewayRefused, GatewayUnreachable } from '@medkit/client';

/** Characters of a sentence; what a foreign server says may have no end. */
const MAX_LENGTH = 300;
/** Failures of a connection are causes of each other; deeper ones say nothing more. */
const MAX_CAUSES = 4;

/** Why a gateway cannot be asked, in words for health. */
export function problemOf(error: unknown): string {
  return sentence(error).slice(0, MAX_LENGTH);
}

function sentence(error: unknown): string {
  if (error instanceof GatewayUnreachable) return [error.message, ...causesOf(error)].join(': ');
  if (!(error instanceof GatewayRefused)) return error instanceof Error ? error.message : String(error);
  const remedy = error.status === 401 || error.status === 403 ? '; see gateway.token_file' : '';
  return `the gateway refuses with ${error.status}: ${error.message}${remedy}`;
}

/** The innermost cause, where there is one. */
function causesOf(error: Error): readonly string[] {
  let innermost: unknown = error;
  for (let depth = 0; depth < MAX_CAUSES && innermost instanceof Error && innermost.cause !== undefined; depth += 1) {
    innermost = innermost.cause;
  }
  return innermost instanceof Error && innermost !== error ? [innermost.message] : [];
}
