import { ERROR_CODES, type ErrorCode, SovdError, type VendorCode } from '@medkit/contract';

/** Characters of a plugin's message that a client gets to see. */
const MAX_MESSAGE_LENGTH = 512;
/** A code of a plugin's own, which goes out as it is. */
const VENDOR_CODE = /^x-[a-z0-9-]{1,128}$/;

/**
 * What a plugin threw as an error for clients, where it meant it as one: also a `SovdError` of another copy of its package,
 * which a plugin may have brought along.
 */
export function sovdErrorOf(error: unknown): SovdError | undefined {
  if (!(error instanceof Error) || error.name !== 'SovdError') return undefined;
  const { code, status, parameters, message } = error as Partial<SovdError> & Error;
  if (typeof code !== 'string' || !(Object.hasOwn(ERROR_CODES, code) || VENDOR_CODE.test(code))) return undefined;
  return new SovdError({
    code: code as ErrorCode | VendorCode,
    message: message.length > MAX_MESSAGE_LENGTH ? `${message.slice(0, MAX_MESSAGE_LENGTH)}...` : message,
    ...(typeof status === 'number' && { status: Math.min(599, Math.max(400, Math.trunc(status) || 500)) }),
    ...(parameters && typeof parameters === 'object' && { parameters }),
  });
}
