import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type RelationName, ROUTES } from '@medkit/contract';
import { indexEntities } from '@medkit/core';
import { app, area, component, entityLists, functionEntity } from '@medkit/core/testing';
import { entityDetail } from './entity-detail.ts';
import { entityList } from './entity-list.ts';
import { relatedEntities, relationOf } from './relations.ts';

const tree = indexEntities(
  entityLists({
    areas: [
      area('vehicle', { namespace: '/vehicle', tags: ['main'] }),
      area('front', { parentAreaId: 'vehicle', description: 'Front part' }),
    ],
    components: [
      component('ecu', { areaId: 'front', description: 'Main computer', type: 'Component' }),
      component('board', { parentComponentId: 'ecu', dependsOn: ['ecu', 'psu'], variant: 'b2' }),
      component('lost', { areaId: 'nowhere' }),
    ],
    apps: [
      app('lidar', {
        componentId: 'ecu',
        node: '/lidar',
        dependsOn: ['planner', 'ghost'],
        translationId: 'app.lidar',
        contributors: ['local'],
      }),
      app('planner', { online: false, contributors: ['local', 'peer:b'] }),
      app('adrift', { componentId: 'sunk' }),
      app('outside', { componentId: 'lost' }),
    ],
    functions: [functionEntity('drive', ['planner', 'ecu', 'ghost'], { description: 'Drives' })],
  }),
  1,
);
const base = '/api/v1';

describe('entity collections', () => {
  it('show areas and components at the top only', () => {
    assert.deepEqual(entityList(tree, 'area'), {
      items: [
        {
          id: 'vehicle',
          name: 'vehicle',
          type: 'area',
          href: `${base}/areas/vehicle`,
          tags: ['main'],
          'x-medkit': { ros2: { namespace: '/vehicle' } },
        },
      ],
      'x-medkit': { total_count: 1 },
    });
    assert.deepEqual(
      entityList(tree, 'component').items.map(({ id }) => id),
      ['ecu', 'lost'],
    );
  });

  it('show every app with its node and host', () => {
    const { items } = entityList(tree, 'app');
    assert.deepEqual(
      items.find(({ id }) => id === 'lidar'),
      {
        id: 'lidar',
        name: 'lidar',
        type: 'app',
        href: `${base}/apps/lidar`,
        'x-medkit': { source: 'heuristic', is_online: true, component_id: 'ecu', ros2: { node: '/lidar' } },
      },
    );
    assert.deepEqual(items.find(({ id }) => id === 'planner')?.['x-medkit'], { source: 'heuristic', is_online: false });
  });

  it('show functions with their description', () => {
    assert.deepEqual(entityList(tree, 'function').items, [
      {
        id: 'drive',
        name: 'drive',
        type: 'function',
        href: `${base}/functions/drive`,
        description: 'Drives',
        'x-medkit': { source: 'runtime' },
      },
    ]);
  });
});

