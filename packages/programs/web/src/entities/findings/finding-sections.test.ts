import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { sectionsOf } from './finding-sections.ts';
import { pageOfResource, vendorResourcesOf } from './vendor-resources.ts';

const pathsOf = (value: unknown) => sectionsOf(value).sections.map(({ is, path }) => `${is} ${path.join('/')}`);

describe('the vendor resources of an entity', () => {
  it('are the capabilities with the prefix x-, each once', () => {
    const names = ['data', 'x-medkit-procfs', '../x', 'x-medkit-procfs', 7, undefined, 'x-a/b'];
    const capabilities = [...names.map((name) => ({ name })), null, 'x-text'];
    assert.deepEqual(vendorResourcesOf({ capabilities }), ['x-medkit-procfs', 'x-a/b']);
    for (const detail of [{}, { capabilities: null }, { capabilities: { name: 'x-a' } }])
      assert.deepEqual(vendorResourcesOf(detail), []);
  });

  it('have the page that shows them', () => {
    const entity = { kind: 'function', id: 'protection' } as const;
    assert.equal(pageOfResource(entity, 'x-medkit-graph')?.address, '/graph/functions/protection');
    assert.equal(pageOfResource(entity, 'constructor'), undefined);
  });
});

describe('a document of a plugin', () => {
  it('is divided into its values, its nested objects and its lists of objects', () => {
    const document = {
      id: 'lidar',
      ids: [1, 2],
      none: [],
      metadata: { a: '1' },
      items: [{ name: 'a' }, { unit: 'm' }],
    };
    const { sections, more } = sectionsOf(document);
    assert.deepEqual(sections, [
      {
        is: 'pairs',
        path: [],
        moreRows: 0,
        rows: [
          ['id', 'lidar'],
          ['ids', [1, 2]],
          ['none', []],
        ],
      },
      { is: 'pairs', path: ['metadata'], moreRows: 0, rows: [['a', '1']] },
      {
        is: 'table',
        path: ['items'],
        columns: ['name', 'unit'],
        moreColumns: 0,
        rows: document.items,
        moreRows: 0,
      },
    ]);
    assert.equal(more, 0);
  });

  it('that is a plain value or empty has no sections', () => {
    for (const value of [undefined, null, 7, '', 'text', [], {}, [1, 'a', null]]) assert.deepEqual(pathsOf(value), []);
  });

  it('with a list of unlike items has one row for each item that is no object', () => {
    assert.deepEqual(pathsOf([1, { a: 1 }, [2]]), ['pairs ', 'pairs 1']);
    assert.deepEqual(pathsOf({ matrix: [[1], [2]] }), ['pairs matrix']);
  });

  it('of any size and depth is bounded, and the parts left out are counted', () => {
    const many = Array.from({ length: 5000 }, (_, at) => ({ [`c${at % 40}`]: at }));
    const [table] = sectionsOf({ many }).sections;
    assert.ok(table?.is === 'table');
    assert.deepEqual([table.rows.length, table.moreRows, table.columns.length, table.moreColumns], [100, 4900, 16, 24]);

    const [pairs] = sectionsOf(Object.fromEntries(many.map((_, at) => [`${at}${'x'.repeat(999)}`, at]))).sections;
    assert.ok(pairs?.is === 'pairs');
    assert.deepEqual([pairs.rows.length, pairs.moreRows, pairs.rows[0]?.[0].length], [100, 4900, 120]);

    const nested = sectionsOf(Object.fromEntries(many.map((part, at) => [at, part])));
    assert.deepEqual([nested.sections.length, nested.more], [24, 4976]);

    let deep: object = { end: 1 };
    for (let level = 0; level < 5000; level += 1) deep = { deep };
    assert.deepEqual(pathsOf(deep), ['pairs deep/deep/deep']);
  });
});
