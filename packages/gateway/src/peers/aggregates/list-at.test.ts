import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { callContext, type ForwardReply, type JsonValue } from '@medkit/core';
import { SimulatedClock } from '@medkit/edges/testing';
import type { PartPlace } from '../forwarding/peer-places.ts';
import { readPeerList } from './collect-lists.ts';

function replyOf(status: number, document: JsonValue): ForwardReply {
  const octets = Buffer.from(JSON.stringify(document));
  const body = (async function* () {
    yield octets;
  })();
  return { status, headers: { 'content-type': 'application/json' }, body, octets, close: () => undefined };
}

const FAULTS = { method: 'GET', path: '/faults', query: '', headers: {} } as const;

/** Reads a list from a gateway that sends this response, with `copy` as the cached reply. */
const listOf = (send: () => ForwardReply, copy?: ForwardReply, request: { readonly path: string } = FAULTS) => {
  const provider: PartPlace['provider'] = { send: async () => send(), kept: async () => copy };
  const place = { runtime: 'yard', origin: 'yard', nativeId: '', provider, entity: { id: 'arm' } } as PartPlace;
  return readPeerList(place, { ...FAULTS, ...request }, callContext({ clock: new SimulatedClock(), timeoutMs: 1000 }));
};
const refused = (): never => {
  throw new Error('ECONNREFUSED');
};

describe('reading a list from another gateway', () => {
  it('returns its answer', async () => {
    assert.deepEqual(await listOf(() => replyOf(200, { items: [1] }), replyOf(200, { items: [2] })), { items: [1] });
    assert.equal(await listOf(() => replyOf(404, {})), undefined);
    await assert.rejects(
      listOf(() => replyOf(500, {})),
      { status: 502 },
    );
  });

  it('returns the cached copy if the gateway has just been removed and has one, and otherwise fails', async () => {
    assert.deepEqual(await listOf(refused, replyOf(200, { items: [2] })), { items: [2] });
    await assert.rejects(listOf(refused), /ECONNREFUSED/);
    await assert.rejects(listOf(refused, replyOf(200, { items: [2] }), { path: '/data' }), /ECONNREFUSED/);
  });
});
