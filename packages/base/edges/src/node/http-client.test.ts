import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { HttpRequest } from '../http-client.ts';
import { withServer, withUpgradingServer } from '../testing/http-server.ts';
import { systemHttpClient } from './http-client.ts';

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

  it('limits the size of a reply, and follows no redirect', () =>
    withServer(
      (_, response) => void response.writeHead(302, { Location: 'http://127.0.0.1:1/' }).write('x'.repeat(100_000)),
      async (url) => {
        const reply = await post(url, { maxReplyBytes: 10 });
        assert.deepEqual([reply.status, reply.body], [302, 'xxxxxxxxxx']);
      },
    ));

  it('reuses the connection after a reply was read', () => {
    const ports = new Set<number | undefined>();
    return withServer(
      (request, response) => {
        ports.add(request.socket.remotePort);
        response.end('done');
      },
      async (url) => {
        for (let n = 0; n < 3; n++) await post(url, { maxReplyBytes: 4 });
        assert.equal(ports.size, 1);
      },
    );
  });

  it('connects to the resolved address, and sends the name as host', () =>
    withServer(
      (request, response) => void response.end(request.headers.host),
      async (url) => {
        const { port } = new URL(url);
        const reply = await post(`http://receiver.example:${port}/`, { address: '127.0.0.1' });
        assert.equal(reply.body, `receiver.example:${port}`);
        await assert.rejects(post(url, { address: '127.0.0.2', timeoutMs: 300 }), /ECONNREFUSED|no reply/);
      },
    ));

  it('reports why there is no reply', () =>
    withServer(
      () => undefined,
      async (url) => {
        await assert.rejects(post(url, { timeoutMs: 30 }), /no reply in 30 ms/);
        await assert.rejects(post('http://127.0.0.1:1/'), /ECONNREFUSED/);
        const gone = new AbortController();
        const pending = post(url, { signal: gone.signal });
        gone.abort();
        await assert.rejects(pending, /abort/);
        await assert.rejects(post(url, { signal: gone.signal }), /abort/);
        await assert.rejects(post(url, { headers: { 'X-Broken': 'a\nb' } }), /Invalid character/);
      },
    ));

  it('aborts a reply that breaks off or never ends', () =>
    withServer(
      (request, response) => {
        response.writeHead(200).write('half');
        if (request.url === '/reset') setTimeout(() => response.destroy(), 10);
      },
      async (url) => {
        await assert.rejects(post(`${url}/reset`), /aborted|ECONNRESET/);
        await assert.rejects(post(`${url}/drip`, { timeoutMs: 40 }), /no reply in 40 ms/);
      },
    ));

  it('returns no reply if the server switches protocols', () =>
    withUpgradingServer(async (url) => {
      await assert.rejects(post(url), /another protocol/);
    }));
});
