import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { test } from 'node:test';
import { answerClientError } from './client-error.ts';

test('a client whose request timed out cannot hold the connection by keeping its side open', async (t) => {
  const server = createServer({ allowHalfOpen: true }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const client = connect({ port, host: '127.0.0.1', allowHalfOpen: true }).setEncoding('utf8');
  const [[socket]] = (await Promise.all([once(server, 'connection'), once(client, 'connect')])) as [[Socket], unknown];
  t.after(() => {
    for (const end of [socket, client]) end.destroy();
    server.close();
  });
  const closed = once(socket, 'close', { signal: AbortSignal.timeout(5000) });
  answerClientError(Object.assign(new Error('late'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' }), socket);
  await closed;
  let reply = '';
  for await (const text of client) reply += text;
  assert.match(reply, /^HTTP\/1\.1 408 .*The request did not arrive in time/s);
});
