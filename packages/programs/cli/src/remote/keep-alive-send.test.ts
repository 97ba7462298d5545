import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { describe, it } from 'node:test';
import { createClient, GatewayRefused, GatewayUnreachable } from '@medkit/client';
import { keepAliveSend } from './keep-alive-send.ts';

const PATIENCE_MS = 10_000;

/** A server with the idle timeout of a gateway, and the requests that it received. */
async function openGateway(answer: (response: ServerResponse, path: string) => void) {
  const connections = new Set<Socket>();
  const bodies: string[] = [];
  const server = createServer({ keepAliveTimeout: 2000 }, async (request, response) => {
    connections.add(request.socket);
    request.setEncoding('utf8');
    let body = '';
    for await (const part of request) body += part;
    bodies.push(body);
    answer(response, request.url ?? '');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    connections,
    bodies,
    client: createClient({ url: `http://127.0.0.1:${port}`, timeoutMs: PATIENCE_MS, send: keepAliveSend(PATIENCE_MS) }),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const json = (response: ServerResponse, status: number, document: unknown): void => {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(document));
};

describe('a client with persistent connections', () => {
  it('reuses one connection, with errors and bodies in between', async () => {
    await using gateway = await openGateway((response, path) => {
      if (path.endsWith('/health')) json(response, 200, { warnings: [] });
      else if (path.endsWith('/apps')) json(response, 404, { error_code: 'resource-not-found', message: 'No app' });
      else if (path.includes('/data/')) json(response, 200, { id: 'speed' });
      else response.writeHead(204).end();
    });
    const { client, bodies, connections } = gateway;
    assert.deepEqual(await client.call('getHealth', {}), { warnings: [] });
    await assert.rejects(client.call('listEntities', { kind: 'app' }), GatewayRefused);
    const entity = { kind: 'app', id: 'motor' } as const;
    await client.call('clearFault', { entity, path: { fault_code: 'MOTOR_HOT' } });
    await client.call('putDataItem', { entity, path: { data_id: 'speed' }, body: { data: 1 } });
    assert.deepEqual(bodies, ['', '', '', '{"data":1}']);
    assert.equal(connections.size, 1);
  });

  it('reads a stream as it arrives, until the reader stops', async () => {
    const closed = Promise.withResolvers<void>();
    await using gateway = await openGateway((response) => {
      response.writeHead(200, { 'Content-Type': 'text/event-stream' }).write('data: 1\n\ndata: 2\n\n');
      response.on('close', closed.resolve);
    });
    const received: string[] = [];
    for await (const { data } of gateway.client.events('streamFaults', {})) {
      received.push(data);
      if (received.length === 2) break;
    }
    await closed.promise;
    assert.deepEqual(received, ['1', '2']);
  });

  it('downloads a file with a Content-Length like any other', async () => {
    await using gateway = await openGateway((response) =>
      response.writeHead(200, { 'Content-Length': '3' }).end('abc'),
    );
    const { chunks } = await gateway.client.download('downloadBulkData', {
      entity: { kind: 'app', id: 'motor' },
      path: { category_id: 'rosbags', file_id: 'one' },
    });
    const octets: Uint8Array[] = [];
    for await (const chunk of chunks) octets.push(chunk);
    assert.equal(Buffer.concat(octets).toString(), 'abc');
  });

  it('reports an unreachable gateway', async () => {
    const gateway = await openGateway(() => undefined);
    await gateway[Symbol.asyncDispose]();
    await assert.rejects(gateway.client.call('getHealth', {}), GatewayUnreachable);
  });
});
