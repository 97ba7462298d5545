import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { itemOf } from './found-item.ts';
import { plotAddress, readPlotSearch } from './plot-search.ts';
import { formatSeriesKey, labelOfKey, readSeriesKey, type SeriesKey, seriesLabel } from './series-key.ts';

function keyOf(text: string): SeriesKey {
  const key = readSeriesKey(text);
  assert.ok(typeof key !== 'string', `${text}: ${key}`);
  return key;
}

const read = (query: string) => readPlotSearch(new URLSearchParams(query));

describe('the address of a plot', () => {
  it('leads to the same plot again', () => {
    const range = { fromMs: 1_774_232_077_125, toMs: 1_774_232_087_125 };
    const keys = [
      'apps/collision_monitor/data/min_range_m:',
      'areas/hall/data/%2Fodom:/pose/pose/position/x',
      'apps/a/data/b',
    ];
    const search = { keys, omitted: 0, thresholds: [0.8, -1], span: 10 as const, range };
    const address = plotAddress(search);
    assert.deepEqual(read(address.slice(address.indexOf('?'))), search);
    assert.equal(plotAddress({ keys: [], omitted: 0, thresholds: [], span: 60, range: undefined }), '/plot');
  });

  it('counts the series beyond the maximum', () => {
    const series = Array.from({ length: 23 }, (_, at) => `s=apps/a/data/b:/${at}`);
    const { keys, omitted } = read([...series, series[0]].join('&'));
    assert.deepEqual([keys.length, omitted], [20, 3]);
  });

  it('leaves out invalid parts, except for keys, which keep their problem', () => {
    const nonsense =
      's=robots/x/data/y&s=apps/x/data/y&s=apps/x/data/y&s=apps/a%2520b/data/x&t=x&t=&t=1e400&last=7&from=2&to=1';
    const keys = ['robots/x/data/y', 'apps/x/data/y', 'apps/a%20b/data/x'];
    assert.deepEqual(read(nonsense), { keys, omitted: 0, thresholds: [], span: 60, range: undefined });
    assert.equal(readSeriesKey(read(`s=apps/x/data/${'y'.repeat(9000)}`).keys[0]!), 'length');
    assert.equal(read(Array.from({ length: 50 }, (_, at) => `s=apps/x/data/y${at}`).join('&')).keys.length, 20);
  });
});

describe('the key of a series', () => {
  it('names entity, item and field as the live stream takes them', () => {
    for (const key of ['apps/x/data/%2Fa%2Fb:/c~1d/0', 'functions/f/data/m%3A%2Ft', 'components/c/data/y:']) {
      assert.equal(formatSeriesKey(keyOf(key)), key);
    }
    assert.deepEqual(readSeriesKey('apps/x/data/y:'), { kind: 'app', entity: 'x', item: 'y', pointer: '' });
    assert.equal(keyOf('apps/x/data/y').pointer, undefined);
  });

  it('that the gateway would refuse is none, and says why', () => {
    const id = 'i'.repeat(256);
    assert.equal(keyOf(`apps/${id}/data/y`).entity, id);
    for (const [text, problem] of [
      ['', 'form'],
      ['apps/x/data/', 'form'],
      ['apps/x/data/%2F', 'form'],
      ['apps/x/data/y:z', 'form'],
      ['constructor/x/data/y', 'form'],
      ['apps/x/data/y,apps/z', 'form'],
      ['apps/a%20b/data/x', 'entity'],
      [`apps/${id}i/data/y`, 'entity'],
      ['apps/x/data/%E0', 'encoding'],
      ['apps/x/data/y:/a~2', 'pointer'],
      ['apps/x/data/y:/a~', 'pointer'],
      [`apps/x/data/${'y'.repeat(600)}`, 'length'],
      [`apps/x/data/${'ä'.repeat(200)}`, 'length'],
    ] as const) {
      assert.equal(readSeriesKey(text), problem, text);
      assert.ok(labelOfKey(text, problem).length <= 80);
    }
  });

  it('is short if the name of the item has that of the entity', () => {
    const label = (key: string) => seriesLabel(keyOf(key));
    assert.equal(
      label('apps/collision_monitor/data/%2Fcollision_monitor%2Fmin_range_m:/data'),
      'collision_monitor/min_range_m',
    );
    assert.equal(label('apps/controller_server/data/cmd_vel:/linear/x'), 'controller_server cmd_vel /linear/x');
  });

  it('is derived only from addresses of this API', () => {
    const item = { kind: 'app', entity: 'x', item: '/a/b' };
    assert.deepEqual(itemOf({ href: '/api/v1/apps/x/data/%2Fa%2Fb' }), item);
    for (const href of ['//evil/apps/x/data/y', '/api/v1//evil', '/api/v1/apps/x', 'javascript:1']) {
      assert.equal(itemOf({ href }), undefined);
    }
  });
});
