import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { get } from 'node:https';
import { connect as connectPlain } from 'node:net';
import { test } from 'node:test';
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';
import { systemClock } from '@medkit/edges/node';
import { closeServer } from '../http/close-server.ts';
import { testCertificate } from '../testing/test-certificate.ts';
import { tlsGateway } from '../testing/tls-gateway.ts';

const STREAMS = 50;

async function ask(
  port: number,
  path: string,
  options: object = {},
): Promise<IncomingMessage & { readonly text: string }> {
  const request = get({ host: '127.0.0.1', port, path, rejectUnauthorized: false, ...options });
  const [reply] = (await once(request, 'response')) as [IncomingMessage];
  let text = '';
  for await (const chunk of reply.setEncoding('utf8')) text += chunk;
  return Object.assign(reply, { text });
}

async function handshake(port: number, options: ConnectionOptions = {}): Promise<TLSSocket> {
  const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false, ...options });
  await once(socket, 'secureConnect');
  return socket;
}

/** Opens a stream of faults. */
async function follow(port: number) {
  const request = get({ host: '127.0.0.1', port, path: '/api/v1/faults/stream', rejectUnauthorized: false });
  const [reply] = (await once(request, 'response')) as [IncomingMessage];
  let text = '';
  reply.setEncoding('utf8').on('data', (chunk) => {
    text += chunk;
  });
  return {
    reply,
    until: async (expected: string): Promise<void> => {
      while (!text.includes(expected)) await once(reply, 'data', { signal: AbortSignal.timeout(5000) });
    },
  };
}

/** Returns the certificate that a new connection receives. */
async function servedCertificate(port: number): Promise<string> {
  const socket = await handshake(port);
  const { raw } = socket.getPeerCertificate();
  socket.destroy();
  return new X509Certificate(raw).toString();
}

test('the gateway serves HTTPS, and its documentation names an https address', async () => {
  await using it = await tlsGateway();
  const headers = { host: `localhost:${it.port}` };
  const { text, headers: replyHeaders } = await ask(it.port, '/api/v1/', {
    headers,
    ca: it.first.cert,
    rejectUnauthorized: true,
  });
  const root = JSON.parse(text);
  assert.deepEqual([root.capabilities.tls, root.tls], [true, { enabled: true, min_version: '1.2' }]);
  assert.equal(replyHeaders['strict-transport-security'], undefined);
  const { servers } = JSON.parse((await ask(it.port, '/api/v1/docs', { headers })).text);
  assert.deepEqual(
    servers.map(({ url }: { url: string }) => url),
    [`https://localhost:${it.port}/api/v1`],
  );
  const health = JSON.parse((await ask(it.port, '/api/v1/health')).text);
  assert.equal(
    health['x-medkit-tls'].fingerprint,
    `sha256:${new X509Certificate(it.first.cert).fingerprint256.replaceAll(':', '').toLowerCase()}`,
  );
  assert.equal(health['x-medkit-tls'].self_signed, true);
});

test('a client that uses HTTP on this port receives the reason in plain text, and nothing else', async () => {
  await using it = await tlsGateway();
  for (const begun of ['GET /api/v1/apps HTTP/1.1\r\n', 'P', '\0\0']) {
    const socket = connectPlain(it.port, '127.0.0.1').setEncoding('utf8');
    socket.write(begun);
    let reply = '';
    for await (const chunk of socket) reply += chunk;
    const [head = '', body = ''] = reply.split('\r\n\r\n');
    assert.match(head, /^HTTP\/1\.1 400 Bad Request\r\n/);
    const { error_code, message } = JSON.parse(body);
    assert.deepEqual(
      [error_code, message],
      ['invalid-request', 'This port uses HTTPS: the address must begin with https://'],
    );
  }
});

