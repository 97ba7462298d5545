import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { createClient, GatewayRefused } from '@medkit/client';
import { loopbackSend } from './loopback-send.ts';

test('a client that sends without fetch reads documents and errors, and shows its token', async (t) => {
  const authorizations: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    authorizations.push(request.headers.authorization);
    const isThere = request.url === '/api/v1/health';
    response.writeHead(isThere ? 200 : 404, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify(isThere ? { warnings: [] } : { error_code: 'resource-not-found', message: 'No app' }));
  });
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const client = createClient({ url: `http://127.0.0.1:${port}`, token: 'secret', send: loopbackSend(10_000) });
  assert.deepEqual(await client.call('getHealth', {}), { warnings: [] });
  await assert.rejects(client.call('listEntities', { kind: 'app' }), GatewayRefused);
  assert.deepEqual(authorizations, ['Bearer secret', 'Bearer secret']);
});
