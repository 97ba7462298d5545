import { SovdError } from '@medkit/contract';

/**
 * The error that says most of several: a node that is not there comes before one that failed, that before a refusal, and
 * that a name is unknown comes last, as it may well be known to those who did not answer. The first among equals.
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
