import assert from 'node:assert/strict';
import { it } from 'node:test';
import { type DataPicture, openModel } from '@medkit/core';
import { app, memoryRuntime } from '@medkit/core/testing';
import { SimulatedClock } from '@medkit/edges/testing';
import { testConfig } from '../testing/test-gateway.ts';
import { testServer } from '../testing/test-server.ts';

const PICTURE: DataPicture = {
  mediaType: 'image/png',
  bytes: Uint8Array.of(1, 2, 3),
  width: 1920,
  height: 1080,
  encoding: 'rgb8',
  timestampNs: 1_767_225_600_123_500_000n,
};
const ADDRESS = '/api/v1/apps/camera/data/%2Fimage/x-medkit-picture';

/** A gateway with an image, and an item that is none. */
async function setUp(picture: DataPicture = PICTURE) {
  const clock = new SimulatedClock();
  const runtime = memoryRuntime({
    apps: [app('camera', { address: { runtime: 'memory', nativeId: '/camera' } })],
    data: { '/camera': { '/image': { picture }, '/exposure': { value: 3 } } },
  });
  const log = () => undefined;
  const model = await openModel({ runtimes: [runtime], clock, log });
  return testServer({ config: await testConfig(), model, clock, log });
}

it('a picture is sent with the size, encoding and arrival time of its image', async () => {
  const server = await setUp();
  const { statusCode, headers, rawPayload } = await server.inject(`${ADDRESS}?width=320`);
  assert.deepEqual([statusCode, [...rawPayload]], [200, [1, 2, 3]]);
  const names = ['type', 'length'].map((name) => headers[`content-${name}`]);
  assert.deepEqual(names, ['image/png', '3']);
  assert.deepEqual([headers['x-content-type-options'], headers['cache-control']], ['nosniff', 'no-store']);
  const about = ['timestamp', 'width', 'height', 'encoding'].map((name) => headers[`x-medkit-${name}`]);
  assert.deepEqual(about, ['1767225600123500000', '1920', '1080', 'rgb8']);
  const again = await server.inject({ url: ADDRESS, headers: { 'if-none-match': String(headers['etag']) } });
  assert.deepEqual([again.statusCode, again.payload], [304, '']);
});

it('a picture of a type that browsers may run is sent as plain bytes', async () => {
  const server = await setUp({ ...PICTURE, mediaType: 'image/svg+xml' });
  assert.equal((await server.inject(ADDRESS)).headers['content-type'], 'application/octet-stream');
});

it('a picture is refused for an item without one, and for a width out of range', async () => {
  const server = await setUp();
  const ask = async (url: string) => {
    const reply = await server.inject(url);
    return [reply.statusCode, reply.json().error_code];
  };
  assert.deepEqual(await ask('/api/v1/apps/camera/data/exposure/x-medkit-picture'), [
    409,
    'precondition-not-fulfilled',
  ]);
  assert.deepEqual(await ask('/api/v1/apps/camera/data/unknown/x-medkit-picture'), [404, 'resource-not-found']);
  for (const width of ['0', '15', '641', '1e2', '-20', '', 'wide'])
    assert.deepEqual(await ask(`${ADDRESS}?width=${width}`), [400, 'invalid-parameter'], width);
  assert.deepEqual(await ask(`${ADDRESS}?height=20`), [400, 'invalid-parameter']);
});
