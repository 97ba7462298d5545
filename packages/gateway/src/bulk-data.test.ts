import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { type TestGateway, testGateway } from './testing/test-gateway.ts';
import { type FormPart, uploadForm } from './testing/upload-form.ts';

const APP = '/api/v1/apps/lidar_driver/bulk-data';
const withMaps = (extra = {}) => testGateway({ bulk_data: { categories: ['maps', 'logs'], ...extra } });

const upload = ({ app }: TestGateway, url: string, ...parts: readonly FormPart[]) => uploadForm(app, url, parts);

const map: FormPart = { name: 'file', content: '0123456789', filename: 'hall.pgm', type: 'image/x-portable-graymap' };

suite('bulk data over HTTP', () => {
  test('categories are those of the configuration, for every kind of entity', async () => {
    const { app } = await withMaps();
    for (const path of ['apps/lidar_driver', 'components/amr_01', 'areas/warehouse', 'functions/navigation']) {
      const reply = await app.inject(`/api/v1/${path}/bulk-data`);
      assert.deepEqual(reply.json(), { items: ['rosbags', 'snapshots', 'logs', 'maps'] });
    }
    assert.equal((await app.inject('/api/v1/apps/nobody/bulk-data')).statusCode, 404);
    assert.equal((await app.inject('/api/v1/areas/amr_01/bulk-data')).json().error_code, 'invalid-parameter');
  });

  test('an uploaded file is listed, downloaded and deleted', async () => {
    const gateway = await withMaps();
    const { app } = gateway;
    const metadata: FormPart = { name: 'metadata', content: '{"floor":3}' };
    const created = await upload(gateway, `${APP}/maps`, { name: 'description', content: 'Hall 3' }, map, metadata);
    assert.equal(created.statusCode, 201);
    const { id, ...descriptor } = created.json();
    assert.match(id, /^maps_\d+_[0-9a-f]{8}$/);
    assert.equal(created.headers.location, `${APP}/maps/${id}`);
    assert.deepEqual(
      { ...descriptor, creation_date: '', created_at: '' },
      {
        name: 'hall.pgm',
        mimetype: 'image/x-portable-graymap',
        content_type: 'image/x-portable-graymap',
        size: 10,
        creation_date: '',
        created_at: '',
        description: 'Hall 3',
        'x-medkit': { floor: 3 },
      },
    );
    const lists = [`${APP}/maps`, '/api/v1/components/amr_01/bulk-data/maps', '/api/v1/areas/warehouse/bulk-data/maps'];
    for (const url of [...lists, '/api/v1/functions/navigation/bulk-data/maps']) {
      assert.deepEqual((await app.inject(url)).json().items, [created.json()], url);
    }
    assert.deepEqual((await app.inject(`${APP}/logs`)).json().items, []);

    const file = await app.inject(`${APP}/maps/${id}`);
    assert.equal(file.body, '0123456789');
    assert.equal(file.headers['content-type'], 'image/x-portable-graymap');
    assert.equal(file.headers['content-disposition'], 'attachment; filename="hall.pgm"');
    assert.equal(file.headers['content-length'], '10');

    assert.equal((await app.inject({ method: 'DELETE', url: `${APP}/maps/${id}` })).statusCode, 204);
    assert.deepEqual((await app.inject(`${APP}/maps`)).json().items, []);
    const gone = await app.inject(`${APP}/maps/${id}`);
    assert.equal(gone.statusCode, 404);
    assert.deepEqual(gone.json().parameters, { entity_id: 'lidar_driver', bulk_data_id: id });
  });

  test('a file can be downloaded in parts, is not sent again if the client has it, and answers HEAD', async () => {
    const gateway = await withMaps();
    const { app } = gateway;
    const { id } = (await upload(gateway, `${APP}/maps`, map)).json();
    const get = (headers: Record<string, string>, method: 'GET' | 'HEAD' = 'GET') =>
      app.inject({ method, url: `${APP}/maps/${id}`, headers });
    const part = await get({ range: 'bytes=2-4' });
    assert.deepEqual([part.statusCode, part.body], [206, '234']);
    assert.equal(part.headers['content-range'], 'bytes 2-4/10');
    assert.equal(part.headers['content-length'], '3');
    const { etag } = part.headers;
    assert.equal((await get({ range: 'bytes=2-4', 'if-range': String(etag) })).statusCode, 206);
    assert.equal((await get({ range: 'bytes=2-4', 'if-range': '"other"' })).statusCode, 200);
    assert.equal((await get({ 'if-none-match': String(etag) })).statusCode, 304);
    const beyond = await get({ range: 'bytes=10-' });
    assert.equal(beyond.statusCode, 416);
    assert.equal(beyond.headers['content-range'], 'bytes */10');
    assert.equal(beyond.json().vendor_code, 'x-medkit-range-not-satisfiable');
    const head = await get({}, 'HEAD');
    assert.deepEqual([head.statusCode, head.body, head.headers['content-length']], [200, '', '10']);
    assert.equal(head.headers['accept-ranges'], 'bytes');
  });

  test('an invalid upload is refused and leaves nothing behind', async () => {
    const gateway = await withMaps({ max_upload_size: 12 });
    const refused = async (url: string, ...parts: readonly FormPart[]) => {
      const reply = await upload(gateway, url, ...parts);
      return [reply.statusCode, reply.json().error_code];
    };
    const field: FormPart = { name: 'description', content: 'x' };
    assert.deepEqual(await refused(`${APP}/maps`, field), [400, 'invalid-request']);
    assert.deepEqual(await refused(`${APP}/maps`, map, map), [400, 'invalid-request']);
    assert.deepEqual(await refused(`${APP}/maps`, { ...map, name: 'data' }), [400, 'invalid-request']);
    assert.deepEqual(await refused(`${APP}/rosbags`, map), [400, 'invalid-parameter']);
    assert.deepEqual(await refused(`${APP}/photos`, map), [400, 'invalid-parameter']);
    for (const content of ['[1]', '{', 'null']) {
      assert.deepEqual(await refused(`${APP}/maps`, map, { name: 'metadata', content }), [400, 'invalid-parameter']);
    }
    const lengthy = { name: 'description', content: 'x'.repeat(65_537) };
    assert.deepEqual(await refused(`${APP}/maps`, map, lengthy), [413, 'payload-too-large']);
    assert.deepEqual(await refused(`${APP}/maps`, { ...map, content: 'x'.repeat(13) }), [413, 'payload-too-large']);
    assert.deepEqual(await refused('/api/v1/apps/nobody/bulk-data/maps', map), [404, 'entity-not-found']);
    assert.equal(gateway.storage.contents.size, 0);
  });

  test('a body that is not an upload, and an upload to a JSON route, are rejected with the reason', async () => {
    const gateway = await withMaps();
    const json = await gateway.app.inject({ method: 'POST', url: `${APP}/maps`, payload: { file: 'x' } });
    assert.deepEqual([json.statusCode, json.json().error_code], [415, 'invalid-request']);
    const torn = await gateway.app.inject({
      method: 'POST',
      url: `${APP}/maps`,
      payload: '--b\r\ncontent-disposition: form-data; name="file"; filename="a"\r\n\r\nhalf',
      headers: { 'content-type': 'multipart/form-data; boundary=b' },
    });
    assert.deepEqual([torn.statusCode, torn.json().error_code], [400, 'invalid-request']);
    assert.match(torn.json().message, /: it ends before its last boundary: it was truncated, or its boundary differs/);
    const headers = { 'content-type': 'multipart/form-data' };
    const unbound = await gateway.app.inject({ method: 'POST', url: `${APP}/maps`, payload: '--b\r\n--b--', headers });
    assert.equal(unbound.statusCode, 400);
    assert.match(unbound.json().message, /: its Content-Type has no boundary; let the client set that header/);
    const data = await gateway.app.inject({
      method: 'PUT',
      url: '/api/v1/apps/lidar_driver/data/scan',
      payload: '--b\r\n--b--',
      headers: { 'content-type': 'multipart/form-data; boundary=b' },
    });
    assert.deepEqual([data.statusCode, data.json().error_code], [415, 'invalid-request']);
    assert.equal(gateway.storage.contents.size, 0);
  });

  test('no id leads to a file outside the store', async () => {
    const gateway = await withMaps();
    gateway.storage.contents.set('/secret', Buffer.from('x'));
    for (const id of ['..%2f..%2f..%2fsecret', '.incoming', '%00']) {
      const reply = await gateway.app.inject(`${APP}/maps/${id}`);
      assert.equal(reply.statusCode, 404, id);
    }
    const created = await upload(gateway, `${APP}/maps`, { ...map, filename: '../../../etc/cron.d/x' });
    assert.equal(created.json().name, 'x');
    for (const path of gateway.storage.contents.keys()) {
      assert.ok(
        path === '/secret' || path.startsWith('/home/robot/.local/share/medkit/bulk_data/apps/lidar_driver/maps/'),
      );
    }
  });

  test('a file name with non-ASCII letters is sent as ASCII and as UTF-8', async () => {
    const gateway = await withMaps();
    const { id } = (await upload(gateway, `${APP}/maps`, { ...map, filename: 'Größe.pgm', type: 'no type' })).json();
    const file = await gateway.app.inject(`${APP}/maps/${id}`);
    assert.equal(
      file.headers['content-disposition'],
      `attachment; filename="Gr__e.pgm"; filename*=UTF-8''Gr%C3%B6%C3%9Fe.pgm`,
    );
  });

  test('a subcomponent has separate files, which are also at the path below its parent and below no other component', async () => {
    const gateway = await withMaps();
    const { id } = (await upload(gateway, '/api/v1/components/arm/bulk-data/maps', map)).json();
    const nested = '/api/v1/components/amr_01/subcomponents/arm/bulk-data';
    assert.deepEqual((await gateway.app.inject(nested)).json(), { items: ['rosbags', 'snapshots', 'logs', 'maps'] });
    assert.equal((await gateway.app.inject(`${nested}/maps`)).json().items[0].id, id);
    assert.equal((await gateway.app.inject(`${nested}/maps/${id}`)).body, '0123456789');
    const wrong = await gateway.app.inject('/api/v1/components/arm/subcomponents/amr_01/bulk-data');
    assert.deepEqual([wrong.statusCode, wrong.json().error_code], [404, 'resource-not-found']);
  });

  test('only the entity that has a file can delete it, and areas and functions take none', async () => {
    const gateway = await withMaps();
    const { id } = (await upload(gateway, `${APP}/maps`, map)).json();
    const remove = (url: string) => gateway.app.inject({ method: 'DELETE', url });
    assert.equal((await remove(`/api/v1/components/amr_01/bulk-data/maps/${id}`)).statusCode, 404);
    assert.equal((await remove(`${APP}/rosbags/${id}`)).json().error_code, 'invalid-parameter');
    assert.equal((await remove(`/api/v1/areas/warehouse/bulk-data/maps/${id}`)).statusCode, 405);
    assert.equal((await upload(gateway, '/api/v1/functions/navigation/bulk-data/maps', map)).statusCode, 405);
    assert.equal((await gateway.app.inject(`${APP}/maps/${id}`)).statusCode, 200);
  });

  test('the gateway does not start with an invalid category', async () => {
    for (const category of ['../x', 'rosbags', 'snapshots', '']) {
      await assert.rejects(testGateway({ bulk_data: { categories: [category] } }), /bulk_data\.categories/);
    }
  });
});
