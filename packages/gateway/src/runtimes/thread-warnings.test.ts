import assert from 'node:assert/strict';
import { test } from 'node:test';
import { memoryRuntime } from '@medkit/core/testing';
import { AdapterUnavailable, type ThreadState } from '@medkit/ros2';
import { withThreadWarnings } from './thread-warnings.ts';

const WELL: ThreadState = { running: true, ends: 0, lastReason: undefined };

function healthWith(state: ThreadState, failure?: Error) {
  const runtime = memoryRuntime({ health: { warnings: [], blocks: { block: {} } } });
  const health = () => (failure ? Promise.reject(failure) : runtime.health());
  return withThreadWarnings({ ...runtime, health }, () => state).health();
}

test('a thread that runs well causes no warning', async () => {
  assert.deepEqual(await healthWith(WELL), { warnings: [], blocks: { block: {} } });
});

test('a thread that ended stays visible after another has replaced it', async () => {
  const { warnings, blocks } = await healthWith({ running: true, ends: 2, lastReason: 'RangeError: too far' });
  assert.deepEqual([warnings.length, warnings[0]?.code, blocks], [1, 'dds_thread_ended', { block: {} }]);
  assert.match(warnings[0]?.message ?? '', /ended 2 times \(RangeError: too far\)\. A new thread has taken over/);
});

test('health answers with the reason while there is no thread', async () => {
  const state = { running: false, ends: 1, lastReason: 'exit code 1' };
  const { warnings, blocks } = await healthWith(state, new AdapterUnavailable('the DDS thread ended'));
  assert.match(warnings[0]?.message ?? '', /ended once \(exit code 1\)\. A new thread is starting/);
  assert.deepEqual(blocks, {});
});

test('other failures of the runtime stay failures', async () => {
  await assert.rejects(healthWith({ ...WELL, ends: 1 }, new RangeError('x')), { name: 'RangeError' });
});
