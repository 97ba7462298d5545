import { SovdError } from '@medkit/contract';

/**
 * Returns the most informative error: an unavailable node first, then a failure, a refusal, and last an unknown name,
 * because a node that did not answer may know it. Among equals, returns the first.
 */
export function worstError(errors: readonly unknown[]): unknown {
  return errors.reduce((worst, error) => (rank(error) > rank(worst) ? error : worst), errors[0]);
}

function rank(error: unknown): number {
  const status = error instanceof SovdError ? error.status : 500;
  if (status === 503) return 3;
  if (status >= 500) return 2;
  return status === 404 ? 0 : 1;
}
