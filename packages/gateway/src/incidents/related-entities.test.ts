import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { indexEntities } from '@medkit/core';
import { app, component, entityLists, functionEntity } from '@medkit/core/testing';
import { relatedEntities } from './related-entities.ts';

const tree = indexEntities(
  entityLists({
    components: [
      component('station'),
      component('cabinet', { parentComponentId: 'station' }),
      component('robot'),
      component('egg', { parentComponentId: 'hen' }),
      component('hen', { parentComponentId: 'egg' }),
    ],
    apps: [
      app('tank', { componentId: 'cabinet' }),
      app('pump', { componentId: 'station', dependsOn: ['tank'] }),
      app('planner', { componentId: 'robot' }),
      app('chick', { componentId: 'egg' }),
    ],
    functions: [
      functionEntity('filling', ['planner', 'station']),
      functionEntity('pumping', ['pump', 'tank']),
      functionEntity('standing', ['station']),
      functionEntity('wetting', ['station', 'tank']),
      functionEntity('waiting', ['station', 'nobody']),
      functionEntity('clucking', ['hen', 'egg']),
    ],
  }),
  1,
);

describe('the related entities', () => {
  for (const [kind, id, expected] of [
    // `standing` has the station alone, `wetting` also an app on it, and `waiting` no other existing entity.
    ['app', 'tank', ['component:cabinet', 'function:filling', 'function:pumping', 'function:wetting']],
    ['app', 'pump', ['app:tank', 'component:station', 'function:filling', 'function:pumping']],
    ['app', 'planner', ['component:robot', 'function:filling']],
    ['component', 'cabinet', ['component:station', 'function:filling']],
    ['component', 'station', ['function:filling', 'function:standing', 'function:waiting', 'function:wetting']],
    ['app', 'chick', ['component:egg']],
    ['app', 'nobody', []],
  ] as const) {
    it(`of the ${kind} ${id} are ${expected.join(', ') || 'none'}`, () => {
      assert.deepEqual([...relatedEntities(tree, kind, id)].sort(), expected);
    });
  }
});
