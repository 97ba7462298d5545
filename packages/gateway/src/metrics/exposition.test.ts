import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MAX_SERIES, openExposition } from './exposition.ts';
import { FAMILIES } from './families/index.ts';
import { byLabel, counter, type Family, gauge, seriesName } from './family.ts';
import { Histogram } from './histogram.ts';
import { TEXT_0_0_4 } from './text-format.ts';

const many = (name: string, count: number, maxSeries: number) =>
  gauge<undefined, 'index'>({
    name,
    help: 'Many.',
    labels: ['index'],
    maxSeries,
    read: () =>
      byLabel(
        'index',
        Array.from({ length: count }, (_, index) => [String(index), 1]),
      ),
  });

const samplesOf = (text: string) => text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
const droppedIn = (text: string) => samplesOf(text).filter((line) => line.startsWith('medkit_metrics_series_dropped'));

describe('an exposition', () => {
  it('has at most the maximum series of each family, and counts those left out', () => {
    const exposition = openExposition([many('a', 12, 10), many('b', 3, 10)]);
    const text = TEXT_0_0_4.encode(exposition.read(undefined));
    assert.equal(samplesOf(text).length, 10 + 3 + 1);
    assert.deepEqual(droppedIn(text), ['medkit_metrics_series_dropped_total{family="a"} 2']);
    assert.deepEqual(droppedIn(TEXT_0_0_4.encode(exposition.read(undefined))), [
      'medkit_metrics_series_dropped_total{family="a"} 4',
    ]);
  });

  it('has at most the maximum series of all families together, the first families first', () => {
    const exposition = openExposition([many('a', 6000, 6000), many('b', 6000, 6000), many('c', 1, 1)]);
    const samples = samplesOf(TEXT_0_0_4.encode(exposition.read(undefined)));
    assert.equal(samples.length, MAX_SERIES + 2);
    assert.equal(samples.filter((line) => line.startsWith('b{')).length, 4000);
    assert.deepEqual(droppedIn(samples.join('\n')), [
      'medkit_metrics_series_dropped_total{family="b"} 2000',
      'medkit_metrics_series_dropped_total{family="c"} 1',
    ]);
  });

  it('counts the observations of label sets beyond the maximum of a histogram, and exposes whole sets only', () => {
    const histogram = new Histogram<'id'>({ bounds: [1], maxSets: 2 });
    for (const id of ['a', 'b', 'c', 'c', 'a']) {
      const set = histogram.set(id, () => ({ id }));
      if (set) histogram.observe(set, 1);
    }
    const family: Family<undefined> = {
      type: 'histogram',
      name: 'h',
      help: 'H.',
      labels: ['id'],
      maxSeries: 2,
      histogram: () => histogram,
    };
    const whole = TEXT_0_0_4.encode(openExposition([family]).read(undefined));
    assert.equal(samplesOf(whole).length, 2 * 4 + 1);
    assert.deepEqual(droppedIn(whole), ['medkit_metrics_series_dropped_total{family="h"} 2']);
    const short = TEXT_0_0_4.encode(openExposition([family], 7).read(undefined));
    assert.equal(samplesOf(short).length, 4 + 1);
    assert.deepEqual(droppedIn(short), ['medkit_metrics_series_dropped_total{family="h"} 6']);
  });

  it('is empty without families', () => {
    assert.equal(TEXT_0_0_4.encode(openExposition([]).read(undefined)), '');
  });
});

describe('the families of the gateway', () => {
  it('have unique names and the names of Prometheus: unit last, _total and _info only from their type', () => {
    const names = FAMILIES.map(seriesName);
    assert.deepEqual(names, [...new Set(names)]);
    for (const { name, unit, type, labels, maxSeries, help } of FAMILIES) {
      assert.match(name, /^(?:medkit|process|nodejs|http)_[a-z0-9_]+$/);
      assert.doesNotMatch(name, /_(?:total|info|bucket|sum|count|created)$/, name);
      if (unit !== undefined) assert.ok(name.endsWith(`_${unit}`), name);
      if (/_(?:seconds|bytes)$/.test(name)) assert.ok(unit !== undefined, name);
      assert.match(help, /^[A-Z0-9].*\.$/, name);
      assert.ok(!(labels as readonly string[]).includes('le'));
      if (labels.length === 0) assert.equal(maxSeries, 1, name);
      assert.ok(type === 'histogram' || maxSeries <= 500, name);
    }
  });

  it('compile only with the labels that they declare', () => {
    counter<undefined, 'a'>({
      name: 'x',
      help: 'X.',
      labels: ['a'],
      maxSeries: 1,
      // @ts-expect-error the label is a
      read: () => [{ labels: { b: '1' }, value: 1 }],
    });
  });
});
