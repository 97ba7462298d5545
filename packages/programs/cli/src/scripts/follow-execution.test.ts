import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createClient } from '@medkit/client';
import { followExecution } from './follow-execution.ts';

const OVER = {
  error_code: 'vendor-error',
  vendor_code: 'x-medkit-script-not-running',
  message: 'The execution is over',
};

/** Follows a script with Ctrl-C, for which the gateway returns this reply. The script has ended with `last` by then. */
function interrupted(answer: () => Response, last: object) {
  let isStopRequested = false;
  const client = createClient({
    url: 'robot',
    send: async (_url, { method }) => {
      if (method === 'GET') return Response.json(isStopRequested ? last : { status: 'running' });
      isStopRequested = true;
      return answer();
    },
  });
  return followExecution({
    client,
    entity: { kind: 'app', id: 'lidar_driver' },
    path: { script_id: 's', execution_id: 'e' },
    json: false,
    signal: AbortSignal.abort(),
  });
}

describe('a script that Ctrl-C is to end', () => {
  it('is ended', async () => {
    const answer = () => Response.json({ id: 'e', status: 'failed' }, { status: 202 });
    assert.equal(await interrupted(answer, { status: 'failed' }), 130);
  });

  it('keeps its exit code if it ended by itself before the interruption', async () => {
    const answer = () => Response.json(OVER, { status: 409 });
    assert.equal(await interrupted(answer, { status: 'completed' }), 0);
    const error = { reason: 'exit-code', exit_code: 3 };
    assert.equal(await interrupted(answer, { status: 'failed', error }), 3);
  });
});
