import { ERROR_CODES, type ErrorCode, SovdError, type VendorCode } from '@medkit/contract';

/** Maximum length of a plugin's message that clients receive, in characters. */
const MAX_MESSAGE_LENGTH = 512;
/** A vendor code defined by a plugin; passed on unchanged. */
const VENDOR_CODE = /^x-[a-z0-9-]{1,128}$/;

/**
 * Converts an error of a plugin to a `SovdError` if it was meant as one. The plugin may have installed a separate copy
 * of the package, so its class may differ. Returns `undefined` for any other error.
 */
export function toSovdError(error: unknown): SovdError | undefined {
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
