import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createClient, GatewayRefused } from '@medkit/client';
import { followGoal } from './follow-goal.ts';

/** Follows a goal until Ctrl-C. Its cancellation fails with this code; by then it has ended with `status`. */
function cancelled(return_code: number, status: string) {
  let isStopRequested = false;
  const client = createClient({
    url: 'robot',
    send: async (_url, { method }) => {
      if (method === 'GET') return Response.json({ status: isStopRequested ? status : 'running' });
      isStopRequested = true;
      const refusal = { error_code: 'vendor-error', message: 'Cancel rejected', parameters: { return_code } };
      return Response.json(refusal, { status: 400 });
    },
  });
  return followGoal({
    client,
    entity: { kind: 'app', id: 'bt_navigator' },
    path: { operation_id: 'navigate_to_pose', execution_id: 'e1' },
    json: false,
    signal: AbortSignal.abort(),
  });
}

describe('a goal that Ctrl-C is to cancel', () => {
  it('that ended by itself before the cancellation keeps its exit code', async (t) => {
    t.mock.method(console, 'error', () => undefined);
    assert.equal(await cancelled(3, 'completed'), 0);
    assert.equal(await cancelled(3, 'failed'), 130);
  });

  it('that its server does not cancel is reported', async (t) => {
    t.mock.method(console, 'error', () => undefined);
    await assert.rejects(cancelled(1, 'running'), GatewayRefused);
  });
});
