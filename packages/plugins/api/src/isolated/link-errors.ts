import { SovdError } from '@medkit/contract';
import { decodeError, encodeError, type LinkErrors, type WireError } from '@medkit/edges/link';
import { toSovdError } from '../host/plugin-error.ts';

/** Maximum concurrent calls between a gateway and a plugin's process, in each direction. */
export const LINK_BOUNDS = { calls: 1024 };

interface SovdWireError extends WireError {
  readonly sovd?: {
    readonly code: SovdError['code'];
    readonly status: number;
    readonly parameters: SovdError['parameters'];
  };
}

/**
 * Encodes errors between a gateway and a plugin's process. A `SovdError` is the same on both sides.
 *
 * @param decode restores the classes of other errors, for receivers that distinguish errors by class
 */
export const linkErrors = (decode: (error: WireError) => Error = decodeError): LinkErrors => ({
  encode(error): SovdWireError {
    const found = toSovdError(error);
    if (!found) return encodeError(error);
    const { code, status, parameters } = found;
    return { ...encodeError(found), sovd: { code, status, parameters } };
  },
  decode({ sovd, ...error }: SovdWireError): Error {
    if (!sovd) return decode(error);
    const { code, status, parameters } = sovd;
    return new SovdError({ code, status, message: error.message, ...(parameters && { parameters }) });
  },
  full: (calls) => new Error(`${calls} calls are already pending`),
});
