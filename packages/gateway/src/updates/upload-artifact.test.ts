import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { after, before, describe, it } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { memoryUpdates } from '@medkit/core/testing';
import { systemFiles, systemWritableFiles } from '@medkit/edges/node';
import { artifactTar, packArtifact } from '@medkit/updates/artifact';
import { module, pluginGateway } from '../testing/plugin-gateway.ts';
import { testConfig, testGateway } from '../testing/test-gateway.ts';

type Gateway = Awaited<ReturnType<typeof testGateway>>;

describe('the artifact of an update', () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'medkit-upload-artifact-')));
  let archive: Buffer;
  let gateway: Gateway;
  before(async () => {
    const release = join(folder, 'release');
    mkdirSync(release);
    writeFileSync(join(release, 'map.txt'), 'x'.repeat(3_000_000));
    const packed = { folder: release, id: 'map-3', version: '1.0', target: 'robot' };
    await packArtifact({ ...packed, files: { ...systemFiles, ...systemWritableFiles } });
    archive = await buffer((await artifactTar(release, systemFiles)).read(0));
    const { updates } = await testConfig();
    const settings = { dir: join(folder, 'incoming'), install_dir: join(folder, 'installed'), max_size_mb: 4 };
    gateway = await testGateway({ updates: { ...updates, ...settings, trusted_keys: [] } });
  });
  after(async () => {
    await gateway.app.close();
    rmSync(folder, { recursive: true });
  });

  const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

  /** Sends a body, with a range unless it is the whole archive. */
  async function put(
    payload: Buffer | undefined,
    range?: string,
    { id = 'map-3', sha256 = digest(archive), headers = {} } = {},
  ) {
    const url = `/api/v1/updates/${id}/x-medkit-artifact${sha256 === '' ? '' : `?sha256=${sha256}`}`;
    const reply = await gateway.app.inject({
      method: 'PUT',
      url,
      headers: { host: 'localhost', ...(range && { 'content-range': range }), ...headers },
      ...(payload && { payload }),
    });
    return { status: reply.statusCode, body: reply.json() };
  }

  it('is sent in parts, whatever type the client gives them', async () => {
    const size = archive.length;
    const answer = (received: number, complete = false) => ({ id: 'map-3', size, received, complete });
    assert.deepEqual(await put(undefined, `bytes */${size}`), { status: 202, body: answer(0) });
    const types = ['application/x-tar', 'application/octet-stream', undefined];
    for (let at = 0; at < size; at += 2_000_000) {
      const end = Math.min(at + 2_000_000, size);
      const type = types[at / 2_000_000];
      const part = await put(archive.subarray(at, end), `bytes ${at}-${end - 1}/${size}`, {
        headers: type ? { 'content-type': type } : {},
      });
      assert.deepEqual(part, { status: end === size ? 200 : 202, body: answer(end, end === size) });
    }
    assert.deepEqual(await put(undefined, `bytes */${size}`), { status: 200, body: answer(size, true) });
    assert.equal(readFileSync(join(folder, 'incoming', 'map-3', 'map.txt'), 'utf8').length, 3_000_000);
    const listed = await gateway.app.inject({ url: '/api/v1/updates?expand=status', headers: { host: 'localhost' } });
    assert.deepEqual(listed.json()['x-medkit'].unregistered, [
      { artifact: 'map-3', id: 'map-3', version: '1.0', target: 'robot' },
    ]);
  });

  it('has one audit record for each request after which it is complete', async () => {
    const reply = await gateway.app.inject({ url: '/api/v1/x-medkit-audit', headers: { host: 'localhost' } });
    const records: readonly object[] = reply.json().items;
    assert.equal(records.length, 2, JSON.stringify(records));
    for (const record of records) assert.match(JSON.stringify(record), new RegExp(`map-3.*${digest(archive)}`));
  });

  it('is sent whole without a range, as JSON clients may call it', async () => {
    rmSync(join(folder, 'incoming'), { recursive: true });
    const sent = await put(archive, undefined, { headers: { 'content-type': 'application/json' } });
    assert.deepEqual([sent.status, sent.body.complete], [200, true]);
  });

  it('is refused with the parameter that is invalid', async () => {
    const part = archive.subarray(0, 10);
    for (const [range, sha256, parameter] of [
      ['bytes 0-9/100', 'abc', 'sha256'],
      ['bytes 0-9/100', '', 'sha256'],
      ['bytes 0-9/*', undefined, 'Content-Range'],
      ['bytes 9-0/100', undefined, 'Content-Range'],
      ['bytes 0-100/100', undefined, 'Content-Range'],
      ['bytes */0', undefined, 'Content-Range'],
      ['items 0-9/100', undefined, 'Content-Range'],
      [`bytes 0-9/${'9'.repeat(16)}`, undefined, 'Content-Range'],
    ] as const) {
      const { status, body } = await put(part, range, sha256 === undefined ? {} : { sha256 });
      assert.deepEqual([status, body.error_code, body.parameters?.parameter], [400, 'invalid-parameter', parameter]);
    }
    assert.equal((await put(undefined)).body.error_code, 'invalid-request');
    assert.equal((await put(part, 'bytes 0-9/100', { id: '.hidden' })).status, 400);
    const large = await put(part, 'bytes 0-9/4194305');
    assert.deepEqual([large.status, large.body.error_code], [413, 'payload-too-large']);
    const key = await put(part, 'bytes 0-9/100', { headers: { 'idempotency-key': 'a' } });
    assert.equal(key.status, 400);
  });

  it('continues after a connection that broke in the middle of a body', async () => {
    rmSync(join(folder, 'incoming'), { recursive: true });
    await gateway.app.listen({ host: '127.0.0.1', port: 0 });
    const { port } = gateway.app.server.address() as { port: number };
    const size = archive.length;
    const socket = createConnection({ host: '127.0.0.1', port });
    const head = [
      `PUT /api/v1/updates/map-3/x-medkit-artifact?sha256=${digest(archive)} HTTP/1.1`,
      'Host: localhost',
      `Content-Range: bytes 0-${size - 1}/${size}`,
      `Content-Length: ${size}`,
    ];
    socket.write(`${head.join('\r\n')}\r\n\r\n`);
    socket.write(archive.subarray(0, 500_000));
    const received = async () => (await put(undefined, `bytes */${size}`)).body;
    while ((await systemFiles.list(join(folder, 'installed', 'transfers', 'map-3'))).length === 0) await setTimeout(5);
    const busy = await received();
    assert.equal(busy.vendor_code, 'x-medkit-update-in-progress');
    socket.resetAndDestroy();
    let state = await received();
    for (; state.vendor_code !== undefined; state = await received()) await setTimeout(5);
    assert.ok(state.received <= 500_000 && !state.complete, JSON.stringify(state));
    const rest = await put(archive.subarray(state.received), `bytes ${state.received}-${size - 1}/${size}`);
    assert.deepEqual([rest.status, rest.body.complete], [200, true]);
  });

  it('is not received by the installer of a plugin', async () => {
    const { ask, close } = await pluginGateway({
      installer: module(async () => ({ updates: memoryUpdates().provider })),
    });
    const refused = await ask('PUT', `/updates/map/x-medkit-artifact?sha256=${digest(archive)}`, { a: 1 });
    assert.deepEqual([refused.status, refused.body.error_code], [501, 'not-implemented']);
    await close();
  });
});
