import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { SovdError } from '@medkit/contract';
import type { RecordingSource } from '@medkit/core';
import { app, fault, type MemoryFaultsOptions, memoryFaults, memoryRuntime } from '@medkit/core/testing';
import type { Files } from '@medkit/edges';
import { systemFiles } from '@medkit/edges/node';
import { type CatalogueRecording, recordingFiles } from '@medkit/faults';
import { startGateway } from '../start-gateway.ts';
import { testConfig, testGateway } from '../testing/test-gateway.ts';

const AT_MS = 1_770_201_012_500;
/** First bytes of every MCAP file. */
const MAGIC = Buffer.from('\x89MCAP0\r\n', 'latin1');

const recording = (code: string, fields: Partial<CatalogueRecording> = {}): CatalogueRecording => ({
  id: `fault_${code}_${AT_MS}`,
  faultCodes: [code],
  path: `/bags/fault_${code}_${AT_MS}`,
  format: 'mcap',
  octets: 1234,
  durationMs: 6000,
  createdAtNs: BigInt(AT_MS) * 1_000_000n,
  ...fields,
});

/** Opens a recording as its fault manager does, which reads it from this disk. */
const opened = ({ path, ...bag }: CatalogueRecording, disk: () => Files): RecordingSource => ({
  kind: 'recording',
  ...bag,
  files: () => recordingFiles(path, disk()),
});

const LIDAR = '/api/v1/apps/lidar_driver/bulk-data/rosbags';
const BATTERY = '/api/v1/apps/battery_monitor/bulk-data/rosbags';

interface Bags {
  readonly recordings?: readonly CatalogueRecording[];
}

/** A gateway whose faults have these recordings, and whose disk has these files. */
async function setUp(
  { recordings = [], ...options }: Omit<MemoryFaultsOptions, 'recordings'> & Bags = {},
  files: Readonly<Record<string, string | Buffer>> = {},
) {
  const faults = memoryFaults({ ...options, recordings: recordings.map((bag) => opened(bag, () => gateway.storage)) });
  const gateway = await testGateway({}, undefined, { faults });
  for (const [path, content] of Object.entries(files)) gateway.storage.contents.set(path, Buffer.from(content));
  const get = (url: string, method: 'GET' | 'HEAD' = 'GET') => gateway.app.inject({ method, url });
  const items = async (url: string): Promise<readonly Readonly<Record<string, unknown>>[]> => {
    const reply = await get(url);
    assert.equal(reply.statusCode, 200, reply.body);
    return reply.json().items;
  };
  return {
    ...gateway,
    get,
    items,
    idsOf: async (url: string) => (await items(url)).map(({ id }) => id),
    missing: async (url: string) => {
      const reply = await get(url);
      assert.equal(reply.statusCode, 404, url);
      const { message, parameters } = reply.json();
      assert.equal(message, 'Bulk-data not found for this entity');
      return parameters;
    },
  };
}

const HOT = fault('HOT');
const FLAT = fault('FLAT', { sources: ['battery_monitor'] });

