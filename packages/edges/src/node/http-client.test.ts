import assert from 'node:assert/strict';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import type { HttpRequest } from '../http-client.ts';
import { systemHttpClient } from './http-client.ts';

async function withServer(listener: RequestListener, use: (url: string) => Promise<void>): Promise<void> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  try {
    await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

function post(url: string, fields: Partial<HttpRequest> = {}) {
  return systemHttpClient.send({ method: 'POST', url, headers: {}, timeoutMs: 2000, ...fields });
}

describe('the HTTP client', () => {
  it('sends headers and body, and gives status, headers and body of the reply', () =>
    withServer(
      (request, response) => {
        const { method, url, headers } = request;
        request.on('data', (chunk) =>
          response.writeHead(429, { 'Retry-After': '3' }).end(`${method} ${url} ${headers['x-robot']} ${chunk}`),
        );
      },
      async (url) => {
        const reply = await post(`${url}/push`, { headers: { 'X-Robot': 'amr' }, body: 'hello' });
        assert.deepEqual([reply.status, reply.headers['retry-after'], reply.body], [429, '3', 'POST /push amr hello']);
      },
    ));

  it('reads so much of a reply and no more, and follows no redirect', () =>
    withServer(
      (_, response) => void response.writeHead(302, { Location: 'http://127.0.0.1:1/' }).write('x'.repeat(100_000)),
      async (url) => {
        const reply = await post(url, { maxReplyBytes: 10 });
        assert.deepEqual([reply.status, reply.body], [302, 'xxxxxxxxxx']);
      },
    ));

  it('says why there is no reply', () =>
    withServer(
      () => undefined,
      async (url) => {
        await assert.rejects(post(url, { timeoutMs: 30 }), /no reply in 30 ms/);
        await assert.rejects(post('http://127.0.0.1:1/'), /ECONNREFUSED|bad port/);
        const gone = new AbortController();
        const pending = post(url, { signal: gone.signal });
        gone.abort();
        await assert.rejects(pending, /abort/);
      },
    ));
});
