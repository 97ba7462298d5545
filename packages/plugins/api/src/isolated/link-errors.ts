import { SovdError } from '@medkit/contract';
import { decodeError, encodeError, type LinkErrors, type WireError } from '@medkit/edges/link';
import { sovdErrorOf } from '../host/foreign-error.ts';

/** Calls between a gateway and the process of a plugin that may be under way, in either direction. */
export const LINK_BOUNDS = { calls: 1024 };

interface SovdWireError extends WireError {
  readonly sovd?: {
    readonly code: SovdError['code'];
    readonly status: number;
    readonly parameters: SovdError['parameters'];
  };
}

/**
 * Errors between a gateway and the process of a plugin: those of SOVD are the same on either side.
 *
 * @param decode gives the others their classes, where whoever gets them tells them apart by class
 */
export const linkErrors = (decode: (error: WireError) => Error = decodeError): LinkErrors => ({
  encode(error): SovdWireError {
    const found = sovdErrorOf(error);
    if (!found) return encodeError(error);
    const { code, status, parameters } = found;
    return { ...encodeError(found), sovd: { code, status, parameters } };
  },
  decode({ sovd, ...error }: SovdWireError): Error {
    if (!sovd) return decode(error);
    const { code, status, parameters } = sovd;
    return new SovdError({ code, status, message: error.message, ...(parameters && { parameters }) });
  },
  full: (calls) => new Error(`there are ${calls} calls to answer already`),
});