test('the configuration sets the oldest TLS version, and TLS 1.2 allows only cipher suites with forward secrecy', async () => {
  await using it = await tlsGateway();
  const old = await handshake(it.port, { maxVersion: 'TLSv1.2' });
  assert.match(old.getCipher().name, /^ECDHE-ECDSA-(?:AES\d+-GCM|CHACHA20)/);
  old.destroy();
  await assert.rejects(handshake(it.port, { maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES128-SHA256' }), {
    code: /ALERT_HANDSHAKE_FAILURE|ECONNRESET/,
  });
  await assert.rejects(
    handshake(it.port, { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' }),
  );
  await using modern = await tlsGateway({ tls: { min_version: '1.3' } });
  await assert.rejects(handshake(modern.port, { maxVersion: 'TLSv1.2' }), {
    code: 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION',
  });
  const socket = await handshake(modern.port);
  assert.equal(socket.getProtocol(), 'TLSv1.3');
  socket.destroy();
});

test('a client that offers unexpected names, protocols or bytes does not stop the server', async () => {
  await using it = await tlsGateway();
  for (const servername of ['nobody.example', 'x'.repeat(250), '_'])
    (await handshake(it.port, { servername })).destroy();
  await assert.rejects(handshake(it.port, { ALPNProtocols: ['h2'] }));
  const plain = await handshake(it.port, { ALPNProtocols: ['h2', 'http/1.1'] });
  assert.equal(plain.alpnProtocol, 'http/1.1');
  plain.destroy();
  for (const octets of ['16', '1603010200', '160301000501000001ff', `16030100ff${'41'.repeat(255)}`]) {
    const socket = connectPlain(it.port, '127.0.0.1');
    socket.on('error', () => socket.destroy());
    socket.write(Buffer.from(octets, 'hex'));
    socket.end();
    await once(socket.resume(), 'close');
  }
  assert.equal((await ask(it.port, '/api/v1/apps')).statusCode, 200);
});

test(`certificates are replaced while ${STREAMS} streams are open: no stream breaks, and new connections get the new one`, async () => {
  await using it = await tlsGateway();
  const streams = await Promise.all(Array.from({ length: STREAMS }, () => follow(it.port)));
  it.publish(1);
  await Promise.all(streams.map((stream) => stream.until('id: 1\n')));
  assert.equal(await servedCertificate(it.port), new X509Certificate(it.first.cert).toString());
  const second = testCertificate(systemClock.wallMs());
  it.put(second);
  await it.tls.reload();
  assert.equal(await servedCertificate(it.port), new X509Certificate(second.cert).toString());

  it.put(testCertificate(systemClock.wallMs(), { notAfterMs: systemClock.wallMs() - 1000, key: second.key }));
  await it.tls.reload();
  it.put({ key: it.first.key });
  await it.tls.reload();
  assert.equal(await servedCertificate(it.port), new X509Certificate(second.cert).toString());
  const { warnings } = JSON.parse((await ask(it.port, '/api/v1/health')).text);
  const codes = warnings.map(({ code }: { readonly code: string }) => code);
  assert.deepEqual(codes, ['tls_certificate_refused']);

  it.publish(2);
  await Promise.all(streams.map((stream) => stream.until('id: 2\n')));
  for (const { reply } of streams) reply.destroy();
});

test('a connection that has sent a request over TLS does not count as silent, and is not closed for another', async () => {
  await using it = await tlsGateway({ bounds: { total: 100, perAddress: 100, silentPerAddress: 1 } });
  const asking = await handshake(it.port);
  asking.write('GET /api/v1/health HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await once(asking, 'data');
  const silent = await handshake(it.port);
  silent.on('error', () => silent.destroy()).resume();
  const [later] = await Promise.all([handshake(it.port), new Promise((resolve) => silent.once('close', resolve))]);
  assert.deepEqual([asking.destroyed, later.destroyed], [false, false]);
  for (const socket of [asking, later]) socket.destroy();
});

test('the gateway closes without waiting for connections in their TLS handshake', async () => {
  await using it = await tlsGateway();
  const silent = connectPlain(it.port, '127.0.0.1');
  await once(silent, 'connect');
  const begun = connectPlain(it.port, '127.0.0.1');
  begun.write(Buffer.from([22]));
  await (await ask(it.port, '/api/v1/health')).text;
  await closeServer(it.app, systemClock);
  await Promise.all(
    [silent, begun].map((socket) => socket.destroyed || once(socket.on('error', () => undefined).resume(), 'close')),
  );
});
