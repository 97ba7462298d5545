import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ExecutionSummary } from '@medkit/contract';
import { executionFilterOf, filteredExecutions, isActive } from './execution-filter.ts';

const of = (id: string, more: Partial<ExecutionSummary>): ExecutionSummary => ({
  id,
  of: 'operation',
  entity_type: 'app',
  entity_id: 'bt_navigator',
  href: `/api/v1/${id}`,
  status: 'completed',
  ...more,
});
const ALL = [
  of('1', { operation_id: 'navigate_to_pose', status: 'running' }),
  of('2', { of: 'script', script_id: 'check_lidar', entity_id: 'lidar', client_id: 'Jan', status: 'terminated' }),
];

const found = (query: string) =>
  filteredExecutions(ALL, executionFilterOf(new URLSearchParams(query))).map(({ id }) => id);

describe('the filter of executions', () => {
  it('is by kind and by text', () => {
    assert.deepEqual(found('kind=nonsense'), ['1', '2']);
    assert.deepEqual(found('kind=script'), ['2']);
    assert.deepEqual(found('q=NAVIGATE'), ['1']);
    assert.deepEqual(found('q=jan'), ['2']);
    assert.deepEqual(found('kind=operation&q=lidar'), []);
  });

  it('knows which executions can be ended', () => {
    assert.deepEqual(ALL.map(isActive), [true, false]);
    assert.equal(executionFilterOf(new URLSearchParams('state=running')).state, 'running');
  });
});
