import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Contribution } from '../entity/contribution.ts';
import type { EntityLists } from '../entity/entity.ts';
import { collisionWarnings } from '../runtime/collision-warnings.ts';
import { app, area, component, entityLists, functionEntity } from '../testing/entities.ts';
import { arrangeIds } from './arrange-ids.ts';
import { mergeContributions } from './merge-contributions.ts';

const local = (lists: Partial<EntityLists>): Contribution => ({ runtime: 'ros', priority: 1, ...entityLists(lists) });
const peer = (name: string, lists: Partial<EntityLists>): Contribution => ({
  runtime: name,
  origin: name,
  priority: -1000,
  ...entityLists(lists),
});

/**
 * Merges the contributions of several gateways. Runs the result through the merge a second time. Returns the tree and
 * the warnings.
 */
function merged(...contributions: readonly Contribution[]) {
  const first = arrangeIds(contributions);
  const arranged = arrangeIds(contributions, first);
  const { tree } = mergeContributions(arranged.contributions, mergeContributions(first.contributions));
  return { tree, warnings: collisionWarnings(arranged.collisions) };
}

describe('entities of several gateways', () => {
  it('of one area are one: with all tags, and the description of a peer if this gateway has none [edge]', () => {
    const theirs = peer('b', { areas: [area('hall', { description: 'of b', tags: ['x', 'b'] })] });
    const described = merged(local({ areas: [area('hall', { description: 'own', tags: ['x'] })] }), theirs);
    assert.equal(described.tree.get('area', 'hall')?.description, 'own');
    assert.deepEqual(described.tree.get('area', 'hall')?.tags, ['x', 'b']);
    const silent = merged(local({ areas: [area('hall', { description: '' })] }), theirs);
    assert.equal(silent.tree.get('area', 'hall')?.description, 'of b');
    assert.equal(silent.tree.all('area').length, 1);
  });

  it('of one parent component keep the fields, source and nameplate of this gateway; a peer fills gaps [edge]', () => {
    const part = (child: string, fields: object) => ({
      components: [component('cell', fields), component(child, { parentComponentId: 'cell' })],
    });
    const { tree } = merged(
      local(part('plc', { source: 'manifest', identity: { manufacturer: 'ACME' } })),
      peer('b', part('arm', { source: 'peer:b', identity: { manufacturer: 'other', model: 'M1' }, tags: ['b'] })),
    );
    const cell = tree.get('component', 'cell') ?? assert.fail();
    assert.deepEqual([cell.source, cell.contributors, cell.tags], ['manifest', ['local', 'peer:b'], ['b']]);
    assert.deepEqual(cell.identity, {
      manufacturer: 'ACME',
      model: 'M1',
      provenance: { manufacturer: 'manifest', model: 'peer:b' },
    });
  });

  it('list each contributor once, however often they are merged, and an unrelated app has only its gateway [edge]', () => {
    const lists = { areas: [area('hall')], apps: [app('lidar')], functions: [functionEntity('f', ['lidar', 'lidar'])] };
    const { tree } = merged(local(lists), peer('b', lists), peer('c', lists));
    assert.deepEqual(tree.get('area', 'hall')?.contributors, ['local', 'peer:b', 'peer:c']);
    assert.deepEqual(tree.get('app', 'b__lidar')?.contributors, ['peer:b']);
    assert.deepEqual(tree.get('function', 'f')?.hosts.toSorted(), ['b__lidar', 'c__lidar', 'lidar']);
  });

  it('of one function are hosted by the apps of all gateways, whichever local layer is authoritative [edge]', () => {
    const serving = (hosts: readonly string[], tags: readonly string[]): Partial<EntityLists> => ({
      apps: hosts.map((id) => app(id)),
      functions: [functionEntity('filling', hosts, { tags })],
    });
    const manifest: Contribution = {
      ...local(serving(['planner'], ['own'])),
      policies: { hierarchy: 'authoritative', identity: 'authoritative' },
    };
    const graph: Contribution = { ...local(serving(['guessed'], ['guessed'])), runtime: 'graph', priority: 0 };
    const { tree } = merged(manifest, graph, peer('plant', serving(['tank', 'planner'], ['wet'])));
    const filling = tree.get('function', 'filling') ?? assert.fail();
    assert.deepEqual(filling.hosts, ['planner', 'tank', 'plant__planner']);
    assert.deepEqual(
      [filling.tags, filling.contributors],
      [
        ['own', 'wet'],
        ['local', 'peer:plant'],
      ],
    );
  });

  it('have the values of one side if the other has none, and none if neither has any [edge]', () => {
    const lists = { areas: [area('hall')], components: [component('ecu')], apps: [app('lidar')] };
    const idsOf = (...contributions: readonly Contribution[]) => {
      const { tree, warnings } = merged(...contributions);
      assert.deepEqual(warnings, []);
      return (['area', 'component', 'app', 'function'] as const).flatMap((kind) => tree.all(kind).map(({ id }) => id));
    };
    assert.deepEqual(idsOf(local({}), peer('b', lists)), ['hall', 'ecu', 'lidar']);
    assert.deepEqual(idsOf(local(lists), peer('b', {})), ['hall', 'ecu', 'lidar']);
    assert.deepEqual(idsOf(local({}), peer('b', {})), []);
  });

  it('that are a leaf of two peers stay two, with a warning that names both, in any order [edge]', () => {
    const [b, c] = ['b', 'c'].map((name) => peer(name, { components: [component('ecu', { description: name })] }));
    for (const contributions of [
      [b, c],
      [c, b],
    ] as const) {
      const { tree, warnings } = merged(local({}), ...(contributions as readonly Contribution[]));
      assert.deepEqual(
        tree.all('component').map(({ id, description, origin }) => [id, description, origin]),
        [
          ['c__ecu', 'c', 'c'],
          ['ecu', 'b', 'b'],
        ],
      );
      assert.deepEqual(
        warnings.map(({ code, entityIds, peerNames }) => [code, entityIds, peerNames]),
        [['leaf_id_collision', ['ecu', 'c__ecu'], ['b', 'c']]],
      );
      assert.match(
        warnings[0]?.message ?? '',
        /^Ids of components of c are already in use by b, so these components are shown as c__ecu\./,
      );
    }
  });

  it('that are a leaf of one peer and a parent on another are two, and no warning names a missing id [edge]', () => {
    const cell = peer('b', { components: [component('cell'), component('arm', { parentComponentId: 'cell' })] });
    const leaf = local({ components: [component('cell')] });
    const both = arrangeIds([leaf, cell]);
    const { tree } = mergeContributions(both.contributions);
    assert.equal(tree.get('component', 'arm')?.parentComponentId, 'b__cell');
    const [gone] = collisionWarnings(arrangeIds([local({}), cell], both).collisions);
    assert.deepEqual([gone?.entityIds, gone?.peerNames], [['b__cell'], ['b']]);
  });

  it('are one parent over the children of several peers, each child with its own gateway [edge]', () => {
    const part = (name: string) =>
      peer(name, { components: [component('cell'), component(`${name}_arm`, { parentComponentId: 'cell' })] });
    const { tree, warnings } = merged(local({}), part('b'), part('c'));
    assert.deepEqual(tree.get('component', 'cell')?.contributors, ['peer:b', 'peer:c']);
    assert.deepEqual(
      tree.subcomponents('cell').map(({ id, origin }) => [id, origin]),
      [
        ['b_arm', 'b'],
        ['c_arm', 'c'],
      ],
    );
    assert.deepEqual(warnings, []);
  });

  it('that have a missing parent, themselves or their own child as parent are shown at the top, each once [edge]', () => {
    const { tree } = merged(
      local({}),
      peer('b', {
        components: [
          component('orphan', { parentComponentId: 'nobody' }),
          component('self', { parentComponentId: 'self' }),
          component('x', { parentComponentId: 'y' }),
          component('y', { parentComponentId: 'x' }),
        ],
      }),
    );
    assert.deepEqual(
      tree.topLevel('component').map(({ id }) => id),
      ['orphan', 'self', 'x', 'y'],
    );
    for (const each of tree.all('component')) assert.ok(tree.members(each).length <= 4);
  });
});
