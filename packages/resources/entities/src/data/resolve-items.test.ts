import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { App } from '@medkit/core';
import { app } from '@medkit/core/testing';
import type { DataOwner, OwnedData } from './data-owner.ts';
import { resolveItems } from './resolve-items.ts';

function items(entity: App, ...ids: readonly string[]): readonly OwnedData[] {
  const owner: DataOwner = {
    entity,
    runtime: 'ros2',
    origin: 'local',
    nativeId: entity.node ?? entity.id,
    provider: {
      list: () => assert.fail(),
      read: () => assert.fail(),
      write: () => assert.fail(),
    },
  };
  const isTopic = entity.node !== undefined;
  return ids.map((id) => ({
    owner,
    entry: {
      id,
      name: id,
      category: 'currentData',
      ...(isTopic && { channel: { name: id, direction: 'publish' } as const }),
    },
  }));
}

const DRIVER = items(
  app('driver', { node: '/arm/driver' }),
  '/arm/driver/state',
  '/arm/joints',
  '/scan',
  '/front/scan',
  '/front/range',
  '/rear/range',
);
const PLC = items(app('plc'), 'MAIN.level', 'pump:speed');

const idsFor = (name: string, entries = DRIVER) => resolveItems(entries, name).items.map(({ id }) => id);

describe('the name of a data item', () => {
  it('may be full, with or without the leading slash', () => {
    for (const name of ['/front/scan', 'front/scan']) assert.deepEqual(idsFor(name), ['/front/scan'], name);
    assert.deepEqual(idsFor('scan'), ['/scan'], 'before what only ends with it');
  });

  it('may be relative to the namespace of its node, or below the node', () => {
    assert.deepEqual(idsFor('joints'), ['/arm/joints']);
    for (const name of ['~/state', '~state', 'state', 'driver/state']) {
      assert.deepEqual(idsFor(name), ['/arm/driver/state'], name);
    }
    assert.deepEqual(idsFor('~/scan'), [], 'a private name is below the node and nowhere else');
  });

  it('may be a unique suffix of a full name, whole segments only', () => {
    const entries = items(app('battery', { node: '/power/monitor' }), '/pack/voltage');
    assert.deepEqual(idsFor('voltage', entries), ['/pack/voltage']);
    assert.deepEqual(idsFor('tage', entries), []);
    const { items: several, isEnding } = resolveItems(DRIVER, 'range');
    assert.deepEqual([several.map(({ id }) => id), isEnding], [['/front/range', '/rear/range'], true]);
  });

  it('with a leading slash is a full name only', () => {
    for (const name of ['/joints', '/state', '/range']) assert.deepEqual(idsFor(name), [], name);
  });

  it('may have the suffix for the direction that old web UIs append', () => {
    for (const name of ['/scan:publish', 'scan:subscribe', '/scan:both'])
      assert.deepEqual(idsFor(name), ['/scan'], name);
  });

  it('outside ROS is its id', () => {
    assert.deepEqual(idsFor('MAIN.level', PLC), ['MAIN.level']);
    assert.deepEqual(idsFor('pump:speed', PLC), ['pump:speed']);
    assert.deepEqual(idsFor('level', PLC), []);
  });

  it('of a topic of several apps is one item, of anything else one for each', () => {
    const other = items(app('planner', { node: '/planner' }), '/scan');
    assert.deepEqual(idsFor('scan', [...DRIVER, ...other]), ['/scan']);
    assert.equal(idsFor('level', [...items(app('a'), 'level'), ...items(app('b'), 'level')]).length, 2);
  });

  it('that is empty resolves to nothing', () => {
    for (const name of ['', '/', '~', '~/']) assert.deepEqual(idsFor(name), [], name);
  });
});
