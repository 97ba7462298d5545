import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openModel } from '@medkit/core';
import { app, memoryRuntime } from '@medkit/core/testing';
import { SimulatedClock } from '@medkit/edges/testing';
import { eventCounts, MAX_RESTARTED_APPS } from './event-counts.ts';

async function counting(ids: readonly string[]) {
  const clock = new SimulatedClock();
  const runtime = memoryRuntime({ apps: ids.map((id) => app(id, { online: true })) });
  const model = await openModel({ runtimes: [runtime], clock, log: () => undefined });
  const counts = eventCounts(model);
  return { clock, model, counts, restarts: () => Object.fromEntries(counts.restarts()) };
}

describe('the counts of events', () => {
  it('have service calls of this gateway by outcome', async () => {
    const { model, counts } = await counting([]);
    model.events.emit('service.called', { runtime: 'ros2', outcome: 'ok', durationMs: 30 });
    model.events.emit('service.called', { runtime: 'ros2', outcome: 'timeout', durationMs: 10_000 });
    model.events.emit('service.called', { runtime: 'b', origin: 'peer:b', outcome: 'ok', durationMs: 1 });
    const sets = [...counts.serviceCalls.sets].map(({ labels, sum }) => [labels.outcome, sum]);
    assert.deepEqual(sets, [
      ['ok', 0.03],
      ['timeout', 10],
      ['error', 0],
      ['refused', 0],
    ]);
    counts.close();
  });

  it('have final statuses of goals once, also if several nodes serve the action', async () => {
    const { model, counts } = await counting([]);
    const change = { runtime: 'ros2', operationId: '/dock', executionId: '1' };
    for (const status of ['executing', 'succeeded'])
      for (const nativeId of ['/a', '/b']) model.events.emit('operation.changed', { ...change, nativeId, status });
    model.events.emit('operation.changed', { ...change, nativeId: '/a', executionId: '2', status: 'aborted' });
    assert.deepEqual(Object.fromEntries(counts.goals), { succeeded: 1, canceled: 0, aborted: 1, unknown: 0 });
    model.events.emit('update.changed', { updateId: 'u', status: { status: 'failed' }, updatedComponents: [] });
    assert.deepEqual(Object.fromEntries(counts.updates), { completed: 0, failed: 1 });
    counts.close();
  });

  it('have the restarts of apps, also of an app that was missing, until they are closed', async () => {
    const { clock, model, counts, restarts } = await counting(['a']);
    const show = async (...apps: Parameters<typeof app>[]) => {
      await model.remove('other');
      await clock.advanceAsync(10);
      await model.add(memoryRuntime({ name: 'other', apps: apps.map((each) => app(...each)) }));
      await clock.advanceAsync(10);
    };
    await show(['b', { online: true }]);
    assert.deepEqual(restarts(), { a: 0, b: 0 });
    await show(['b', { online: false }]);
    await show(['b', { online: true }]);
    assert.deepEqual(restarts(), { a: 0, b: 1 });
    counts.close();
    await show(['b', { online: true }]);
    assert.deepEqual(restarts(), { a: 0, b: 1 });
  });

  it(`have at most ${MAX_RESTARTED_APPS} apps`, async () => {
    const { counts, restarts } = await counting(Array.from({ length: MAX_RESTARTED_APPS + 5 }, (_, n) => `a${n}`));
    assert.equal(Object.keys(restarts()).length, MAX_RESTARTED_APPS);
    counts.close();
  });
});
