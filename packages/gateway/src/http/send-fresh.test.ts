import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { memoryConfigurations } from '@medkit/core/testing';
import { testGateway } from '../testing/test-gateway.ts';

const REMOTE = '192.0.2.7';
const LONG = '/api/v1/apps/lidar_driver/configurations';

/** A gateway of a node with many parameters, whose list is created for each request. */
async function setUp() {
  const parameters = Array.from(
    { length: 50 },
    (_none, at) => [`parameter_${at}`, { type: 'int', value: at }] as const,
  );
  const { app } = await testGateway({}, undefined, {
    configurations: memoryConfigurations({ '/lidar_driver': Object.fromEntries(parameters) }),
  });
  return (url: string, accepted?: string, remoteAddress = REMOTE) =>
    app.inject({ url, remoteAddress, headers: accepted ? { 'accept-encoding': accepted } : {} });
}

describe('a reply for a single client', () => {
  it('is compressed if it is long, the client accepts it and is on another machine', async () => {
    const get = await setUp();
    const plain = await get(LONG);
    assert.ok(plain.rawPayload.length > 2048);
    assert.deepEqual([plain.headers['content-encoding'], plain.headers.vary], [undefined, 'Accept-Encoding']);
    const gzip = await get(LONG, 'br, gzip');
    assert.equal(gzip.headers['content-encoding'], 'gzip');
    assert.ok(gzip.rawPayload.length < plain.rawPayload.length / 3);
    assert.equal(gunzipSync(gzip.rawPayload).toString(), plain.payload);
    for (const near of ['127.0.0.1', '::1', '::ffff:127.0.0.1'])
      assert.equal((await get(LONG, 'gzip', near)).headers['content-encoding'], undefined, near);
    for (const refused of ['gzip;q=0', 'identity', 'xgzip', 'gzip; q=0.0, deflate'])
      assert.equal((await get(LONG, refused)).headers['content-encoding'], undefined, refused);
    assert.equal((await get(`${LONG}/parameter_1`, 'gzip')).headers['content-encoding'], undefined);
  });

  it('is not compressed if it is an event stream', async () => {
    const get = await setUp();
    const head = await get('/api/v1/x-medkit-live?watch=apps/lidar_driver/faults', 'gzip');
    assert.equal(head.headers['content-encoding'], undefined);
  });
});

describe('a file that a page loads', () => {
  it('is sent as brotli, as gzip or uncompressed, depending on what the client accepts', async () => {
    const get = await setUp();
    const style = '/api/v1/swagger-ui/swagger-ui.css';
    const [plain, br, gzip] = await Promise.all(
      [undefined, 'gzip, deflate, br', 'gzip'].map((accepted) => get(style, accepted)),
    );
    assert.ok(plain && br && gzip);
    assert.deepEqual(
      [plain, br, gzip].map(({ headers }) => headers['content-encoding']),
      [undefined, 'br', 'gzip'],
    );
    assert.equal(brotliDecompressSync(br.rawPayload).toString(), plain.payload);
    assert.equal(gunzipSync(gzip.rawPayload).toString(), plain.payload);
    assert.ok(br.rawPayload.length <= gzip.rawPayload.length);
    assert.equal(br.headers.vary, 'Accept-Encoding');
    assert.match(String(br.headers['content-type']), /^text\/css/);
  });
});
