import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SovdError } from '@medkit/contract';
import { callContext, GATEWAY } from '@medkit/core';
import { SimulatedClock } from '@medkit/edges/testing';
import { Answer } from './http/answer.ts';
import type { Guard } from './http/chain.ts';
import type { Exchange, Handlers } from './http/exchange.ts';
import { FileReply } from './http/file-reply.ts';
import { ForwardedReply } from './http/forwarded-reply.ts';
import { StableBody } from './http/stable-body.ts';
import { routeReader, unlessRefused } from './route-reader.ts';

const clock = new SimulatedClock();
const open: Guard = (_route, handler) => handler;

function readerOf(handlers: Readonly<Record<string, (exchange: Exchange) => unknown>>, guard = open) {
  return routeReader({ clock, served: () => ({ handlers: handlers as unknown as Handlers, guard }) });
}

async function textOf(octets: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of octets) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

/** A reply of a peer. */
function forwarded(text: string, { status = 200, length = text.length } = {}) {
  const body = (async function* () {
    yield Buffer.from(text);
  })();
  return new ForwardedReply({
    status,
    headers: { 'content-length': String(length) },
    body,
    close: () => undefined,
  });
}

describe('a route that the gateway reads itself', () => {
  it('is requested as a client would, for the gateway unless a caller is given', async () => {
    const seen: Exchange[] = [];
    const reader = readerOf({ getFault: (exchange) => seen.push(exchange) });
    const target = { kind: 'app', entityId: 'arm 1', path: { fault_code: 'A/B' }, query: { since: 'now' } } as const;
    await reader.read('getFault', target);
    const principal = { ...GATEWAY, id: 'anna', permissions: new Set(['read'] as const) };
    await reader.read('getFault', target, callContext({ clock, timeoutMs: 5, principal }));
    const [first, second] = seen;
    assert.equal(first?.url, '/api/v1/apps/arm%201/faults/A%2FB');
    assert.deepEqual(first?.path, { app_id: 'arm 1', fault_code: 'A/B' });
    assert.deepEqual([first?.kind, first?.entityId, first?.query], ['app', 'arm 1', { since: 'now' }]);
    assert.equal(first?.principal, GATEWAY);
    const { onBehalfOf, ...request } = second?.forwarded(undefined) ?? {};
    assert.deepEqual(request, { method: 'GET', query: 'since=now', headers: {} });
    assert.deepEqual(onBehalfOf, { name: 'anna', permissions: 'read' });
    assert.equal(second?.call().deadlineMs, clock.monotonicMs() + 5);
  });

  it('passes the guards, and is read whatever its handler returns', async () => {
    const routes: string[] = [];
    const guard: Guard = (route, handler) => {
      routes.push(route.path);
      return handler;
    };
    const list = { items: [] };
    const reader = readerOf(
      {
        listAllFaults: () => new StableBody(list),
        listLogs: async () => new Answer(200, list, { 'X-Header': '1' }),
        listData: () => forwarded('{"items":[]}'),
      },
      guard,
    );
    assert.equal(await reader.read('listAllFaults'), list);
    assert.equal(await reader.read('listAllFaults'), list);
    assert.equal(await reader.read('listLogs', { kind: 'area', entityId: 'hall' }), list);
    assert.deepEqual(await reader.read('listData', { kind: 'app', entityId: 'arm' }), list);
    assert.deepEqual(routes, ['/faults', '/areas/{area_id}/logs', '/apps/{app_id}/data']);
  });

  it('fails as the route does', async () => {
    const reader = readerOf({
      getFault: () => {
        throw new SovdError({ code: 'resource-not-found' });
      },
      listData: () => forwarded('{}', { status: 503 }),
      listAllFaults: () => {
        throw new TypeError('a defect');
      },
    });
    const target = { kind: 'app', entityId: 'arm' } as const;
    await assert.rejects(reader.read('getFault', target), SovdError);
    await assert.rejects(reader.read('listData', target), /answered listData with status 503/);
    assert.equal(await unlessRefused(reader.read('getFault', target)), undefined);
    await assert.rejects(unlessRefused(reader.read('listAllFaults')), /a defect/);
    await assert.rejects(reader.read('getFault'), /getFault is not a route of the gateway/);
  });
});

describe('a file that the gateway reads itself', () => {
  const path = '/apps/arm/bulk-data/rosbags/run%201';

  it('is one of this gateway', async () => {
    const file = new FileReply({
      name: 'run 1',
      mimetype: 'application/octet-stream',
      size: 3,
      tag: '1',
      read: async function* () {
        yield Buffer.from('abc');
      },
    });
    const reader = readerOf({ downloadBulkData: ({ path: { file_id } }) => (file_id === 'run 1' ? file : undefined) });
    const found = await reader.file(path);
    assert.equal(found?.size, 3);
    assert.equal(await textOf(found.read()), 'abc');
    assert.equal(await reader.file('/apps/arm/bulk-data/rosbags/other'), undefined);
    for (const other of [
      '/elsewhere',
      '/apps/arm/data/a/b',
      '/apps/arm/bulk-data/rosbags/%ZZ',
      '/rooms/arm/bulk-data/a/b',
      `${path}/more`,
    ]) {
      assert.equal(await reader.file(other), undefined, other);
    }
  });

  it('is one of a peer, which is requested when it is read and must have the announced size', async () => {
    let text = 'abc';
    const methods: string[] = [];
    const reader = readerOf({
      downloadBulkData: (exchange) => {
        const { method } = exchange.forwarded(undefined);
        methods.push(method);
        return forwarded(method === 'HEAD' ? '' : text, { length: 3 });
      },
    });
    const found = await reader.file(path);
    assert.deepEqual(methods, ['HEAD']);
    assert.equal(await textOf(found!.read()), 'abc');
    assert.deepEqual(methods, ['HEAD', 'GET']);
    for (text of ['ab', 'abcd']) await assert.rejects(textOf(found!.read()), /changed its size during the download/);
    const refusing = readerOf({ downloadBulkData: () => forwarded('{}', { status: 404 }) });
    assert.equal(await refusing.file(path), undefined);
    const without = readerOf({
      downloadBulkData: () => {
        throw new SovdError({ code: 'resource-not-found' });
      },
    });
    assert.equal(await without.file(path), undefined);
  });
});
