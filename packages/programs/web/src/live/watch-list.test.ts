import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MAX_LIVE_VALUES } from '@medkit/contract';
import { formatWatchList, isListable, MAX_FOLLOWED, rejectedValues, watchList } from './watch-list.ts';

const MAX_ADDRESS_OCTETS = 7_000;
const none = () => false;
const many = (count: number, name: string) => Array.from({ length: count }, (_, at) => `apps/${name}/data/d${at}`);
const tab = (values: readonly string[], isVisible = true) => ({ values, isVisible });

describe('the list of a stream', () => {
  it('has as many values as the gateway follows', () => {
    assert.equal(MAX_FOLLOWED, MAX_LIVE_VALUES);
    const { watch, omitted } = watchList([tab(many(250, 'a'))], none);
    assert.equal(watch.length + omitted.length, 250);
    assert.ok(watch.length <= MAX_LIVE_VALUES);
    assert.deepEqual(omitted.slice(-1), ['apps/a/data/d249']);
  });

  it('fits an address, however long the names are', () => {
    const values = Array.from(
      { length: 200 },
      (_, at) => `apps/planner/data/${encodeURIComponent(`/a/b/größe ${at}`)}`,
    );
    const { watch, omitted } = watchList([tab(values)], none);
    assert.ok(watch.length > 50 && omitted.length > 0);
    const query = new URLSearchParams({ interval: '200', watch: formatWatchList(watch) });
    assert.ok(`/api/v1/x-medkit-live?${query}`.length < MAX_ADDRESS_OCTETS);
  });

  it('prefers what visible tabs show, each in its turn', () => {
    const tabs = [tab(many(200, 'hidden'), false), tab(many(300, 'big')), tab(['apps/z/data/one'])];
    const { watch } = watchList(tabs, none);
    assert.ok(watch.includes('apps/z/data/one'));
    assert.ok(!watch.some((value) => value.startsWith('apps/hidden/')));
  });

  it('writes further fields of an item without its name, in the order in which they are numbered', () => {
    const { watch } = watchList([tab(['apps/b/data/y:/q', 'apps/a/data/x', 'apps/b/data/y', 'apps/b/data/y:'])], none);
    assert.deepEqual(watch, ['apps/a/data/x', 'apps/b/data/y', 'apps/b/data/y:', 'apps/b/data/y:/q']);
    assert.equal(formatWatchList(watch), 'apps/a/data/x,apps/b/data/y,:,:/q');
  });

  it('takes no value that would be read as several, or as a part of another one', () => {
    for (const value of ['', ' apps/a/data/x', 'a,b', ':/field']) assert.equal(isListable(value), false, value);
    assert.equal(isListable('apps/a/data/other:item:/x'), true);
  });
});

describe('the part of a list that the gateway rejects', () => {
  const watch = ['apps/a/data/x', 'apps/b/nothing'];
  it('is the value that the error names', () => {
    const parameters = { parameter: 'watch', value: 'apps/b/nothing' };
    assert.deepEqual(rejectedValues(watch, { status: 400, parameters }), ['apps/b/nothing']);
    const short = { parameter: 'watch', value: 'apps/b/no' };
    assert.deepEqual(rejectedValues(watch, { status: 400, parameters: short }), ['apps/b/nothing']);
  });

  it('is the whole list if the error names no value, and nothing if the error is about something else', () => {
    assert.deepEqual(rejectedValues(watch, { status: 400, parameters: { parameter: 'watch' } }), watch);
    assert.deepEqual(rejectedValues(watch, { status: 414, parameters: {} }), watch);
    assert.deepEqual(rejectedValues(watch, { status: 400, parameters: { parameter: 'interval' } }), []);
    assert.deepEqual(rejectedValues(watch, { status: 401, parameters: {} }), []);
  });
});
