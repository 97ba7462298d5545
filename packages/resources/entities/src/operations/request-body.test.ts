import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ExecutionCreateRequest } from '@medkit/contract';
import { operationRequestOf } from './request-body.ts';

const body = { fault_code: 'OVERPRESSURE', comment: 'seen' } as ExecutionCreateRequest;

test('top-level arguments in a body are accepted for an operation that takes them so', () => {
  const request = operationRequestOf(body, { topLevelArguments: true });
  assert.deepEqual(request, { parameters: { fault_code: 'OVERPRESSURE', comment: 'seen' }, type: undefined });
});

test('arguments in their member take precedence over top-level ones', () => {
  const both = { ...body, parameters: { fault_code: 'LOW' } } as ExecutionCreateRequest;
  assert.deepEqual(operationRequestOf(both, { topLevelArguments: true }).parameters, { fault_code: 'LOW' });
});

test('top-level arguments of another operation are rejected, with the right place', () => {
  assert.throws(() => operationRequestOf(body, {}), /must be inside "parameters"/);
});
