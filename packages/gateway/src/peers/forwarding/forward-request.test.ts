import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { describe, it, test } from 'node:test';
import { callContext, type EntityTree, type ForwardReply } from '@medkit/core';
import { SimulatedClock } from '@medkit/edges/testing';
import type { Exchange } from '../../http/exchange.ts';
import { forwardRequest, pathAfterEntity } from './forward-request.ts';
import type { PartPlace } from './peer-places.ts';

test('the path after an entity is the path at the other gateway, without a slash at the end', () => {
  const paths = ['', '/', '/data', '/data/', '/data/scan//', '/data//scan', '/configurations/a/b%2Fc'];
  assert.deepEqual(
    paths.map((path) => pathAfterEntity(`/api/v1/areas/hall${path}`)),
    ['', '', '/data', '/data', '/data/scan', '/data//scan', '/configurations/a/b%2Fc'],
  );
  assert.equal(pathAfterEntity('/api/v1/faults'), '');
});

describe('a request to a gateway that has just been removed', () => {
  const octets = Buffer.from('a copy');
  const copy: ForwardReply = {
    status: 200,
    headers: {},
    octets,
    body: Readable.from([octets]),
    close: () => undefined,
  };
  /** The entity counts as available unless `available` is false. */
  const ask = (method: 'GET' | 'PUT', path: string, { isCached = true, available = true } = {}) => {
    const reads: string[] = [];
    const provider: PartPlace['provider'] = {
      send: () => Promise.reject(new Error('ECONNREFUSED')),
      kept: (nativeId, request) => {
        reads.push(`${nativeId}${request.path}`);
        return isCached ? copy : undefined;
      },
    };
    const place = { runtime: 'yard', origin: 'yard', nativeId: 'apps/arm', provider, entity: { id: 'arm', available } };
    const exchange = {
      body: undefined,
      forwarded: () => ({ method, query: '', headers: {} }),
      call: (timeoutMs: number) => callContext({ clock: new SimulatedClock(), timeoutMs }),
    } as unknown as Exchange;
    const answer = forwardRequest({ tree: { all: () => [] } as unknown as EntityTree }, place, {
      exchange,
      path,
      timeoutMs: 1000,
    });
    return { reads, answer };
  };

  it('is answered from the cache, if it is a read of a cached resource', async () => {
    const { reads, answer } = ask('GET', '/faults/JAM');
    assert.equal(String((await answer).reply.octets), 'a copy');
    assert.deepEqual(reads, ['apps/arm/faults/JAM']);
  });

  it('fails as before if nothing is cached, or the request changes something or is about another resource', async () => {
    await assert.rejects(ask('GET', '/faults/JAM', { isCached: false }).answer, /ECONNREFUSED/);
    for (const [method, path] of [
      ['PUT', '/faults/JAM'],
      ['GET', '/data/scan'],
    ] as const) {
      const { reads, answer } = ask(method, path);
      await assert.rejects(answer, /ECONNREFUSED/);
      assert.deepEqual(reads, []);
    }
  });

  it('is reported as not responding if its entity was removed and nothing is cached', async () => {
    const { answer } = ask('GET', '/faults/JAM', { isCached: false, available: false });
    await assert.rejects(answer, { code: 'not-responding' });
  });
});
