import { SovdError } from '@medkit/contract';

type Parameters = Readonly<Record<string, unknown>>;

/** Runs `work` and adds these parameters to its `SovdError`s; parameters that the error already has take precedence. */
export async function errorsWith<T>(parameters: Parameters, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw withParameters(error, parameters);
  }
}

/** Returns the error with these parameters added; any error other than a `SovdError` unchanged. */
export function withParameters(error: unknown, parameters: Parameters): unknown {
  if (!(error instanceof SovdError)) return error;
  const { code, message, status } = error;
  return new SovdError({ code, message, status, parameters: { ...parameters, ...error.parameters } });
}
