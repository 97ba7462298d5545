import { SovdError } from '@medkit/contract';
import { PlcError, PlcRefused, PlcUnreachable } from '../session/plc-error.ts';

/** Of status codes of OPC UA (OPC 10000-4, 7.39) those that say that who asked gave something wrong. */
const WRONG_VALUE: ReadonlySet<string> = new Set([
  'BadTypeMismatch',
  'BadOutOfRange',
  'BadInvalidArgument',
  'BadArgumentsMissing',
  'BadTooManyArguments',
]);
/** Those that say that this user may not. */
const NOT_ALLOWED: ReadonlySet<string> = new Set(['BadUserAccessDenied', 'BadNotWritable', 'BadNotExecutable']);

/** Those that say that it is not the time for it, as of an alarm that was acknowledged already (OPC 10000-9, 5.7). */
const WRONG_TIME: ReadonlySet<string> = new Set([
  'BadConditionBranchAlreadyAcked',
  'BadConditionBranchAlreadyConfirmed',
  'BadConditionDisabled',
  'BadEventIdUnknown',
  'BadInvalidState',
]);

/** What a client is told of what a PLC did not do; anything else is given as it is. */
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

/** What `work` gives; what the PLC did not do is thrown as a `SovdError`. */
export async function askPlc<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw sovdErrorOf(error);
  }
}
