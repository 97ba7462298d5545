import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { callContext, type ForwardRequest } from '@medkit/core';
import { SimulatedClock } from '@medkit/edges/testing';
import { forwarding } from './forward-request.ts';
import type { PeerLink } from './peer-link.ts';

const reply = (text: string) => ({
  status: 200,
  headers: { 'content-type': 'text/plain' },
  body: (async function* () {
    yield Buffer.from(text);
  })(),
  octets: Buffer.from(text),
  close: () => undefined,
});

/** Simulates a gateway's answer to a fault request, with a stored reply unless `hasCopy` is false. */
function setUp({ isThere = true, isAnswering = true, hasCopy = true } = {}) {
  const clock = new SimulatedClock();
  const opened: string[] = [];
  const provider = forwarding({
    link: {
      peer: { name: 'yard', url: 'http://yard:1' },
      open: async ({ method, path }: { readonly method: string; readonly path: string }) => {
        opened.push(`${method} ${path}`);
        if (!isAnswering) throw new Error('ECONNREFUSED');
        return reply('its own');
      },
    } as unknown as PeerLink,
    clock,
    forwardsAuthorization: false,
    storedReply: () => (hasCopy ? reply('a copy') : undefined),
    isThere: () => isThere,
  });
  const requestOf = (method: ForwardRequest['method']) => ({ method, path: '/faults/JAM', query: '', headers: {} });
  const call = callContext({ clock, timeoutMs: 1000 });
  const ask = async (method: ForwardRequest['method']) =>
    String((await provider.send('apps/arm', requestOf(method), call)).octets);
  const storedFor = async (method: ForwardRequest['method']) =>
    (await provider.kept?.('apps/arm', requestOf(method), call))?.octets?.toString();
  return { ask, storedFor, opened };
}

describe('a request for another gateway', () => {
  it('is answered by it, even if a copy is stored', async () => {
    const { ask, opened } = setUp();
    assert.deepEqual([await ask('GET'), opened], ['its own', ['GET /apps/arm/faults/JAM']]);
  });

  it('is answered by the stored copy if it is offline, without asking it', async () => {
    const { ask, opened } = setUp({ isThere: false });
    assert.deepEqual([await ask('GET'), opened], ['a copy', []]);
    const { ask: askOther } = setUp({ isThere: false, hasCopy: false });
    assert.equal(await askOther('GET'), 'its own');
  });

  it('is not answered by the copy if the gateway disconnected just now, while the copy is available on request', async () => {
    // Copying a fault uses the same request: it must not treat the stored copy as the current state.
    const { ask, storedFor } = setUp({ isAnswering: false });
    await assert.rejects(ask('GET'), /ECONNREFUSED/);
    assert.equal(await storedFor('GET'), 'a copy');
    assert.equal(await setUp({ hasCopy: false }).storedFor('GET'), undefined);
  });

  it('fails if it is a change', async () => {
    for (const isThere of [true, false]) {
      const { ask, storedFor } = setUp({ isThere, isAnswering: false });
      await assert.rejects(ask('PUT'), /ECONNREFUSED/);
      assert.equal(await storedFor('PUT'), undefined);
    }
  });
});