describe('recordings of faults over HTTP', () => {
  it('are listed with their topics and compression, if the runtime provides a summary', async () => {
    const bag = opened(recording('HOT'), () => assert.fail('nothing is read'));
    const topics = [{ name: '/scan', type: 'sensor_msgs/msg/LaserScan', count: 82 }];
    const summary = async () => ({ topics, compression: 'zstd' });
    const faults = memoryFaults({ faults: [HOT], recordings: [{ ...bag, files: async () => [], summary }] });
    const { app: server } = await testGateway({}, undefined, { faults });
    const [item] = (await server.inject(LIDAR)).json().items;
    assert.deepEqual([item['x-medkit'].topics, item['x-medkit'].compression], [topics, 'zstd']);
    await server.close();
  });

  it('M01: are listed once each, also if several faults share one', async () => {
    const shared = recording('HOT', { faultCodes: ['COLD', 'HOT'] });
    const older = recording('HOT', { id: 'fault_HOT_1', format: 'sqlite3', createdAtNs: 0n });
    const cold = fault('COLD', { status: 'CLEARED', firstOccurredNs: 1_000_000_000n });
    const { items } = await setUp({ faults: [HOT, cold], recordings: [shared, older] });
    assert.deepEqual(await items(LIDAR), [
      {
        id: shared.id,
        name: `${shared.id} recording 2026-02-04T10:30:12.500Z`,
        mimetype: 'application/x-mcap',
        size: 1234,
        creation_date: '2026-02-04T10:30:12.500Z',
        'x-medkit': { fault_codes: ['COLD', 'HOT'], duration_sec: 6, format: 'mcap', recording_id: shared.id },
        content_type: 'application/x-mcap',
        created_at: '2026-02-04T10:30:12.500Z',
      },
      {
        id: 'fault_HOT_1',
        name: 'fault_HOT_1 recording 2026-02-04T10:30:00.000Z',
        mimetype: 'application/x-sqlite3',
        size: 1234,
        creation_date: '2026-02-04T10:30:00.000Z',
        'x-medkit': { fault_codes: ['HOT'], duration_sec: 6, format: 'sqlite3', recording_id: 'fault_HOT_1' },
        content_type: 'application/x-sqlite3',
        created_at: '2026-02-04T10:30:00.000Z',
      },
    ]);
  });

  it('M01: have the media types of their formats', async () => {
    const formats = ['db3', 'MCAP', ''].map((format, at) => recording('HOT', { id: `fault_HOT_${at}`, format }));
    const { items } = await setUp({ faults: [HOT], recordings: formats });
    assert.deepEqual(
      (await items(LIDAR)).map(({ id, mimetype }) => [id, mimetype]),
      [
        ['fault_HOT_0', 'application/x-sqlite3'],
        ['fault_HOT_1', 'application/octet-stream'],
        ['fault_HOT_2', 'application/octet-stream'],
      ],
    );
  });

  it('H16: are only those of the entity, and reveal no fault codes of other entities', async () => {
    const single = recording('FLAT');
    const shared = recording('HOT', { faultCodes: ['FLAT', 'HOT', 'MIXED'] });
    const mixed = fault('MIXED', { sources: ['/lidar_driver', '/lidar_driver_2'] });
    const files = { [`${shared.path}/${shared.id}_0.mcap`]: 'shared', [`${single.path}/${single.id}_0.mcap`]: 'own' };
    const it = await setUp({ faults: [HOT, FLAT, mixed], recordings: [shared, single] }, files);
    assert.deepEqual(
      (await it.items(LIDAR)).map((item) => [item['id'], item['x-medkit']]),
      [[shared.id, { fault_codes: ['HOT'], duration_sec: 6, format: 'mcap', recording_id: shared.id }]],
    );
    assert.deepEqual(await it.idsOf(BATTERY), [shared.id, single.id]);
    const { body } = await it.get(`${LIDAR}/${single.id}`);
    assert.doesNotMatch(body, /battery|item"|reporting_sources|environment_data|snapshots/);
    assert.deepEqual(await it.missing(`${LIDAR}/${single.id}`), { entity_id: 'lidar_driver', bulk_data_id: single.id });
    assert.equal((await it.get(`${LIDAR}/${shared.id}`)).body, 'shared');
    assert.equal((await it.get(`${BATTERY}/${shared.id}`)).body, 'shared', 'any of its faults will do');
    await it.missing(`${LIDAR}/FLAT`);
    assert.equal(
      (await it.get(`${LIDAR}/MIXED`)).body,
      'shared',
      'each reporter has the evidence of a fault of several',
    );
  });

  it('H19: of an app that is not a node are also those of its component, area and function', async () => {
    const bag = recording('HOT');
    const it = await setUp({ faults: [HOT], recordings: [bag] }, { [`${bag.path}/${bag.id}_0.mcap`]: MAGIC });
    for (const path of ['components/amr_01', 'areas/warehouse', 'functions/navigation']) {
      const url = `/api/v1/${path}/bulk-data`;
      assert.deepEqual((await it.get(url)).json().items, ['rosbags', 'snapshots']);
      assert.deepEqual(await it.idsOf(`${url}/rosbags`), [bag.id]);
      for (const id of [bag.id, 'HOT']) assert.deepEqual((await it.get(`${url}/rosbags/${id}`)).rawPayload, MAGIC);
    }
    assert.deepEqual(await it.idsOf('/api/v1/components/amr_01/subcomponents/arm/bulk-data/rosbags'), []);
  });

  it('H20: of one fault have separate ids, dates and contents, and its code returns the newest', async () => {
    const bags = [2, 1].map((at) => recording('HOT', { id: `fault_HOT_${at}`, path: `/bags/fault_HOT_${at}` }));
    const files = Object.fromEntries(bags.map(({ id, path }) => [`${path}/${id}_0.mcap`, `of ${id}`]));
    const it = await setUp({ faults: [HOT], recordings: bags }, files);
    assert.deepEqual(await it.idsOf(LIDAR), ['fault_HOT_2', 'fault_HOT_1']);
    assert.equal((await it.get(`${LIDAR}/fault_HOT_1`)).body, 'of fault_HOT_1');
    assert.equal((await it.get(`${LIDAR}/HOT`)).body, 'of fault_HOT_2');
  });

  it('H21: are downloaded under their name and format, in parts, and without content by HEAD', async () => {
    const bag = recording('HOT');
    const it = await setUp({ faults: [HOT], recordings: [bag] }, { [`${bag.path}/${bag.id}_0.mcap`]: MAGIC });
    const { headers, rawPayload } = await it.get(`${LIDAR}/HOT`);
    assert.deepEqual(rawPayload, MAGIC);
    assert.equal(headers['content-type'], 'application/x-mcap');
    assert.equal(headers['content-disposition'], `attachment; filename="${bag.id}.mcap"`);
    const head = await it.get(`${LIDAR}/HOT`, 'HEAD');
    assert.deepEqual([head.statusCode, head.body, head.headers['content-length']], [200, '', '8']);
    assert.equal(head.headers['accept-ranges'], 'bytes');
    const part = await it.app.inject({ url: `${LIDAR}/${bag.id}`, headers: { range: 'bytes=1-4' } });
    assert.deepEqual([part.statusCode, part.body, part.headers['content-range']], [206, 'MCAP', 'bytes 1-4/8']);
  });

  it('of several files return the first file, whose size is listed, and each file by its name', async () => {
    const bag = recording('HOT');
    const parts = [10, 0, 2].map((part) => `${bag.id}_${part}.mcap`);
    const files = Object.fromEntries(parts.map((name) => [`${bag.path}/${name}`, name]));
    const it = await setUp(
      { faults: [HOT, FLAT], recordings: [bag] },
      { ...files, [`${bag.path}/metadata.yaml`]: '-' },
    );
    const listed = (await it.get(LIDAR)).json();
    assert.equal(listed.items[0].size, 30);
    assert.deepEqual(
      listed.items[0]['x-medkit'].files,
      [0, 2, 10].map((part) => ({ id: `${bag.id}_${part}.mcap`, size: part === 10 ? 31 : 30 })),
    );
    assert.equal((await it.get(`${LIDAR}/${bag.id}`)).body, `${bag.id}_0.mcap`);
    const second = await it.get(`${LIDAR}/${bag.id}_2.mcap`);
    assert.equal(second.body, `${bag.id}_2.mcap`);
    assert.equal(second.headers['content-disposition'], `attachment; filename="${bag.id}_2.mcap"`);
    await it.missing(`${LIDAR}/${bag.id}_3.mcap`);
    await it.missing(`${LIDAR}/HOT_0.mcap`);
    await it.missing(`${BATTERY}/${bag.id}_2.mcap`);
  });

  it('M01: of an old fault manager that names no faults are found by the requested fault code', async () => {
    const bag = recording('HOT', { faultCodes: [] });
    const provider = memoryFaults({ faults: [HOT, FLAT] });
    provider.recording = async () => opened(bag, () => gateway.storage);
    const gateway = await testGateway({}, undefined, { faults: provider });
    gateway.storage.contents.set(`${bag.path}/a.db3`, Buffer.from('x'));
    assert.equal((await gateway.app.inject(`${LIDAR}/HOT`)).statusCode, 200);
    assert.equal((await gateway.app.inject(`${LIDAR}/FLAT`)).statusCode, 404);
    assert.equal((await gateway.app.inject(`${BATTERY}/HOT`)).statusCode, 404);
  });

  it('are never served if their files are missing or are no recordings', async () => {
    const gone = recording('HOT');
    const secret = recording('COLD', { path: '/etc/shadow' });
    const empty = recording('ODD', { path: '/etc' });
    const faults = [HOT, fault('COLD'), fault('ODD')];
    const it = await setUp({ faults, recordings: [gone, secret, empty] }, { '/etc/shadow': 'root:*' });
    for (const id of [gone.id, 'HOT', 'COLD', secret.id, 'ODD', 'NONE']) await it.missing(`${LIDAR}/${id}`);
    for (const id of ['%2e%2efault', '%2e%2e%2fshadow', 'a%00', 'x'.repeat(201)]) await it.missing(`${LIDAR}/${id}`);
  });

  it('that cannot be read here are listed, and a download gives the reason', async () => {
    const bag = recording('HOT');
    const it = await setUp({ faults: [HOT], recordings: [bag] });
    it.storage.stateOf = () => Promise.reject(Object.assign(new Error('no'), { code: 'EACCES' }));
    assert.deepEqual(await it.idsOf(LIDAR), [bag.id]);
    const reply = await it.get(`${LIDAR}/${bag.id}`);
    assert.equal(reply.statusCode, 500);
    assert.match(reply.json().message, /fault_HOT_\d+ cannot be read \(EACCES\)/);
  });

  it('are unavailable if the fault manager fails, and unknown entities have none', async () => {
    const broken = await setUp({
      onCall: () => {
        throw new SovdError({ code: 'service-unavailable', message: 'the fault manager is gone' });
      },
    });
    for (const url of [LIDAR, `${LIDAR}/HOT`]) {
      const reply = await broken.get(url);
      assert.deepEqual([reply.statusCode, reply.json().error_code], [503, 'service-unavailable'], url);
      assert.deepEqual(reply.json().parameters, { details: 'the fault manager is gone' });
    }
    assert.equal((await broken.get('/api/v1/apps/nobody/bulk-data/rosbags')).statusCode, 404);
  });

  it('are downloaded whole and in parts, from a disk over a socket', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'medkit-recordings-'));
    const bag = recording('HOT', { path: join(folder, `fault_HOT_${AT_MS}`) });
    const content = Buffer.alloc(300_000, 'recorded');
    await mkdir(bag.path);
    await writeFile(join(bag.path, `${bag.id}_0.mcap`), content);
    const gateway = await startGateway({
      config: {
        ...(await testConfig({ server: { port: 0 }, bulk_data: { storage_dir: folder } })),
        data_dir: join(folder, 'data'),
      },
      environment: {},
      runtimes: [
        memoryRuntime({
          apps: [app('lidar_driver', { node: '/lidar_driver' })],
          providers: { faults: memoryFaults({ faults: [HOT], recordings: [opened(bag, () => systemFiles)] }) },
        }),
      ],
      log: () => undefined,
    });
    try {
      const url = `${gateway.url}${LIDAR}/HOT`;
      assert.deepEqual(Buffer.from(await (await fetch(url)).arrayBuffer()), content);
      const head = await fetch(url, { method: 'HEAD' });
      assert.equal(head.headers.get('content-length'), '300000');
      const tag = head.headers.get('etag') ?? '';
      const part = await fetch(url, { headers: { range: 'bytes=299990-', 'if-range': tag } });
      assert.deepEqual([part.status, Buffer.from(await part.arrayBuffer())], [206, content.subarray(-10)]);
      assert.equal((await fetch(url, { headers: { 'if-none-match': tag } })).status, 304);
    } finally {
      await gateway.close();
      await rm(folder, { recursive: true });
    }
  });
});
