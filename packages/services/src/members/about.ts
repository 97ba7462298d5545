import { SovdError } from '@medkit/contract';

/** The error with what it is about among its parameters; anything else than a `SovdError` as it is. */
export function about(error: unknown, parameters: Readonly<Record<string, unknown>>): unknown {
  if (!(error instanceof SovdError)) return error;
  const { code, message, status } = error;
  return new SovdError({ code, message, status, parameters: { ...parameters, ...error.parameters } });
}
