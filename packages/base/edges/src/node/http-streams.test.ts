import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { createServer as createTlsServer } from 'node:tls';
import type { HttpStreamRequest } from '../http-client.ts';
import { withServer, withSockets, withUpgradingServer } from '../testing/http-server.ts';
import { idleConnections } from './connection-pool.ts';
import { systemHttpStreams } from './http-streams.ts';

/** A self-signed certificate for `yard.example` and its key, for this test only. */
const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBnzCCAUSgAwIBAgIUMlKOHxznG7uCjcLxl3rlIF3Wh6EwCgYIKoZIzj0EAwIw
FzEVMBMGA1UEAwwMeWFyZC5leGFtcGxlMCAXDTI2MTEyMzA4NTk1OVoYDzIxMjYx
MDMwMDg1OTU5WjAXMRUwEwYDVQQDDAx5YXJkLmV4YW1wbGUwWTATBgcqhkjOPQIB
BggqhkjOPQMBBwNCAAS4ljteQbr13OnRECe0mhK1fnedk0s06952fhlPV38oQ1/V
77rM+dTi+TPgg4FiiFQrixi6S29A51a5hDX2elLKo2wwajAdBgNVHQ4EFgQU5dUX
zTGY080hbjXBDS1FzA2DY10wHwYDVR0jBBgwFoAU5dUXzTGY080hbjXBDS1FzA2D
Y10wDwYDVR0TAQH/BAUwAwEB/zAXBgNVHREEEDAOggx5YXJkLmV4YW1wbGUwCgYI
KoZIzj0EAwIDSQAwRgIhALy73H2vpQzXr0vL5PCZ/269d9C5MAeAkmnT17G1xEm/
AiEAzNC488oiCpq/A9mvpI8GiltSbzhvM1NfLqpRpvyz54g=
-----END CERTIFICATE-----`;
const KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgdfLtRxeRvnO4tJk4
oIydQC3MRb+czn02bfK2MUI25QChRANCAAS4ljteQbr13OnRECe0mhK1fnedk0s0
6952fhlPV38oQ1/V77rM+dTi+TPgg4FiiFQrixi6S29A51a5hDX2elLK
-----END PRIVATE KEY-----`;

function get(url: string, fields: Partial<HttpStreamRequest> = {}) {
  return systemHttpStreams.open({ method: 'GET', url, headers: {}, timeoutMs: 2000, wholeBytes: 1000, ...fields });
}

