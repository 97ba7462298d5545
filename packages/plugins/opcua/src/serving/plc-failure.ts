import { SovdError } from '@medkit/contract';
import { PlcError, PlcRefused, PlcUnreachable } from '@medkit/opcua';

/** Status codes of OPC UA (OPC 10000-4, 7.39) for an invalid request of the client. */
const WRONG_VALUE: ReadonlySet<string> = new Set([
  'BadTypeMismatch',
  'BadOutOfRange',
  'BadInvalidArgument',
  'BadArgumentsMissing',
  'BadTooManyArguments',
]);
/** Status codes for missing permissions. */
const NOT_ALLOWED: ReadonlySet<string> = new Set(['BadUserAccessDenied', 'BadNotWritable', 'BadNotExecutable']);

/** Status codes for a request in the wrong state, such as an alarm that is already acknowledged (OPC 10000-9, 5.7). */
const WRONG_TIME: ReadonlySet<string> = new Set([
  'BadConditionBranchAlreadyAcked',
  'BadConditionBranchAlreadyConfirmed',
  'BadConditionDisabled',
  'BadEventIdUnknown',
  'BadInvalidState',
]);

/** Converts an error of a PLC to the error for the client; other errors are returned unchanged. */
export function sovdErrorOf(error: unknown): unknown {
  if (!(error instanceof PlcError)) return error;
  const { message, status } = error;
  const parameters = status === undefined ? {} : { status };
  if (error instanceof PlcUnreachable)
    return new SovdError({ code: 'service-unavailable', status: 502, message, parameters });
  if (error instanceof PlcRefused && status !== undefined) {
    if (WRONG_VALUE.has(status)) return new SovdError({ code: 'invalid-parameter', message, parameters });
    if (WRONG_TIME.has(status)) return new SovdError({ code: 'precondition-not-fulfilled', message, parameters });
    if (NOT_ALLOWED.has(status)) return new SovdError({ code: 'insufficient-access-rights', message, parameters });
  }
  return new SovdError({ code: 'service-unavailable', status: 502, message, parameters });
}

/** Runs `work` and converts errors of the PLC to `SovdError`. */
export async function askPlc<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw sovdErrorOf(error);
  }
}
