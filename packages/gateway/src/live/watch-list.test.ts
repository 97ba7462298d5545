import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SovdError } from '@medkit/contract';
import { parseLiveParameters, watchedValue } from './watch-list.ts';

const problemOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    assert.ok(error instanceof SovdError && error.code === 'invalid-parameter');
    return error.message;
  }
  return assert.fail('it was taken');
};

describe('the parameters of a live stream', () => {
  it('name items of entities, and fields of them', () => {
    const app = { kind: 'app', entityId: 'lidar' } as const;
    const read = [
      ['apps/lidar/data/scan', { ...app, item: 'scan', pointer: undefined }],
      ['apps/lidar/data/scan:', { ...app, item: 'scan', pointer: '' }],
      ['apps/lidar/data//front/scan:/ranges/0', { ...app, item: '/front/scan', pointer: '/ranges/0' }],
      ['apps/lidar/data/%2Ffront%2Fscan:/a~1b', { ...app, item: '/front/scan', pointer: '/a~1b' }],
      ['areas/hall/data/lidar:scan:/n', { kind: 'area', entityId: 'hall', item: 'lidar:scan', pointer: '/n' }],
      [
        'functions/nav/data/lidar%3A%2Fscan',
        { kind: 'function', entityId: 'nav', item: 'lidar:/scan', pointer: undefined },
      ],
      ['components/amr/data/a%2Cb:/c%2Cd', { kind: 'component', entityId: 'amr', item: 'a,b', pointer: '/c,d' }],
    ] as const;
    for (const [name, wanted] of read) assert.deepEqual(watchedValue(name), { name, ...wanted });
  });

  it('may name several fields of an item in sequence', () => {
    const names = parseLiveParameters({ watch: 'apps/a/data/odom:/pose/x,:/pose/y,apps/a/data/m:scan,:/n' }).values.map(
      ({ name }) => name,
    );
    const odom = ['apps/a/data/odom:/pose/x', 'apps/a/data/odom:/pose/y'];
    assert.deepEqual(names, [...odom, 'apps/a/data/m:scan', 'apps/a/data/m:scan:/n']);
    assert.match(
      problemOf(() => parseLiveParameters({ watch: ':/pose/x' })),
      /is not the name of a value/,
    );
  });

  it('are refused with the problem and an example', () => {
    const wrong = [
      ['robots/lidar/data/scan', /does not begin with areas/],
      ['apps//data/scan', /id of the entity is missing/],
      ['apps/lidar/faults', /must be followed by data/],
      ['apps/lidar/data/', /and the id of a data item/],
      ['apps/lidar/data/scan:/a~2', /\/a~2 is not a JSON Pointer/],
      ['apps/lidar/data/%zz', /"%zz" is not valid percent-encoding/],
      [`apps/lidar/data/${'x'.repeat(3000)}`, /longer than 2048/],
    ] as const;
    for (const [name, reason] of wrong) {
      const message = problemOf(() => watchedValue(name));
      assert.match(message, reason);
      assert.match(message, /Example: apps\//);
    }
  });

  it('have a maximum number, an interval and a choice of other events', () => {
    assert.deepEqual(parseLiveParameters({}), {
      values: [],
      intervalMs: 500,
      news: ['tree', 'fault', 'incident', 'lock'],
    });
    const wish = parseLiveParameters({
      watch: 'apps/a/data/x, apps/a/data/x,apps/b/data/y',
      interval: '50',
      events: 'lock,tree',
    });
    assert.deepEqual([wish.values.length, wish.intervalMs, wish.news], [3, 50, ['tree', 'lock']]);
    assert.deepEqual(parseLiveParameters({ events: 'none' }).news, []);
    const many = Array.from({ length: 201 }, (_, at) => `apps/a/data/x${at}`).join();
    assert.match(
      problemOf(() => parseLiveParameters({ watch: many })),
      /201 values, but a stream supports at most 200/,
    );
    for (const interval of ['49', '60001', 'fast', '1.5', '-50', ''])
      assert.match(
        problemOf(() => parseLiveParameters({ interval })),
        /whole number of milliseconds from 50 to 60000/,
      );
    assert.match(
      problemOf(() => parseLiveParameters({ events: 'tree,logs' })),
      /must be from tree, fault, incident, lock, none, found logs/,
    );
  });
});