async function textOf(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

describe('the HTTP client of streams', () => {
  it('returns a reply as soon as it begins, sends a body in parts, and aborts the reply with its signal', () =>
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

  it('returns a short reply as a whole when it has ended, and fails if it breaks off or does not end', () =>
    withServer(
      ({ method, url }, response) => {
        response.writeHead(200, { 'Content-Length': '10' });
        if (method === 'HEAD') response.end();
        else if (url === '/whole') response.end('0123456789');
        else response.write('01234', () => url === '/torn' && response.destroy());
      },
      async (url) => {
        const open = (path: string, fields: Partial<HttpStreamRequest> = {}) =>
          systemHttpStreams.open({
            method: 'GET',
            url: url + path,
            headers: {},
            timeoutMs: 300,
            wholeBytes: 10,
            ...fields,
          });
        const texts = async (parts: AsyncIterable<Uint8Array>) => {
          let text = '';
          for await (const part of parts) text += part;
          return text;
        };
        const whole = await open('/whole');
        assert.deepEqual([String(whole.octets), await texts(whole.body)], ['0123456789', '0123456789']);
        assert.equal((await open('/whole', { method: 'HEAD' })).octets?.length, 0);
        const longer = await open('/whole', { wholeBytes: 9 });
        assert.deepEqual([longer.octets, await texts(longer.body)], [undefined, '0123456789']);
        await assert.rejects(open('/torn'), /closed the connection/);
        await assert.rejects(open('/endless'), /no reply in 300 ms/);
      },
    ));

  it('reports why no reply begins', () =>
    withServer(
      () => undefined,
      async (url) => {
        const open = (to: string) => systemHttpStreams.open({ method: 'GET', url: to, headers: {}, timeoutMs: 30 });
        await assert.rejects(open(url), /no reply in 30 ms/);
        await assert.rejects(open('http://127.0.0.1:1/'), /ECONNREFUSED/);
      },
    ));

  it('rejects a reply that switches protocols', () =>
    withUpgradingServer(async (url) => {
      await assert.rejects(get(url), /another protocol/);
    }));

  it('skips informational replies, and takes the first of repeated headers that must be unique', () =>
    withSockets(
      (socket) =>
        void socket.once('data', () => {
          socket.write('HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n');
          const said =
            'Content-Type: text/plain\r\nContent-Type: text/html\r\nAllow: GET\r\nAllow: PUT\r\n__proto__: x';
          socket.write(`HTTP/1.1 200 OK\r\n${said}\r\nContent-Length: 2\r\n\r\nok`);
        }),
      async (url) => {
        const { status, headers, octets } = await get(url);
        assert.deepEqual([status, String(octets)], [200, 'ok']);
        assert.deepEqual([headers['content-type'], headers['allow']], ['text/plain', 'GET, PUT']);
        assert.equal(Object.getPrototypeOf(headers), Object.prototype);
      },
    ));

  it('follows no redirect', () =>
    withServer(
      (_, response) => void response.writeHead(302, { Location: 'http://127.0.0.1:1/', 'Content-Length': '0' }).end(),
      async (url) => {
        const { status, headers } = await get(url);
        assert.deepEqual([status, headers['location']], [302, 'http://127.0.0.1:1/']);
      },
    ));

  it('connects to the resolved address, and sends the name as host', () =>
    withServer(
      ({ headers }, response) => void response.setHeader('Content-Length', headers.host?.length ?? 0).end(headers.host),
      async (url) => {
        const { port } = new URL(url);
        const reply = await get(`http://yard.example:${port}/`, { address: '127.0.0.1' });
        assert.equal(String(reply.octets), `yard.example:${port}`);
        await assert.rejects(get(url, { address: '127.0.0.2', timeoutMs: 300 }), /ECONNREFUSED|no reply/);
      },
    ));

  it('reuses the connection of a completed reply, and no other', () => {
    const ports = new Set<number | undefined>();
    return withServer(
      ({ socket, url }, response) => {
        ports.add(socket.remotePort);
        // The server's keep-alive time in seconds, below that of most servers.
        response.setHeader('Keep-Alive', 'timeout=2');
        if (url === '/endless') response.write('and so on');
        else response.setHeader('Content-Length', '4').end('done');
      },
      async (url) => {
        for (let n = 0; n < 3; n++) await get(`${url}/whole`);
        assert.equal(await textOf((await get(`${url}/whole`, { wholeBytes: 0 })).body), 'done');
        await get(`${url}/whole`);
        assert.deepEqual([ports.size, idleConnections(url)], [1, 1]);
        const endless = await get(`${url}/endless`);
        assert.equal(idleConnections(url), 0);
        endless.close();
        await get(`${url}/whole`);
        assert.deepEqual([ports.size, idleConnections(url)], [2, 1]);
      },
    );
  });

  it('replaces a connection that its server closed', () => {
    const ports = new Set<number | undefined>();
    return withServer(
      ({ socket }, response) => {
        ports.add(socket.remotePort);
        response.setHeader('Content-Length', '4').end('done', () => setImmediate(() => socket.destroy()));
      },
      async (url) => {
        await get(url);
        while (idleConnections(url) > 0) await delay(1);
        await get(url);
        assert.equal(ports.size, 2);
      },
    );
  });

  it('reports whether an unanswered request was sent or not', () =>
    withSockets(
      (socket) => void socket.resume(),
      async (url) => {
        const put = (fields: Partial<HttpStreamRequest>) => get(url, { method: 'PUT', body: '{}', ...fields });
        await assert.rejects(put({ timeoutMs: 50 }), { name: 'ReplyMissing', message: 'no reply in 50 ms' });
        await assert.rejects(put({ address: '127.0.0.2', timeoutMs: 300 }), { name: 'Error' });
      },
    ));

  it('aborts an attempt to connect when the request times out or its client disconnects', () => {
    const ended: Promise<unknown>[] = [];
    return withSockets(
      // Accepts the connection but sends nothing, so that the TLS handshake never starts.
      (socket) => void ended.push(once(socket.resume(), 'close')),
      async (url) => {
        const mute = url.replace('http:', 'https:');
        await assert.rejects(get(mute, { timeoutMs: 50 }), { name: 'Error', message: 'no reply in 50 ms' });
        const gone = new AbortController();
        const pending = get(mute, { signal: gone.signal });
        while (ended.length < 2) await delay(1);
        gone.abort();
        await assert.rejects(pending, /the request was aborted/);
        await assert.rejects(get(mute, { signal: gone.signal }), /abort/);
        assert.equal((await Promise.all(ended)).length, 2);
      },
    );
  });

  it('requests the certificate of the name, and rejects one without a trusted issuer', async () => {
    const lookups: string[] = [];
    const server = createTlsServer({
      key: KEY,
      cert: CERTIFICATE,
      SNICallback: (name, done) => {
        lookups.push(name);
        done(null);
      },
    });
    server.on('tlsClientError', () => undefined).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    await assert.rejects(get(`https://yard.example:${port}/`, { address: '127.0.0.1' }), /self-signed certificate/);
    server.close();
    assert.deepEqual(lookups, ['yard.example']);
  });

  it('returns an early refusal while the body is still being sent, and lets the sender stop the rest', () =>
    withServer(
      (_, response) => void response.writeHead(413, { 'Content-Length': '8' }).end('too long'),
      async (url) => {
        const body = new Readable({ read: () => undefined });
        body.push('the first of many');
        const reply = await get(url, { method: 'POST', body });
        assert.deepEqual([reply.status, String(reply.octets)], [413, 'too long']);
        assert.equal(body.destroyed, false);
      },
    ));

  it('reads no faster than its reader', () => {
    let written = 0;
    return withServer(
      (_, response) => {
        const part = Buffer.alloc(65_536);
        const write = (): void => {
          do written += part.length;
          while (response.write(part));
        };
        response.on('drain', write);
        write();
      },
      async (url) => {
        const reply = await get(url);
        const octets = reply.body[Symbol.asyncIterator]();
        await octets.next();
        let before = -1;
        // The buffers of the system are full once the count no longer grows.
        while (before < written) {
          before = written;
          await delay(50);
        }
        assert.ok(written < 50_000_000);
        for (let n = 0; n < 1000; n++) await octets.next();
        assert.ok(written > before);
        reply.close();
        await assert.rejects(async () => {
          for (;;) if ((await octets.next()).done) throw new Error('ended');
        });
      },
    );
  });

  it('names the header that cannot be sent', () =>
    withServer(
      () => undefined,
      async (url) => {
        await assert.rejects(get(url, { headers: { 'x-broken': 'a\nb' } }), /invalid x-broken header/);
      },
    ));
});
