import assert from 'node:assert/strict';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import type { HttpRequest } from '../http-client.ts';
import { systemHttpClient, systemHttpStreams } from './http-client.ts';

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

  it('keeps the connection of a reply that it has read', () => {
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

  it('connects to the address that was found for a name, and asks for the name there', () =>
    withServer(
      (request, response) => void response.end(request.headers.host),
      async (url) => {
        const { port } = new URL(url);
        const reply = await post(`http://receiver.example:${port}/`, { address: '127.0.0.1' });
        assert.equal(reply.body, `receiver.example:${port}`);
        await assert.rejects(post(url, { address: '127.0.0.2', timeoutMs: 300 }), /ECONNREFUSED|no reply/);
      },
    ));

  it('says why there is no reply', () =>
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

  it('gives up a reply that breaks off or never ends', () =>
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
});

async function textOf(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

describe('the HTTP client of streams', () => {
  it('gives a reply as soon as it begins, sends a body in parts, and ends both with its signal', () =>
    withServer(
      (request, response) => {
        response.writeHead(200, { 'X-Kind': 'stream' }).write('begun ');
        request.on('data', (chunk) => response.write(chunk));
        request.on('end', () => request.url === '/whole' && response.end());
      },
      async (url) => {
        const open = (path: string, signal?: AbortSignal) =>
          systemHttpStreams.open({
            method: 'POST',
            url: `${url}${path}`,
            headers: {},
            timeoutMs: 2000,
            body: (async function* () {
              yield Buffer.from('one ');
              yield Buffer.from('two');
            })(),
            ...(signal && { signal }),
          });
        const whole = await open('/whole');
        assert.deepEqual([whole.status, whole.headers['x-kind']], [200, 'stream']);
        assert.equal(await textOf(whole.body), 'begun one two');
        const gone = new AbortController();
        const endless = await open('/endless', gone.signal);
        setTimeout(() => gone.abort(), 10);
        await assert.rejects(textOf(endless.body), /abort/);
      },
    ));

  it('says why no reply begins', () =>
    withServer(
      () => undefined,
      async (url) => {
        const open = (to: string) => systemHttpStreams.open({ method: 'GET', url: to, headers: {}, timeoutMs: 30 });
        await assert.rejects(open(url), /no reply in 30 ms/);
        await assert.rejects(open('http://127.0.0.1:1/'), /ECONNREFUSED/);
      },
    ));

  it('is none where the server goes over to another protocol', async () => {
    const server = createServer().on('upgrade', (_request, socket) => socket.destroy());
    server.on('connection', (socket) =>
      socket.once('data', () => {
        socket.write('HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n');
      }),
    );
    await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const request = { method: 'GET', url, headers: {}, timeoutMs: 2000 } as const;
    await assert.rejects(systemHttpStreams.open(request), /another protocol/);
    await assert.rejects(systemHttpClient.send(request), /another protocol/);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
});
