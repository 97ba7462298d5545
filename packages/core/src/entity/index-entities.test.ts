import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '@medkit/edges';
import { app, area, component, entityLists, functionEntity } from '../testing/entities.ts';
import { indexEntities } from './index-entities.ts';

const ids = (entities: readonly { readonly id: string }[]): string[] => entities.map(({ id }) => id);

const robot = indexEntities(
  entityLists({
    areas: [area('vehicle'), area('front', { parentAreaId: 'vehicle' })],
    components: [
      component('ecu', { areaId: 'front', address: { runtime: 'r', nativeId: 'ecu' } }),
      component('board', { parentComponentId: 'ecu' }),
    ],
    apps: [app('z_app', { componentId: 'board' }), app('a_app', { componentId: 'ecu' }), app('free')],
    functions: [functionEntity('drive', ['free', 'ecu', 'gone'])],
  }),
  7,
);

describe('entity tree', () => {
  it('returns all entities in id order', () => {
    assert.deepEqual(ids(robot.all('app')), ['a_app', 'free', 'z_app']);
    assert.equal(robot.generation, 7);
  });

  it('expands an area to all components below it with their subcomponents and apps', () => {
    assert.deepEqual(ids(robot.members(robot.get('area', 'vehicle')!)), ['a_app', 'board', 'ecu', 'z_app']);
  });

  it('lists a component that has resources first among its members', () => {
    assert.deepEqual(ids(robot.members(robot.get('component', 'ecu')!)), ['ecu', 'a_app', 'board', 'z_app']);
    assert.deepEqual(ids(robot.members(robot.get('component', 'board')!)), ['z_app']);
  });

  it('expands a component that hosts a function and skips a host that does not exist', () => {
    const drive = robot.get('function', 'drive')!;
    assert.deepEqual(ids(robot.members(drive)), ['a_app', 'board', 'ecu', 'free', 'z_app']);
    assert.deepEqual(ids(robot.appsOf('drive')), ['free']);
  });

  it('distinguishes components directly in an area from those below it', () => {
    assert.deepEqual(ids(robot.componentsIn('vehicle')), []);
    assert.deepEqual(ids(robot.componentsBelow('vehicle')), ['ecu']);
  });

  it('shows an entity without a visible parent at the top', () => {
    const odd = indexEntities(
      entityLists({
        areas: [
          area('a', { parentAreaId: 'b' }),
          area('b', { parentAreaId: 'a' }),
          area('below', { parentAreaId: 'a' }),
          area('orphan', { parentAreaId: 'gone' }),
          area('self', { parentAreaId: 'self' }),
        ],
        components: [component('c', { areaId: 'a' })],
      }),
      1,
    );
    assert.deepEqual(ids(odd.topLevel('area')), ['a', 'b', 'orphan', 'self']);
    assert.deepEqual(ids(odd.componentsBelow('b')), ['c']);
    assert.deepEqual(ids(odd.members(odd.get('area', 'self')!)), []);
  });

  it('resolves by id before alias, and by alias before a spelling with hyphens', () => {
    const tree = indexEntities(
      entityLists({
        apps: [
          app('bt-navigator', { aliases: ['/nav/bt', 'planner'] }),
          app('planner'),
          app('lidar_driver', { aliases: ['/sensors/lidar_driver'] }),
        ],
      }),
      1,
    );
    assert.equal(tree.resolve('app', 'planner')?.id, 'planner');
    assert.equal(tree.resolve('app', '/nav/bt')?.id, 'bt-navigator');
    assert.equal(tree.resolve('app', 'bt_navigator')?.id, 'bt-navigator');
    assert.equal(tree.resolve('app', 'lidar-driver')?.id, 'lidar_driver');
    assert.equal(tree.resolve('app', '/sensors/lidar-driver')?.id, 'lidar_driver');
    assert.equal(tree.resolve('component', 'planner'), undefined);
    assert.equal(tree.get('app', 'lidar-driver'), undefined);
  });

  it('returns nothing, and no members, for an unknown entity [edge]', () => {
    assert.equal(robot.resolve('app', 'nobody'), undefined);
    assert.deepEqual(robot.members(functionEntity('unknown', ['nobody'])), []);
    assert.deepEqual(ids(robot.members(robot.get('app', 'free')!)), ['free']);
  });

  it('returns the kinds in which an id exists', () => {
    const tree = indexEntities(entityLists({ areas: [area('base')], apps: [app('base')] }), 1);
    assert.deepEqual(tree.kindsOf('base'), ['area', 'app']);
    assert.deepEqual(tree.kindsOf('none'), []);
  });

  it('answers every query on any graph of parents and hosts, cycles included', () => {
    const names = ['a', 'b', 'c', 'd'];
    for (let seed = 0; seed < 200; seed++) {
      const random = seededRandom(seed);
      const maybe = <F extends string>(field: F): { readonly [P in F]?: string } => {
        const name = names[Math.floor(random.float() * 6)];
        return (name === undefined ? {} : { [field]: name }) as { readonly [P in F]?: string };
      };
      const tree = indexEntities(
        entityLists({
          areas: names.map((id) => area(id, maybe('parentAreaId'))),
          components: names.map((id) => component(id, { ...maybe('areaId'), ...maybe('parentComponentId') })),
          apps: names.map((id) => app(id, maybe('componentId'))),
          functions: names.map((id) => functionEntity(id, names.slice(Math.floor(random.float() * 5)))),
        }),
        1,
      );
      for (const kind of ['area', 'component', 'function'] as const) {
        for (const entity of tree.all(kind)) {
          const members = tree.members(entity);
          assert.equal(new Set(members).size, members.length, `seed ${seed}`);
          for (const member of members) {
            const located = member.kind === 'component' ? tree.appsOn(member.id) : [];
            assert.ok(
              located.every((one) => members.includes(one)),
              `seed ${seed}`,
            );
          }
        }
      }
      for (const kind of ['area', 'component'] as const) {
        const reached = new Set(tree.topLevel(kind).map(({ id }) => id));
        const children = (id: string) => (kind === 'area' ? tree.subareas(id) : tree.subcomponents(id));
        for (const id of reached) for (const child of children(id)) reached.add(child.id);
        assert.equal(reached.size, names.length, `seed ${seed}: everything can be found from the top`);
      }
    }
  });
});
