import { AddressInUse } from '@medkit/edges';
import { decodeError, encodeError, type LinkErrors } from '@medkit/edges/link';
import {
  AdapterUnavailable,
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

/** Errors that callers distinguish by class. */
const CLASSES = {
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
};

/** Encodes errors between a client and the thread of its adapter, or another process that uses an adapter. */
export const ROS_ERRORS: LinkErrors = {
  encode: encodeError,
  decode: (error) => decodeError(error, CLASSES),
  full: (calls) => new AdapterUnavailable(`the DDS thread already has ${calls} pending calls`),
};
