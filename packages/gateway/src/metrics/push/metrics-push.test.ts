import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { seededRandom } from '@medkit/edges';
import { SimulatedClock, SimulatedHttp } from '@medkit/edges/testing';
import { receivedMetrics } from '../../testing/otlp-definitions.ts';
import type { Exposed } from '../exposition.ts';
import { counter, gauge, info } from '../family.ts';
import { Histogram } from '../histogram.ts';
import { openMetricsPush } from './metrics-push.ts';
import { encodeMetric, otlpMetrics } from './otlp-metrics.ts';

const TIMES = { startNs: 1_770_201_000_000_000_000n, timeNs: 1_770_201_060_123_456_789n };
const common = { help: 'A figure.', maxSeries: 2 };
const read = () => [];
const target = {
  url: 'http://collector:4318/v1/metrics',
  headers: { 'Api-Key': 'k' },
  resource: { 'service.name': 'm' },
};
const sink = otlpMetrics(target);

/** Encodes readings and returns what a collector stores of them. */
async function stored(...exposed: readonly Exposed[]) {
  const metrics = exposed.flatMap((each) => encodeMetric(each, TIMES) ?? []);
  const { body } = await sink.request(metrics);
  return receivedMetrics(gunzipSync(body as Uint8Array).toString());
}

describe('metrics for a collector', () => {
  it('are accepted by the official definitions, with their kind, unit and times', async () => {
    const durations = new Histogram<'code'>({ bounds: [0.1, 1], maxSets: 1 });
    const set = durations.set('2xx', () => ({ code: '2xx' }));
    for (const seconds of [0.05, 0.5, 0.5, 7]) durations.observe(set!, seconds);
    const found = await stored(
      {
        family: counter({ ...common, name: 'reports', labels: ['source'], read }),
        series: [{ labels: { source: '/arm "1"' }, value: 0 }],
      },
      {
        family: gauge({ ...common, name: 'size_bytes', unit: 'bytes', labels: [], read }),
        series: [{ labels: {}, value: 1.5 }],
      },
      {
        family: info({ ...common, name: 'build', labels: ['version'], facts: () => ({ version: '1' }) }),
        series: [{ labels: { version: '1' }, value: 1 }],
      },
      {
        family: {
          ...common,
          type: 'histogram',
          name: 'duration_seconds',
          unit: 'seconds',
          labels: ['code'],
          histogram: () => durations,
        },
        bounds: durations.bounds,
        sets: [...durations.sets],
      },
    );
    assert.deepEqual(
      found.map(({ name, unit, kind }) => [name, unit, kind]),
      [
        ['reports', '', 'sum'],
        ['size_bytes', 'By', 'gauge'],
        ['build_info', '', 'gauge'],
        ['duration_seconds', 's', 'histogram'],
      ],
    );
    const times = { startTimeUnixNano: `${TIMES.startNs}`, timeUnixNano: `${TIMES.timeNs}` };
    assert.deepEqual(found[0]?.points, [{ attributes: { source: '/arm "1"' }, ...times, asDouble: 0 }]);
    assert.deepEqual(found[3]?.points, [
      {
        attributes: { code: '2xx' },
        ...times,
        count: '4',
        sum: 8.05,
        bucketCounts: ['1', '2', '1'],
        explicitBounds: [0.1, 1],
      },
    ]);
    assert.deepEqual(found[0]?.resource, { 'service.name': 'm' });
  });

  it('say that a value is unknown, and omit a family without series', async () => {
    const family = gauge({ ...common, name: 'voltage', labels: [], read });
    const [metric, ...others] = await stored(
      { family, series: [{ labels: {}, value: Number.NaN }] },
      { family, series: [] },
    );
    assert.deepEqual(metric?.points, [{ attributes: {}, timeUnixNano: `${TIMES.timeNs}`, flags: 1 }]);
    assert.deepEqual(others, []);
  });

  it('count as rejected at most once each, though each has several points', () => {
    const verdict = sink.verdict({ status: 200, headers: {}, body: '{"partialSuccess":{"rejectedDataPoints":"7"}}' }, [
      '{}',
      '{}',
    ]);
    assert.deepEqual(verdict, { retry: [], refused: 2, reason: '7 records rejected' });
  });
});

describe('the push of metrics', () => {
  const family = gauge({ ...common, name: 'apps', labels: [], read });

  function open(answers: (() => Promise<readonly Exposed[]>)[]) {
    const clock = new SimulatedClock();
    const http = new SimulatedHttp();
    const lines: string[] = [];
    let isClosed = false;
    const reader = {
      read: () => answers.shift()?.() ?? Promise.resolve([{ family, series: [{ labels: {}, value: 3 }] }]),
      close: () => {
        isClosed = true;
      },
    };
    const push = openMetricsPush({
      target,
      intervalMs: 60_000,
      reader,
      http,
      clock,
      random: seededRandom(1),
      log: (_level, message) => lines.push(message),
    });
    return { clock, http, lines, push, isClosed: () => isClosed };
  }

  it('sends a reading in each interval, and continues after one that failed', async () => {
    const { clock, http, lines, push, isClosed } = open([() => Promise.reject(new Error('disk'))]);
    const settled = () => new Promise((resolve) => setImmediate(resolve));
    clock.advance(60_000);
    await settled();
    assert.match(lines[0] ?? '', /not sent: disk/);
    clock.advance(60_000);
    await settled();
    // The end sends what waits.
    await push.close();
    const [request, ...others] = http.requests;
    const [metric] = receivedMetrics(gunzipSync(request?.body as Uint8Array).toString());
    assert.deepEqual([metric?.name, metric?.points[0]?.['asDouble']], ['apps', 3]);
    assert.deepEqual(others, []);
    assert.ok(isClosed());
    clock.advance(600_000);
    await settled();
    assert.equal(http.requests.length, 1, 'no reading after the end');
  });
});
