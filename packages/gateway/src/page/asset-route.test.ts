import assert from 'node:assert/strict';
import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, suite, test } from 'node:test';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { builtPages, PAGE_SCRIPT, PAGE_STYLE, PAGES_FOLDER } from '../testing/built-pages.ts';
import { testGateway } from '../testing/test-gateway.ts';
import { PAGE_POLICY } from './page-headers.ts';

const { app } = await testGateway({}, undefined, {}, { files: builtPages(), pagesFolder: PAGES_FOLDER });
after(() => app.close());

const ask = (url: string, headers: Readonly<Record<string, string>> = {}, method: 'GET' | 'HEAD' = 'GET') =>
  app.inject({ method, url, headers: { host: 'localhost', ...headers } });

suite('an asset', () => {
  test('is cached for ever, with its content type', async () => {
    for (const [name, type] of [
      ['index-1a2b.js', 'text/javascript; charset=utf-8'],
      ['index-3c4d.css', 'text/css; charset=utf-8'],
      ['medkit-5e6f.svg', 'image/svg+xml'],
    ] as const) {
      const { statusCode, headers } = await ask(`/assets/${name}`);
      assert.equal(statusCode, 200, name);
      assert.equal(headers['content-type'], type);
      assert.equal(headers['cache-control'], 'public, max-age=31536000, immutable');
      assert.equal(headers['x-content-type-options'], 'nosniff');
      assert.equal(headers['content-security-policy'], PAGE_POLICY, 'a worker has a policy of its own');
    }
  });

  test('is sent in the shortest encoding that the client accepts', async () => {
    const fetched = async (coding: string) => {
      const { headers, rawPayload } = await ask('/assets/index-1a2b.js', { 'accept-encoding': coding });
      assert.equal(headers.vary, 'Accept-Encoding');
      assert.equal(headers['content-length'], String(rawPayload.length));
      return [headers['content-encoding'], rawPayload] as const;
    };
    const [br, brotlied] = await fetched('gzip, deflate, br, zstd');
    assert.deepEqual([br, brotliDecompressSync(brotlied).toString()], ['br', PAGE_SCRIPT]);
    const [gzip, gzipped] = await fetched('gzip, br;q=0');
    assert.deepEqual([gzip, gunzipSync(gzipped).toString()], ['gzip', PAGE_SCRIPT]);
    const [plain, text] = await fetched('identity');
    assert.deepEqual([plain, text.toString()], [undefined, PAGE_SCRIPT]);
  });

  test('is served to a browser that sends an unknown origin, as behind a plain proxy', async () => {
    const origin = 'https://fleet.example';
    const headers = { origin, 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors' };
    for (const url of ['/assets/index-1a2b.js', '/assets/index-3c4d.css', '/api/v1/swagger-ui/start.js'])
      assert.equal((await ask(url, headers)).statusCode, 200, url);
    const refused = await ask('/api/v1/apps', headers);
    assert.equal(refused.statusCode, 403);
    assert.match(refused.json().message, /server\.public_url/);
  });

  test('that has no copies is sent uncompressed', async () => {
    const { headers, body } = await ask('/assets/index-3c4d.css', { 'accept-encoding': 'br, gzip' });
    assert.deepEqual([headers['content-encoding'], headers.vary], [undefined, undefined]);
    assert.equal(body, PAGE_STYLE);
  });

  test('has a head without a body', async () => {
    const { statusCode, headers, body } = await ask('/assets/index-1a2b.js', {}, 'HEAD');
    assert.deepEqual([statusCode, body, headers['content-length']], [200, '', String(PAGE_SCRIPT.length)]);
  });

  test('is one of the files of the folder: no other name resolves', async () => {
    for (const name of [
      ...['..%2Findex.html', '..%2f..%2fsecret.js', '%2e%2e%2f%2e%2e%2fsecret.js', '..%5C..%5Csecret.js'],
      ...['deeper', 'deeper%2Fhidden.js', '%00', 'index-1a2b.js%00.css', '__proto__', 'constructor'],
      ...[
        'notes.txt',
        'index-1a2b.js.br',
        'index-1a2b.js.map',
        'INDEX-1A2B.JS',
        '%2Fetc%2Fpasswd',
        `${'a'.repeat(300)}.js`,
      ],
    ]) {
      const { statusCode, body } = await ask(`/assets/${name}`);
      assert.equal(statusCode, 404, name);
      assert.doesNotMatch(body, /hidden|<title>/, name);
    }
  });

  test('is not reached by dots that a client leaves in the path', async () => {
    await app.listen({ host: '127.0.0.1', port: 0 });
    const { port } = app.server.address() as AddressInfo;
    for (const path of ['/assets/..', '/assets/../index.html', '/assets/../../secret.js', '//assets/../../secret.js']) {
      assert.equal(await statusOf(port, path), 404, path);
    }
    assert.equal(await statusOf(port, '/assets/index-1a2b.js'), 200);
  });
});

/** Returns the status of a GET with exactly this path. */
function statusOf(port: number, path: string): Promise<number> {
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, path }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .on('error', reject)
      .end();
  });
}
