import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openExposition } from './exposition.ts';
import { counter, type Family, gauge, info, single } from './family.ts';
import { Histogram } from './histogram.ts';
import { formatFor, OPEN_METRICS, TEXT_0_0_4 } from './text-format.ts';

const texts = (families: readonly Family<undefined>[]) => {
  const exposed = openExposition(families).read(undefined);
  return { text: TEXT_0_0_4.encode(exposed), open: OPEN_METRICS.encode(exposed) };
};

const written = (value: number) =>
  texts([gauge({ name: 'a', help: 'A.', labels: [], maxSeries: 1, read: () => single(value) })]).text;

describe('the text formats', () => {
  it('name a counter with _total, in OpenMetrics only its series', () => {
    const { text, open } = texts([
      counter({ name: 'a_seconds', unit: 'seconds', help: 'A.', labels: [], maxSeries: 1, read: () => single(1.5) }),
    ]);
    assert.equal(text, '# HELP a_seconds_total A.\n# TYPE a_seconds_total counter\na_seconds_total 1.5\n');
    assert.equal(
      open,
      '# HELP a_seconds A.\n# TYPE a_seconds counter\n# UNIT a_seconds seconds\na_seconds_total 1.5\n# EOF\n',
    );
  });

  it('give a fact the type of each format', () => {
    const { text, open } = texts([
      info({ name: 'a_build', help: 'A.', labels: ['version'], maxSeries: 1, facts: () => ({ version: '1' }) }),
    ]);
    assert.equal(text, '# HELP a_build_info A.\n# TYPE a_build_info gauge\na_build_info{version="1"} 1\n');
    assert.equal(open, '# HELP a_build A.\n# TYPE a_build info\na_build_info{version="1"} 1\n# EOF\n');
  });

  it('escape quotes, backslashes and line breaks of labels, and keep other characters', () => {
    const label = 'a"b\\c\nd € 𝄞 {x="y"}';
    const { text, open } = texts([
      gauge({
        name: 'a',
        help: 'A "quoted" \\ help\nof two lines.',
        labels: ['path'],
        maxSeries: 1,
        read: () => [{ labels: { path: label }, value: 1 }],
      }),
    ]);
    const sample = 'a{path="a\\"b\\\\c\\nd € 𝄞 {x=\\"y\\"}"} 1\n';
    assert.equal(text, `# HELP a A "quoted" \\\\ help\\nof two lines.\n# TYPE a gauge\n${sample}`);
    assert.equal(open, `# HELP a A \\"quoted\\" \\\\ help\\nof two lines.\n# TYPE a gauge\n${sample}# EOF\n`);
  });

  it('write infinities, NaN and extreme numbers', () => {
    const values = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e21, 5e-324, -0.5];
    const lines = values.map((value) => written(value).split('\n')[2]);
    assert.deepEqual(lines, ['a NaN', 'a +Inf', 'a -Inf', 'a 1e+21', 'a 5e-324', 'a -0.5']);
  });

  it('leave out a family without series, and are complete without any', () => {
    const { text, open } = texts([gauge({ name: 'a', help: 'A.', labels: [], maxSeries: 1, read: () => [] })]);
    assert.deepEqual([text, open], ['', '# EOF\n']);
  });

  it('write a histogram with cumulative buckets, and whole bounds as numbers with a fraction in OpenMetrics', () => {
    const histogram = new Histogram<'code'>({ bounds: [0.5, 1], maxSets: 2 });
    const set = histogram.set('2xx', () => ({ code: '2xx' }));
    assert.ok(set);
    for (const value of [0.5, 0.75, 1, 3]) histogram.observe(set, value);
    const family: Family<undefined> = {
      type: 'histogram',
      name: 'a_seconds',
      unit: 'seconds',
      help: 'A.',
      labels: ['code'],
      maxSeries: 2,
      histogram: () => histogram,
    };
    const { text, open } = texts([family]);
    const samples = (one: string) =>
      [
        'a_seconds_bucket{code="2xx",le="0.5"} 1',
        `a_seconds_bucket{code="2xx",le="${one}"} 3`,
        'a_seconds_bucket{code="2xx",le="+Inf"} 4',
        'a_seconds_sum{code="2xx"} 5.25',
        'a_seconds_count{code="2xx"} 4',
        '',
      ].join('\n');
    assert.equal(text, `# HELP a_seconds A.\n# TYPE a_seconds histogram\n${samples('1')}`);
    assert.equal(
      open,
      `# HELP a_seconds A.\n# TYPE a_seconds histogram\n# UNIT a_seconds seconds\n${samples('1.0')}# EOF\n`,
    );
  });
});

describe('the format of a reply', () => {
  const prometheus =
    'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1';
  const cases: readonly (readonly [string | undefined, typeof TEXT_0_0_4])[] = [
    [prometheus, OPEN_METRICS],
    ['application/openmetrics-text', OPEN_METRICS],
    ['APPLICATION/OpenMetrics-Text; Version=1.0.0; charset=utf-8', OPEN_METRICS],
    ['application/openmetrics-text;version=2.0.0', TEXT_0_0_4],
    ['application/openmetrics-text;q=0', TEXT_0_0_4],
    ['application/openmetrics-text;q=0.5, text/plain', TEXT_0_0_4],
    ['application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited', TEXT_0_0_4],
    ['text/html,*/*;q=0.8', TEXT_0_0_4],
    ['', TEXT_0_0_4],
    [';;,q=,', TEXT_0_0_4],
    [undefined, TEXT_0_0_4],
  ];
  for (const [accept, format] of cases) {
    it(`is ${format === OPEN_METRICS ? 'OpenMetrics' : 'text 0.0.4'} for "${accept ?? 'no header'}"`, () => {
      assert.equal(formatFor(accept), format);
    });
  }
});
