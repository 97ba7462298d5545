import { MAX_FAULT_CODE_LENGTH, SovdError } from '@medkit/contract';

/** Throws `invalid-parameter` for an invalid fault code. */
export function assertFaultCode(code: string): void {
  if (code.length >= 1 && code.length <= MAX_FAULT_CODE_LENGTH) return;
  const details = `A fault code has 1 to ${MAX_FAULT_CODE_LENGTH} characters`;
  throw new SovdError({ code: 'invalid-parameter', message: 'Invalid fault code', parameters: { details } });
}
