import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ExecutionCreateRequest } from '@medkit/contract';
import { operationRequestOf } from './request-body.ts';

const body = { fault_code: 'OVERPRESSURE', comment: 'seen' } as ExecutionCreateRequest;

test('arguments that stand bare in a body are those of an operation that takes them so', () => {
  const request = operationRequestOf(body, { bareArguments: true });
  assert.deepEqual(request, { parameters: { fault_code: 'OVERPRESSURE', comment: 'seen' }, type: undefined });
});

test('arguments that stand where they belong count before bare ones', () => {
  const both = { ...body, parameters: { fault_code: 'LOW' } } as ExecutionCreateRequest;
  assert.deepEqual(operationRequestOf(both, { bareArguments: true }).parameters, { fault_code: 'LOW' });
});

test('bare arguments of another operation are refused, with where they belong', () => {
  assert.throws(() => operationRequestOf(body, {}), /belong into "parameters"/);
});
