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

/** Those that callers tell apart by class. */
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

/** Errors between a client and the thread of its adapter, or another process that uses one. */
export const ROS_ERRORS: LinkErrors = {
  encode: encodeError,
  decode: (error) => decodeError(error, CLASSES),
  full: (calls) => new AdapterUnavailable(`the DDS thread has ${calls} calls to answer already`),
};
