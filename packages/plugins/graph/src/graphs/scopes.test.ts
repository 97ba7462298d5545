import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { EntityLists } from '@medkit/core';
import { app } from '../testing/small-graph.ts';
import { appsOf, Scopes } from './scopes.ts';

const base = { source: 'manifest' } as const;
const LISTS: EntityLists = {
  areas: [{ kind: 'area', id: 'hall', name: 'Hall', ...base }],
  components: [
    { kind: 'component', id: 'arm', name: 'Arm', areaId: 'hall', ...base },
    { kind: 'component', id: 'gripper', name: 'Gripper', parentComponentId: 'arm', ...base },
  ],
  apps: [app('b', { componentId: 'arm' }), app('a', { componentId: 'gripper' }), app('c')],
  functions: [{ kind: 'function', id: 'pick', name: 'Pick', hosts: ['c', 'arm', 'a', 'gone', 'c'], ...base }],
};

describe('3.5 scope: the apps', () => {
  const idsOf = (...[kind, id]: [Parameters<typeof appsOf>[1], string]) =>
    appsOf(new Scopes().treeOf(LISTS), kind, id)?.map((each) => each.id);

  it('of a function are its hosts and the apps of its hosts, each once, by id', () => {
    assert.deepEqual(idsOf('function', 'pick'), ['a', 'b', 'c']);
  });

  it('of a component and an area are all apps within it', () => {
    assert.deepEqual(idsOf('component', 'arm'), ['a', 'b']);
    assert.deepEqual(idsOf('area', 'hall'), ['a', 'b']);
  });

  it('of a missing entity are none', () => {
    assert.equal(idsOf('function', 'hall'), undefined);
  });
});

it('The tree is built once for the same lists of entities', () => {
  const scopes = new Scopes();
  const tree = scopes.treeOf(LISTS);
  assert.equal(scopes.treeOf({ ...LISTS }), tree);
  assert.notEqual(scopes.treeOf({ ...LISTS, apps: [] }), tree);
});
