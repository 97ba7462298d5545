import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { itemOf } from './found-item.ts';
import { plotAddress, readPlotSearch } from './plot-search.ts';
import { formatSeriesKey, readSeriesKey, seriesLabel } from './series-key.ts';

const read = (query: string) => readPlotSearch(new URLSearchParams(query));

describe('the address of a plot', () => {
  it('leads to the same plot again', () => {
    const range = { fromMs: 1_774_232_077_125, toMs: 1_774_232_087_125 };
    const keys = [
      'apps/collision_monitor/data/min_range_m:',
      'areas/hall/data/%2Fodom:/pose/pose/position/x',
      'apps/a/data/b',
    ];
    const search = { keys, thresholds: [0.8, -1], span: 10 as const, range };
    const address = plotAddress(search);
    assert.deepEqual(read(address.slice(address.indexOf('?'))), search);
    assert.equal(plotAddress({ keys: [], thresholds: [], span: 60, range: undefined }), '/plot');
  });

  it('leaves out what makes no sense', () => {
    const nonsense =
      's=robots/x/data/y&s=apps/x&s=apps/x/data/y&s=apps/x/data/y&s=apps/%25E0/data/y&t=x&t=&t=1e400&last=7&from=2&to=1';
    assert.deepEqual(read(nonsense), { keys: ['apps/x/data/y'], thresholds: [], span: 60, range: undefined });
    assert.equal(read(Array.from({ length: 50 }, (_, at) => `s=apps/x/data/y${at}`).join('&')).keys.length, 12);
  });
});

describe('the key of a series', () => {
  it('names entity, item and field as the live stream takes them', () => {
    for (const key of ['apps/x/data/%2Fa%2Fb:/c~1d/0', 'functions/f/data/m%3A%2Ft', 'components/c/data/y:']) {
      assert.equal(formatSeriesKey(readSeriesKey(key)!), key);
    }
    assert.deepEqual(readSeriesKey('apps/x/data/y:'), { kind: 'app', entity: 'x', item: 'y', pointer: '' });
    assert.equal(readSeriesKey('apps/x/data/y')?.pointer, undefined);
    for (const none of ['', 'apps/x/data/', 'apps/x/data/y:z', 'constructor/x/data/y', 'apps/x/data/y,apps/z']) {
      assert.equal(readSeriesKey(none), undefined, none);
    }
  });

  it('is short where the name of the item has that of the entity', () => {
    const label = (key: string) => seriesLabel(readSeriesKey(key)!);
    assert.equal(
      label('apps/collision_monitor/data/%2Fcollision_monitor%2Fmin_range_m:/data'),
      'collision_monitor/min_range_m',
    );
    assert.equal(label('apps/controller_server/data/cmd_vel:/linear/x'), 'controller_server cmd_vel /linear/x');
  });

  it('comes from addresses of this API alone', () => {
    const item = { kind: 'app', entity: 'x', item: '/a/b' };
    assert.deepEqual(itemOf({ href: '/api/v1/apps/x/data/%2Fa%2Fb' }), item);
    for (const href of ['//evil/apps/x/data/y', '/api/v1//evil', '/api/v1/apps/x', 'javascript:1']) {
      assert.equal(itemOf({ href }), undefined);
    }
  });
});
