import { SovdError } from '@medkit/contract';

type Parameters = Readonly<Record<string, unknown>>;

/** What `work` gives. Its errors for clients get what they are about among their parameters, unless they say so better. */
export async function errorsWith<T>(parameters: Parameters, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw withParameters(error, parameters);
  }
}

/** The error with what it is about among its parameters; anything else than a `SovdError` as it is. */
export function withParameters(error: unknown, parameters: Parameters): unknown {
  if (!(error instanceof SovdError)) return error;
  const { code, message, status } = error;
  return new SovdError({ code, message, status, parameters: { ...parameters, ...error.parameters } });
}
