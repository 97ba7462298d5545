import { SovdError, type SovdErrorInit } from '@medkit/contract';
import { abandonedCall, reasonOf } from '@medkit/core';
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
import { definitionFile } from '../graph/definition-file.ts';
import type { RosOperation } from '../operations/ros-operation.ts';

/** No server, no answer, an answer that is none, a type that cannot be spoken. */
const FAILED_CALLS = [
  ServiceUnavailable,
  CallTimeout,
  ServerLost,
  MalformedMessage,
  UnknownType,
  TopicTypeUnknown,
  InvalidName,
];
/** Failures after which the server may have done what it was asked for. */
const UNKNOWN_OUTCOMES = [CallTimeout, CallLost, ServerLost, MalformedMessage];
/** The gateway itself cannot call now. */
const OUR_FAILURES = [TooManyCalls, AlreadyClosed, AdapterUnavailable, CallLost];

/** `a.b[0].c: expected …`, as an `InvalidMessage` has it where the problem is not the message as a whole. */
const FIELD_PROBLEM = /^([A-Za-z_]\w*(?:\.\w+|\[\d+\])*): (.*)$/s;

/**
 * What a client is told of a failed call to a node. A request that does not fit its type is `invalid-request` with the
 * field and what was expected there; where the gateway is the reason it is `service-unavailable`; a call that the node did
 * not answer as it should becomes `failed`, with the reason as `details`. Anything else is a defect and stays what it is.
 */
export function callFailure(error: unknown, failed: SovdErrorInit): unknown {
  const details = reasonOf(error);
  if (error instanceof InvalidMessage) return invalidRequest(details, failed.parameters);
  if (error instanceof CallAborted) return abandonedCall();
  const parameters = { ...failed.parameters, details };
  if (isOneOf(error, OUR_FAILURES)) {
    return new SovdError({ code: 'service-unavailable', message: `${details}; try again`, parameters });
  }
  return isOneOf(error, FAILED_CALLS) ? new SovdError({ ...failed, parameters }) : error;
}

/** Returns whether a request was sent, and its failure leaves open whether it took effect. */
export function leavesOutcomeOpen(error: unknown): boolean {
  return isOneOf(error, UNKNOWN_OUTCOMES);
}

/** The error of a request that may have taken effect. `what` is the request, as in `/driver/reset was called`. */
export function outcomeUnknown(error: unknown, what: string, parameters: SovdErrorInit['parameters']): SovdError {
  const details = reasonOf(error);
  const message = `${what}, and its outcome is unknown: ${details}`;
  return new SovdError({ code: 'x-medkit-outcome-unknown', message, parameters: { ...parameters, details } });
}

/** The error of an operation whose type has no definition: nothing was sent. */
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
    message: `The request does not fit its type: ${details}`,
    parameters: { ...about, details, fields: [{ field, message }] },
  });
}
