import assert from 'node:assert/strict';
import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { describe, it } from 'node:test';
import { ALL_ROUTES, type Route } from '@medkit/contract';
import { SimulatedClock } from '@medkit/edges/testing';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { RequestExchange } from './exchange.ts';

function setUp() {
  const raw = new ServerResponse(new IncomingMessage(new Socket()));
  const request = { headers: { 'x-client-id': 'tester' }, ip: '127.0.0.1' } as unknown as FastifyRequest;
  const reply = { raw } as unknown as FastifyReply;
  const { call } = new RequestExchange(ALL_ROUTES[0] as Route, request, reply, new SimulatedClock());
  const leave = () => {
    raw.destroy();
    raw.emit('close');
  };
  return { raw, call, leave };
}

describe('the client of a request', () => {
  it('is watched once a call reads the signal, with one listener for all calls', () => {
    const { raw, call, leave } = setUp();
    const calls = [call(), call(50), call()];
    assert.deepEqual(
      calls.map(({ isAbandoned }) => isAbandoned),
      [false, false, false],
    );
    assert.equal(raw.listenerCount('close'), 0);
    const signals = calls.map(({ signal }) => signal);
    assert.equal(new Set(signals).size, 1);
    assert.equal(raw.listenerCount('close'), 1);
    leave();
    assert.deepEqual([signals[0]?.aborted, calls[0]?.isAbandoned], [true, true]);
  });

  it('counts as disconnected for calls that check only afterwards', () => {
    const { call, leave } = setUp();
    const early = call();
    leave();
    assert.deepEqual([early.isAbandoned, early.signal.aborted], [true, true]);
    assert.deepEqual([call().isAbandoned, call().signal.aborted], [true, true]);
  });

  it('does not count as disconnected after its complete answer', () => {
    const { raw, call, leave } = setUp();
    const { signal } = call();
    Object.defineProperty(raw, 'writableFinished', { value: true });
    leave();
    assert.deepEqual([signal.aborted, call().isAbandoned, call().signal.aborted], [false, false, false]);
  });
});
