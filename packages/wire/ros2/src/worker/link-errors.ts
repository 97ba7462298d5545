import { AddressInUse } from '@medkit/edges';
import {
  AlreadyClosed,
  CallAborted,
  CallTimeout,
  InvalidMessage,
  InvalidName,
  MalformedMessage,
  ServerLost,
  ServiceUnavailable,
  TooManyCalls,
  TopicTypeUnknown,
  UnknownType,
} from '../errors.ts';

/** An error as it crosses between threads, where its class would be lost. */
export interface WireError {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
}

/** Those that callers tell apart by class. */
const CLASSES: ReadonlyMap<string, new (message: string) => Error> = new Map(
  Object.entries({
    AddressInUse,
    AlreadyClosed,
    CallAborted,
    CallTimeout,
    InvalidMessage,
    InvalidName,
    MalformedMessage,
    ServerLost,
    ServiceUnavailable,
    TooManyCalls,
    TopicTypeUnknown,
    UnknownType,
  }),
);

export function encodeError(error: unknown): WireError {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error), stack: undefined };
  const { name, message, stack } = error;
  return { name, message, stack };
}

/** The error with its class, name, message and the stack of the thread where it was thrown. */
export function decodeError({ name, message, stack }: WireError): Error {
  const Class = CLASSES.get(name);
  const error = Class ? new Class(message) : Object.assign(new Error(message), { name });
  if (stack !== undefined) error.stack = stack;
  return error;
}