describe('entity details', () => {
  it('of an app link to its host and its dependencies', () => {
    const detail = entityDetail(tree.get('app', 'lidar')!);
    assert.equal(detail.data, `${base}/apps/lidar/data`);
    assert.equal(detail['is-located-on'], `${base}/components/ecu`);
    assert.equal(detail['belongs-to'], `${base}/apps/lidar/belongs-to`);
    assert.equal(detail['depends-on'], `${base}/apps/lidar/depends-on`);
    assert.equal(detail.translation_id, 'app.lidar');
    assert.deepEqual(detail._links, {
      self: `${base}/apps/lidar`,
      collection: `${base}/apps`,
      'is-located-on': `${base}/components/ecu`,
      'belongs-to': `${base}/apps/lidar/belongs-to`,
      'depends-on': [`${base}/apps/planner`, `${base}/apps/ghost`],
    });
    assert.deepEqual(detail['x-medkit'], {
      source: 'heuristic',
      is_online: true,
      component_id: 'ecu',
      ros2: { node: '/lidar' },
    });
    assert.ok(detail.capabilities?.some(({ name }) => name === 'is-located-on'));
  });

  it('of an app without a host have no link to one', () => {
    const detail = entityDetail(tree.get('app', 'planner')!);
    assert.equal('is-located-on' in detail || 'belongs-to' in detail || 'depends-on' in detail, false);
    assert.deepEqual(detail['x-medkit'], {
      source: 'heuristic',
      is_online: false,
      contributors: ['local', 'peer:b'],
    });
  });

  it('of a component repeat capabilities and description in x-medkit', () => {
    const detail = entityDetail(tree.get('component', 'ecu')!);
    assert.deepEqual(detail['x-medkit'], {
      description: 'Main computer',
      source: 'runtime',
      type: 'Component',
      area: 'front',
      capabilities: detail.capabilities,
    });
    assert.equal(detail['belongs-to'], `${base}/areas/front`);
    assert.equal(detail._links?.['area'], `${base}/areas/front`);
  });

  it('of a subcomponent name its parent, variant and dependencies', () => {
    const detail = entityDetail(tree.get('component', 'board')!);
    assert.equal(detail._links?.['parent'], `${base}/components/ecu`);
    assert.equal(detail['depends-on'], `${base}/components/board/depends-on`);
    assert.equal(detail['x-medkit']?.variant, 'b2');
    assert.deepEqual(detail['x-medkit']?.dependsOn, ['ecu', 'psu']);
  });

  it('omit empty fields, mark only external entities as external, and have a nameplate only if one exists [edge]', () => {
    const odd = component('odd', { description: '', tags: [], dependsOn: [], variant: '', external: false });
    const plain = entityDetail(odd);
    for (const member of ['description', 'tags', 'depends-on', 'translation_id']) assert.ok(!(member in plain), member);
    const block = plain['x-medkit'];
    for (const member of ['variant', 'dependsOn', 'external', 'identity'])
      assert.ok(!(member in (block ?? {})), member);
    assert.equal(block?.source, 'runtime');
    assert.equal(entityDetail(component('plc', { external: true }))['x-medkit']?.external, true);
  });

  it('of an area and a function have the addresses of their kind', () => {
    const front = entityDetail(tree.get('area', 'front')!);
    assert.equal(front.contains, `${base}/areas/front/contains`);
    assert.equal(front._links?.['parent'], `${base}/areas/vehicle`);
    assert.deepEqual(front['x-medkit'], { parent_area_id: 'vehicle' });
    const drive = entityDetail(tree.get('function', 'drive')!);
    assert.equal(drive['x-medkit-graph'], `${base}/functions/drive/x-medkit-graph`);
    assert.deepEqual(drive['x-medkit'], {
      source: 'runtime',
      hosts: ['planner', 'ecu', 'ghost'],
      description: 'Drives',
    });
  });
});

describe('relations', () => {
  const ids = ({ items }: { items: { id: string }[] }) => items.map(({ id }) => id);
  const related = (name: RelationName, id: string) => relatedEntities(tree, relationOf(ROUTES[name][0]!)!, id);

  it('of an area are its components, subareas and all components below it', () => {
    assert.deepEqual(ids(related('listAreaComponents', 'front')), ['ecu']);
    assert.equal('_links' in related('listAreaComponents', 'front'), false);
    assert.deepEqual(ids(related('listSubareas', 'vehicle')), ['front']);
    const contains = related('listAreaContains', 'vehicle');
    assert.deepEqual(ids(contains), ['ecu']);
    assert.deepEqual(contains._links, { self: `${base}/areas/vehicle/contains`, area: `${base}/areas/vehicle` });
  });

  it('of a component are its parts, apps and dependencies', () => {
    assert.deepEqual(ids(related('listSubcomponents', 'ecu')), ['board']);
    assert.deepEqual(ids(related('listComponentHosts', 'ecu')), ['lidar']);
    const needs = related('listComponentDependencies', 'board');
    assert.deepEqual(ids(needs), ['ecu', 'psu']);
    assert.deepEqual(needs.items[1], {
      id: 'psu',
      name: 'psu',
      type: 'component',
      href: `${base}/components/psu`,
      'x-medkit': { missing: true },
    });
  });

  it('of an app are its host without x-medkit, or marked as missing', () => {
    assert.deepEqual(related('getAppHost', 'lidar').items, [
      { id: 'ecu', name: 'ecu', type: 'component', href: `${base}/components/ecu`, description: 'Main computer' },
    ]);
    assert.deepEqual(related('getAppHost', 'adrift').items[0]?.['x-medkit'], { missing: true });
    assert.deepEqual(related('getAppHost', 'planner').items, []);
    assert.deepEqual(ids(related('listAppDependencies', 'lidar')), ['planner', 'ghost']);
  });

  it('lead from an app to the area of its host', () => {
    assert.deepEqual(ids(related('getAppArea', 'lidar')), ['front']);
    assert.deepEqual(related('getAppArea', 'planner').items, []);
    assert.deepEqual(related('getAppArea', 'outside').items[0]?.['x-medkit'], { missing: true });
    assert.deepEqual(related('getAppArea', 'adrift').items, [
      {
        id: '',
        name: '<unknown area>',
        type: 'area',
        href: '',
        'x-medkit': { missing: true, unresolved_component: 'sunk' },
      },
    ]);
  });

  it('of a function are the apps that exist', () => {
    assert.deepEqual(ids(related('listFunctionHosts', 'drive')), ['planner']);
  });

  it('count their items', () => {
    assert.deepEqual(related('listFunctionHosts', 'drive')['x-medkit'], { total_count: 1 });
  });
});
