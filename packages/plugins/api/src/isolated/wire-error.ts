import { SovdError } from '@medkit/contract';
import { decodeError, encodeError, type WireError as RosWireError } from '@medkit/ros2';
import { sovdErrorOf } from '../host/foreign-error.ts';

/** An error as it crosses between processes, where its class would be lost. */
export interface WireError extends RosWireError {
  readonly sovd?: {
    readonly code: SovdError['code'];
    readonly status: number;
    readonly parameters: SovdError['parameters'];
  };
}

export function toWire(error: unknown): WireError {
  const told = sovdErrorOf(error);
  if (!told) return encodeError(error);
  const { code, status, parameters } = told;
  return { ...encodeError(told), sovd: { code, status, parameters } };
}

export function fromWire({ sovd, ...error }: WireError): Error {
  if (!sovd) return decodeError(error);
  const { code, status, parameters } = sovd;
  return new SovdError({ code, status, message: error.message, ...(parameters && { parameters }) });
}
