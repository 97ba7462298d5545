import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { NotifyReceiver } from '@medkit/contract';
import { receiverState } from './receiver-state.ts';

const receiver: NotifyReceiver = { name: 'oncall', type: 'ntfy', severity: 'error', waiting: 0, given_up: 0 };

describe('the state of a receiver', () => {
  it('is failing while its deliveries fail, even if earlier ones succeeded', () => {
    const last_delivered = '2026-03-23T02:12:54.000Z';
    assert.equal(receiverState({ ...receiver, problem: 'HTTP 502', waiting: 1, last_delivered }), 'failing');
    assert.equal(receiverState({ ...receiver, waiting: 1, last_delivered }), 'sending');
    assert.equal(receiverState({ ...receiver, last_delivered }), 'working');
    assert.equal(receiverState(receiver), 'idle');
  });
});
