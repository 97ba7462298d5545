import assert from 'node:assert/strict';
import { it } from 'node:test';
import { MessageChannel } from 'node:worker_threads';
import { SovdError } from '@medkit/contract';
import { dispatchCalls, Link } from '@medkit/edges/link';
import { LINK_BOUNDS, linkErrors } from './link-errors.ts';

it('an error of SOVD crosses with its code, status and parameters, and without what cannot be cloned', async () => {
  const { port1, port2 } = new MessageChannel();
  const common = { bounds: LINK_BOUNDS, errors: linkErrors() };
  const failing = ([parameter]: [unknown]) => {
    const of = parameter ?? (() => 1);
    throw new SovdError({ code: 'invalid-request', parameters: { of: of as never } });
  };
  new Link({ port: port2, onCall: dispatchCalls({ failing }), ...common });
  const link = new Link({ port: port1, ...common });
  await assert.rejects(link.call('failing', ['speed']), (error: unknown) => {
    assert.ok(error instanceof SovdError);
    assert.deepEqual([error.code, error.status, error.parameters], ['invalid-request', 400, { of: 'speed' }]);
    return true;
  });
  await assert.rejects(link.call('failing', []), /could not be cloned/);
  port1.close();
});
