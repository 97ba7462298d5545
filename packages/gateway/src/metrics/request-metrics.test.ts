import assert from 'node:assert/strict';
import { it } from 'node:test';
import { MAX_REQUEST_SETS, RequestMetrics } from './request-metrics.ts';

it('no client can create more than the maximum of label sets', () => {
  const metrics = new RequestMetrics();
  for (let index = 0; index < MAX_REQUEST_SETS + 5; index += 1)
    metrics.repeated({ route: { operationId: `op${index}` }, elapsedMs: 1 });
  assert.equal([...metrics.durations.sets].length, MAX_REQUEST_SETS);
  assert.equal(metrics.durations.dropped, 5);
});

it('a reply without the hooks counts as a success of its operation', () => {
  const metrics = new RequestMetrics();
  metrics.repeated({ route: { operationId: 'listApps' }, elapsedMs: 30 });
  metrics.repeated({ route: undefined, elapsedMs: 30 });
  const sets = Array.from(metrics.durations.sets, ({ labels, sum, counts }) => ({
    ...labels,
    sum,
    inBucket: counts[3],
  }));
  assert.deepEqual(sets, [
    { operation_id: 'listApps', code: '2xx', sum: 0.03, inBucket: 1 },
    { operation_id: 'none', code: '2xx', sum: 0.03, inBucket: 1 },
  ]);
});
