import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ScriptExecution } from '@medkit/contract';
import { durationText, isUnderWay, pollMs, resultFields } from './run-state.ts';

const run = (more: Partial<ScriptExecution>): ScriptExecution => ({ id: 'exec_001', status: 'running', ...more });

describe('a run of a script', () => {
  it('is loaded again until it has ended, and less often if its output is large', () => {
    assert.deepEqual([isUnderWay(run({})), isUnderWay(run({ status: 'failed' }))], [true, false]);
    assert.equal(pollMs(run({ status: 'terminated' })), undefined);
    assert.ok(pollMs(run({ 'x-medkit': { stdout: 'x'.repeat(200_000) } }))! > pollMs(run({}))!);
  });

  it('has a duration in whole seconds', () => {
    const since = { started_at: '2026-03-23T02:14:33Z' };
    assert.equal(durationText(run(since)), '');
    assert.equal(durationText(run({ ...since, completed_at: '2026-03-23T02:14:33Z' })), '< 1 s');
    assert.equal(durationText(run({ ...since, completed_at: '2026-03-23T02:14:36Z' })), '3 s');
    assert.equal(durationText(run({ ...since, completed_at: '2026-03-23T02:15:43Z' })), '1:10 min');
  });

  it('has a result if its output was a JSON object', () => {
    assert.deepEqual(resultFields(run({ parameters: { healthy: true } })), { healthy: true });
    for (const parameters of [{ stdout: 'text' }, {}, [1], undefined]) {
      assert.equal(resultFields(run({ parameters })), undefined);
    }
  });
});
