import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { EntityRef } from '@medkit/client';
import type { BulkDataDescriptor, TreeItem } from '@medkit/contract';
import { fileRow, foundRows, mergedRows } from './file-row.ts';
import { fileScopes, ownerOfFile } from './file-scopes.ts';

const item = (type: TreeItem['type'], id: string, more: Partial<TreeItem> = {}): TreeItem => ({
  type,
  id,
  name: id,
  source: 'manifest',
  ...more,
});
const TREE = [
  item('area', 'sensors'),
  item('area', 'front', { parent: 'sensors' }),
  item('component', 'lidar', { area: 'front' }),
  item('app', 'driver', { component: 'lidar' }),
  item('app', 'alone'),
  item('component', 'lost', { area: 'nowhere' }),
  item('function', 'drive', { hosts: ['driver'] }),
];

describe('the lists of all files', () => {
  it('are those of the roots of the tree', () => {
    assert.deepEqual(
      fileScopes(TREE).map(({ id }) => id),
      ['sensors', 'alone', 'lost'],
    );
  });

  it('lead to the owner of a file', async () => {
    const requests: string[] = [];
    const has =
      (...ids: readonly string[]) =>
      async ({ id }: EntityRef) => {
        requests.push(id);
        return ids.includes(id);
      };
    const scope = { kind: 'area', id: 'sensors' } as const;
    assert.equal((await ownerOfFile(TREE, scope, has('front', 'lidar', 'driver'))).id, 'driver');
    assert.deepEqual(requests, ['front', 'lidar', 'driver']);
    assert.equal((await ownerOfFile(TREE, scope, has('front', 'lidar'))).id, 'lidar');
    assert.equal((await ownerOfFile(TREE, scope, has())).id, 'sensors');
  });
});

const file = (id: string, more: Partial<BulkDataDescriptor> = {}): BulkDataDescriptor => ({
  id,
  name: `${id}.mcap`,
  mimetype: 'application/x-mcap',
  size: 10,
  creation_date: '2026-03-23T02:12:53.000Z',
  ...more,
});
const SCOPE = { kind: 'area', id: 'sensors' } as const;

describe('a file', () => {
  it('has the faults, length and parts of its recording', () => {
    const about = {
      fault_codes: ['A', 7, 'B'],
      duration_sec: 6.5,
      format: 'mcap',
      files: [{ id: 'a_0', size: 3 }, 'x'],
    };
    const { href, faultCodes, durationMs, format, parts } = fileRow(
      SCOPE,
      'rosbags',
      file('a/b', { 'x-medkit': about }),
    );
    assert.equal(href, '/api/v1/areas/sensors/bulk-data/rosbags/a%2Fb');
    assert.deepEqual([faultCodes, durationMs, format], [['A', 'B'], 6500, 'mcap']);
    assert.deepEqual(parts, [{ id: 'a_0', size: 3, href: '/api/v1/areas/sensors/bulk-data/rosbags/a_0' }]);
  });

  it('that was uploaded has no fault, whatever its metadata say', () => {
    const row = fileRow(SCOPE, 'maps', file('m', { 'x-medkit': { fault_codes: ['A'], format: 'mcap' } }));
    assert.deepEqual([row.faultCodes, row.format], [[], undefined]);
    assert.deepEqual(fileRow(SCOPE, 'snapshots', file('LOW')).faultCodes, ['LOW']);
  });

  it('is listed once, newest first, and found by name, description and fault', () => {
    const older = file('old', { creation_date: '2026-03-22T02:12:53.000Z', description: 'Hall 3' });
    const bag = file('new', { 'x-medkit': { fault_codes: ['STOP'] } });
    const rows = mergedRows([older, bag, bag].map((one) => fileRow(SCOPE, 'rosbags', one)));
    const ids = (text: string) => foundRows(rows, text).map((row) => row.file.id);
    assert.deepEqual(ids(''), ['new', 'old']);
    assert.deepEqual([ids('hall'), ids('stop'), ids('OLD.mc'), ids('zzz')], [['old'], ['new'], ['old'], []]);
  });
});
