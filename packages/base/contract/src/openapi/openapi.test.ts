import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Validator } from '@seriousme/openapi-schema-validator';
import type { Route } from '../routes/route.ts';
import { ALL_ROUTES } from '../routes/routes.ts';
import { openApiDocument } from './document.ts';
import { routesOfCollection, routesOfDataItem, routesOfEntity, routesOfResource } from './scoped.ts';

const scan = {
  id: '/scan',
  name: '/scan',
  category: 'currentData',
  'x-medkit': {
    type_info: { schema: { type: 'object', properties: { ranges: { type: 'array' } } }, default_value: {} },
  },
};

async function valid(routes: readonly Route[], tokenNeeded = false) {
  const document = openApiDocument({ routes, tokenNeeded });
  const { valid, errors } = await new Validator().validate(JSON.parse(JSON.stringify(document)));
  assert.equal(valid, true, JSON.stringify(errors));
  return document;
}

test('the document of all routes is valid OpenAPI 3.1, with and without a token', async () => {
  const document = await valid(ALL_ROUTES);
  assert.equal(document.info['x-sovd-version'], '1.0.0');
  assert.deepEqual(document.security, []);
  const guarded = await valid(ALL_ROUTES, true);
  assert.deepEqual(guarded.security, [{ bearerAuth: [] }]);
  assert.ok(/"401"/.test(JSON.stringify(guarded.paths['/apps'])));
});

test('every $ref resolves and every published schema is referenced', async () => {
  const document = await valid(ALL_ROUTES);
  const referred = [...JSON.stringify(document).matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name);
  assert.deepEqual([...new Set(referred)].sort(), Object.keys(document.components.schemas).sort());
});

test('no schema keeps an $id, and an optional member is its type or null and not required', async () => {
  const { schemas } = (await valid(ALL_ROUTES)).components;
  assert.equal(JSON.stringify(schemas).includes('$id'), false);
  const item = schemas.AppListItem as { required: string[]; properties: Record<string, unknown> };
  assert.deepEqual(item.properties['x-medkit'], {
    anyOf: [{ $ref: '#/components/schemas/XMedkitApp' }, { type: 'null' }],
  });
  assert.equal(item.required.includes('x-medkit'), false);
});

test('the errors declared are those that can be returned', async () => {
  const { paths } = await valid(ALL_ROUTES);
  const statuses = (path: string, method: string) => Object.keys(paths[path]?.[method]?.['responses'] as object);
  assert.deepEqual(statuses('/apps', 'get'), ['200', '304', '400', '403', '421', '429', '500', '503']);
  assert.deepEqual(statuses('/apps/{app_id}/data/{data_id}', 'put'), [
    '200',
    '400',
    '403',
    '404',
    '409',
    '413',
    '415',
    '421',
    '429',
    '500',
    '501',
    '502',
    '503',
    '504',
  ]);
});

test('only tags in use are listed', async () => {
  assert.deepEqual(
    (await valid(routesOfCollection('health'))).tags.map(({ name }) => name),
    ['Server'],
  );
});

test('the scoped document of a collection has the list and the detail', async () => {
  assert.deepEqual(Object.keys((await valid(routesOfCollection('apps'))).paths), ['/apps', '/apps/{app_id}']);
  assert.deepEqual(routesOfCollection('nothing'), []);
});

test('the scoped document of an entity has its id in every path', async () => {
  const { paths } = await valid(routesOfEntity('app', 'lidar_driver'));
  assert.ok('/apps/lidar_driver' in paths && '/apps/lidar_driver/data' in paths);
  assert.equal(JSON.stringify(paths).includes('{app_id}'), false);
});

test('the scoped document of one topic shows the schema of its message', async () => {
  const routes = routesOfDataItem(routesOfResource('app', 'lidar_driver', 'data'), scan);
  const { paths } = await valid(routes);
  assert.deepEqual(Object.keys(paths), ['/apps/lidar_driver/data/scan']);
  const read = JSON.stringify(paths['/apps/lidar_driver/data/scan']?.get);
  assert.match(read, /"ranges"/);
  assert.match(read, /"x-sovd-data-category":"currentData"/);
});
