import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SovdError } from '@medkit/contract';
import { indexEntities } from '@medkit/core';
import { app, area, component, entityLists } from '@medkit/core/testing';
import { entityOf, presentEntity } from './lookup.ts';

const tree = indexEntities(
  entityLists({
    areas: [area('base')],
    components: [component('base'), component('ecu')],
    apps: [app('bt-navigator', { aliases: ['bt_nav'] })],
  }),
  1,
);

const thrown = (call: () => unknown): SovdError => {
  try {
    call();
  } catch (error) {
    if (error instanceof SovdError) return error;
  }
  assert.fail('no SovdError');
};

describe('lookup of an entity for a route', () => {
  it('finds it by id, alias or the other spelling', () => {
    assert.equal(entityOf(tree, 'app', 'bt-navigator').id, 'bt-navigator');
    assert.equal(entityOf(tree, 'app', 'bt_navigator').id, 'bt-navigator');
    assert.equal(entityOf(tree, 'app', 'bt-nav').id, 'bt-navigator');
  });

  it('searches only the collection of the route if two kinds share an id', () => {
    assert.equal(entityOf(tree, 'area', 'base').kind, 'area');
    assert.equal(entityOf(tree, 'component', 'base').kind, 'component');
  });

  it('rejects an invalid id', () => {
    const error = thrown(() => entityOf(tree, 'app', 'a b'));
    assert.deepEqual([error.status, error.code, error.message], [400, 'invalid-parameter', 'Invalid entity ID']);
    assert.equal(error.parameters?.['entity_id'], 'a b');
    assert.match(String(error.parameters?.['details']), /0x20/);
  });

  it('names the actual kind of an entity of another kind', () => {
    assert.deepEqual(thrown(() => entityOf(tree, 'app', 'ecu')).body(), {
      error_code: 'invalid-parameter',
      message: 'Invalid entity type for route: expected App, got Component',
      parameters: { entity_id: 'ecu', expected_type: 'App', actual_type: 'Component' },
    });
  });

  it('does not find an unknown id', () => {
    assert.deepEqual(thrown(() => entityOf(tree, 'app', 'nope')).body(), {
      error_code: 'entity-not-found',
      message: 'Entity not found',
      parameters: { entity_id: 'nope' },
    });
  });

  it('does not search other kinds for a relation, and names the kind in the error', () => {
    assert.deepEqual(thrown(() => presentEntity(tree, 'area', 'ecu')).body(), {
      error_code: 'entity-not-found',
      message: 'Area not found',
      parameters: { area_id: 'ecu' },
    });
    const error = thrown(() => presentEntity(tree, 'function', 'a/b'));
    assert.deepEqual([error.status, error.message], [400, 'Invalid function ID']);
    assert.equal(error.parameters?.['function_id'], 'a/b');
  });
});
