import { SovdError, type SovdErrorInit } from '@medkit/contract';
import { abandonedCallError, errorMessage } from '@medkit/core';
import {
  AdapterUnavailable,
  AlreadyClosed,
  CallAborted,
  CallLost,
  CallTimeout,
  InvalidMessage,
  InvalidName,
  MalformedMessage,
  ServerLost,
  ServiceUnavailable,
  TooManyCalls,
  TopicTypeUnknown,
  UnknownType,
} from '@medkit/ros2';
import { definitionFile } from './graph/definition-file.ts';
import type { RosOperation } from './operations/ros-operation.ts';

/** No server, no answer, an invalid answer, or an unsupported type. */
const FAILED_CALLS = [
  ServiceUnavailable,
  CallTimeout,
  ServerLost,
  MalformedMessage,
  UnknownType,
  TopicTypeUnknown,
  InvalidName,
];
/** Failures after which the server may have executed the request. */
const UNKNOWN_OUTCOMES = [CallTimeout, CallLost, ServerLost, MalformedMessage];
/** Failures on the side of the gateway. */
const OUR_FAILURES = [TooManyCalls, AlreadyClosed, AdapterUnavailable, CallLost];

/** `a.b[0].c: expected …`: the text of an `InvalidMessage` about a field. */
const FIELD_PROBLEM = /^([A-Za-z_]\w*(?:\.\w+|\[\d+\])*): (.*)$/s;

/**
 * Maps a failed call to a node to the error for the client. A request that does not match its type becomes
 * `invalid-request` with the field and the expected value. Failures of the gateway become `service-unavailable`.
 * Invalid or missing answers of the node become `failed`, with the reason in `details`. Any other error is a defect and
 * is returned unchanged.
 */
export function callFailure(error: unknown, failed: SovdErrorInit): unknown {
  const details = errorMessage(error);
  if (error instanceof InvalidMessage) return invalidRequest(details, failed.parameters);
  if (error instanceof CallAborted) return abandonedCallError();
  const parameters = { ...failed.parameters, details };
  if (isOneOf(error, OUR_FAILURES)) {
    return new SovdError({ code: 'service-unavailable', message: `${details}; try again`, parameters });
  }
  return isOneOf(error, FAILED_CALLS) ? new SovdError({ ...failed, parameters }) : error;
}

/** Returns whether the request was sent and the failure leaves open whether it took effect. */
export function hasUnknownOutcome(error: unknown): boolean {
  return isOneOf(error, UNKNOWN_OUTCOMES);
}

/**
 * Returns the error of a request that may have taken effect. `what` describes the request, such as `/driver/reset was
 * called`.
 */
export function outcomeUnknown(error: unknown, what: string, parameters: SovdErrorInit['parameters']): SovdError {
  const details = errorMessage(error);
  const message = `${what}, and its outcome is unknown: ${details}`;
  return new SovdError({ code: 'x-medkit-outcome-unknown', message, parameters: { ...parameters, details } });
}

/** Returns the error of an operation whose type has no definition; nothing was sent. */
export function typeUnknown({ kind, name, type }: RosOperation): SovdError {
  const file = definitionFile(type) ?? 'its definition';
  const message = `${name} cannot be called: medkit has no definition of its type ${type}. Put ${file} below a folder of AMENT_PREFIX_PATH or of ros.type_folders.`;
  const details = `there is no definition of ${type}`;
  return new SovdError({ code: 'not-implemented', message, parameters: { [kind]: name, type, file, details } });
}

function isOneOf(error: unknown, classes: readonly (new (message: string) => Error)[]): boolean {
  return classes.some((Class) => error instanceof Class);
}

function invalidRequest(details: string, about: SovdErrorInit['parameters']): SovdError {
  const [, field = '', message = details] = FIELD_PROBLEM.exec(details) ?? [];
  return new SovdError({
    code: 'invalid-request',
    message: `The request does not match its type: ${details}`,
    parameters: { ...about, details, fields: [{ field, message }] },
  });
}
