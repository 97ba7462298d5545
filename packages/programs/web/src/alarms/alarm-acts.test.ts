import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OperationItem } from '@medkit/contract';
import { alarmOperations } from './alarm-acts.ts';

const operation = (id: string, properties?: object): OperationItem => ({
  id,
  name: id,
  proximity_proof_required: false,
  asynchronous_execution: false,
  ...(properties && { 'x-medkit': { type_info: { request: { properties } } } }),
});

test('operations on alarms are found with the limit of their comment, acknowledge first', () => {
  const items = [
    operation('confirm_fault'),
    operation('Fill', { comment: {} }),
    operation('acknowledge_fault', { comment: { type: 'string', maxLength: 64 } }),
  ];
  assert.deepEqual(alarmOperations(items), [
    { act: 'acknowledge_fault', maxComment: 64 },
    { act: 'confirm_fault', maxComment: undefined },
  ]);
  assert.deepEqual(alarmOperations([operation('Fill')]), []);
});
