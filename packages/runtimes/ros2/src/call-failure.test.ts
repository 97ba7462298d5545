import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SovdError, type SovdErrorInit } from '@medkit/contract';
import {
  AdapterUnavailable,
  AlreadyClosed,
  CallAborted,
  CallLost,
  CallTimeout,
  InvalidMessage,
  MalformedMessage,
  ServerLost,
  ServiceUnavailable,
  TooManyCalls,
  UnknownType,
} from '@medkit/ros2';
import { callFailure, hasUnknownOutcome } from './call-failure.ts';

const FAILED: SovdErrorInit = { code: 'not-responding', message: 'No luck', parameters: { node: '/driver' } };

function failureOf(error: unknown): SovdError {
  const failure = callFailure(error, FAILED);
  assert.ok(failure instanceof SovdError);
  return failure;
}

describe('the error that a client receives for a failed call', () => {
  for (const Unanswered of [ServiceUnavailable, CallTimeout, ServerLost, MalformedMessage, UnknownType]) {
    it(`is the error of the caller for ${Unanswered.name}, with the reason`, () => {
      const { code, status, message, parameters } = failureOf(new Unanswered('why'));
      assert.deepEqual([code, status, message], ['not-responding', 504, 'No luck']);
      assert.deepEqual(parameters, { node: '/driver', details: 'why' });
    });
  }

  it('leaves the outcome open if the request was sent, also if the DDS thread ended meanwhile', () => {
    const open = [CallTimeout, CallLost, ServerLost, MalformedMessage].map((Failed) => new Failed('why'));
    const notSent = [AdapterUnavailable, ServiceUnavailable, TooManyCalls].map((Failed) => new Failed('why'));
    assert.deepEqual(open.map(hasUnknownOutcome), [true, true, true, true]);
    assert.deepEqual(notSent.map(hasUnknownOutcome), [false, false, false]);
  });

  for (const Ours of [TooManyCalls, AlreadyClosed, AdapterUnavailable, CallLost, CallAborted]) {
    it(`does not blame the node for ${Ours.name}`, () => {
      assert.equal(failureOf(new Ours('why')).code, 'service-unavailable');
    });
  }

  it('names the invalid field', () => {
    const { status, parameters } = failureOf(new InvalidMessage('pose.points[2].x: expected a number, found "a: b"'));
    assert.equal(status, 400);
    assert.deepEqual(parameters?.['fields'], [
      { field: 'pose.points[2].x', message: 'expected a number, found "a: b"' },
    ]);
  });

  it('names no field if the request as a whole is invalid', () => {
    const { parameters } = failureOf(new InvalidMessage('expected an object with the fields of a/srv/B_Request'));
    assert.deepEqual(parameters?.['fields'], [
      { field: '', message: 'expected an object with the fields of a/srv/B_Request' },
    ]);
  });

  it('is the error itself if that is meant for clients, or a defect', () => {
    for (const error of [new SovdError({ code: 'forbidden' }), new TypeError('x is undefined')]) {
      assert.equal(callFailure(error, FAILED), error);
    }
  });
});
