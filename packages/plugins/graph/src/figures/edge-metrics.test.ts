import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '@medkit/edges';
import { DEFAULT_RULES, type FunctionRules } from '../options/function-rules.ts';
import type { DiagnosticSample } from './diagnostic-cache.ts';
import { type EdgeFacts, edgeMetrics } from './edge-metrics.ts';
import type { MeasuredFigures } from './topic-meter.ts';

const NOW_MS = 100_000;

const said = (fields: Partial<DiagnosticSample>): DiagnosticSample => ({ atMs: NOW_MS, source: '/monitor', ...fields });

const counted = (fields: Partial<MeasuredFigures>): MeasuredFigures => ({
  sinceMs: NOW_MS - 20_000,
  lastMs: NOW_MS - 50,
  messages: 50,
  missed: 0,
  frequencyHz: 10,
  jitterMs: 1,
  latencyMs: 2,
  dataAgeMs: 3,
  bytesPerSec: 1000,
  ...fields,
});

const judge = (facts: Partial<EdgeFacts>, rules: Partial<FunctionRules> = {}) =>
  edgeMetrics(
    {
      diagnostics: undefined,
      measured: undefined,
      observer: '/medkit',
      publisherCount: 1,
      promisedHz: undefined,
      losesMessages: true,
      qosIsCompatible: true,
      isRemembered: false,
      ...facts,
    },
    { ...DEFAULT_RULES, ...rules },
    NOW_MS,
  );

describe('3.5 metrics of an edge', () => {
  it('are pending while no figure of its topic is known', () => {
    assert.deepEqual(judge({}), {
      status: 'pending',
      publisherCount: 1,
      dropRatePercent: 0,
      rateIsAmbiguous: false,
      isDegraded: false,
    });
  });

  it('are active with the figures of a monitor, and judged by the rate that it expects, else by the configured one', () => {
    const { status, frequencyHz, expectedHz, ratio, source, isDegraded } = judge({
      diagnostics: said({ frequencyHz: 8, expectedFrequencyHz: 10 }),
    });
    assert.deepEqual(
      [status, frequencyHz, expectedHz, ratio, source, isDegraded],
      ['active', 8, 10, 0.8, '/monitor', false],
    );
    assert.equal(judge({ diagnostics: said({ frequencyHz: 8 }) }).expectedHz, 30);
    assert.equal(judge({ diagnostics: said({ frequencyHz: 8 }) }).isDegraded, true);
  });

  it('are active without a rate if a monitor reports only other figures', () => {
    const { status, frequencyHz, latencyMs } = judge({ diagnostics: said({ latencyMs: -4 }) });
    assert.deepEqual([status, frequencyHz, latencyMs], ['active', undefined, -4]);
  });

  it('have no source if the node of the monitor is unknown', () => {
    assert.equal('source' in judge({ diagnostics: said({ frequencyHz: 30, source: undefined }) }), false);
  });

  it('degrade below the ratio, and above the loss, but not at them', () => {
    const rate = (frequencyHz: number) =>
      judge({ diagnostics: said({ frequencyHz, expectedFrequencyHz: 10 }) }).isDegraded;
    assert.deepEqual([rate(4.99), rate(5), rate(20)], [true, false, false]);
    const loss = (dropRatePercent: number) => judge({ diagnostics: said({ dropRatePercent }) }).isDegraded;
    assert.deepEqual([loss(5.01), loss(5), loss(0)], [true, false, false]);
  });

  it('are stale after their window and grace, which has them in error', () => {
    const aged = (ageMs: number) => judge({ diagnostics: said({ frequencyHz: 30, atMs: NOW_MS - ageMs }) });
    assert.equal(aged(7000).status, 'active');
    const stale = aged(7001);
    assert.deepEqual([stale.status, stale.error, stale.frequencyHz], ['error', 'metrics_stale', undefined]);
    assert.equal(aged(-1).error, 'metrics_stale');
  });

  it('of a slow topic are fresh for longer, by the rate that its monitor expects', () => {
    const sample = said({ frequencyHz: 0.1, expectedFrequencyHz: 0.1, atMs: NOW_MS - 31_000 });
    assert.equal(judge({ diagnostics: sample }).status, 'active');
    assert.equal(judge({ diagnostics: { ...sample, expectedFrequencyHz: 30 } }).status, 'error');
  });
});

describe('3.5 publisher_count: an edge', () => {
  const several = { publisherCount: 2, diagnostics: said({ frequencyHz: 30, dropRatePercent: 50 }) };

  it('has no count if it is not known, never 0', () => {
    assert.equal('publisherCount' in judge({ publisherCount: 0 }), false);
  });

  it('of a topic with several publishers keeps its rate, which is ambiguous', () => {
    const { frequencyHz, rateIsAmbiguous, publisherCount } = judge(several);
    assert.deepEqual([frequencyHz, rateIsAmbiguous, publisherCount], [30, true, 2]);
    assert.equal(judge({ ...several, publisherCount: 1 }).rateIsAmbiguous, false);
    assert.equal(judge({ publisherCount: 2 }).rateIsAmbiguous, true);
  });

  it('has no rate if ambiguous ones are suppressed, and is judged by its losses alone', () => {
    const suppressed = judge(several, { multiPublisherRate: 'suppress' });
    assert.deepEqual([suppressed.status, suppressed.frequencyHz, suppressed.ratio], ['active', undefined, undefined]);
    assert.equal(suppressed.rateIsAmbiguous, true);
    assert.equal(suppressed.isDegraded, true);
    const slow = { publisherCount: 2, diagnostics: said({ frequencyHz: 1 }) };
    assert.equal(judge(slow, { multiPublisherRate: 'suppress' }).isDegraded, false);
    assert.equal(judge(slow).isDegraded, true);
  });

  it('has the rate that the gateway measured at this publisher, which is not ambiguous', () => {
    const { frequencyHz, rateIsAmbiguous } = judge(
      { ...several, measured: counted({}) },
      { multiPublisherRate: 'suppress' },
    );
    assert.deepEqual([frequencyHz, rateIsAmbiguous], [10, false]);
  });
});

describe('The measurement of an edge by the gateway', () => {
  it("is used if no monitor reports, with the gateway's node as source", () => {
    const { status, frequencyHz, jitterMs, latencyMs, dataAgeMs, bytesPerSec, source } = judge({
      measured: counted({}),
    });
    assert.deepEqual(
      [status, frequencyHz, jitterMs, latencyMs, dataAgeMs, bytesPerSec, source],
      ['active', 10, 1, 2, 3, 1000, '/medkit'],
    );
  });

  it('ranks below the figures of a monitor, figure by figure', () => {
    const { frequencyHz, latencyMs, jitterMs, source } = judge({
      measured: counted({}),
      diagnostics: said({ frequencyHz: 29 }),
    });
    assert.deepEqual([frequencyHz, latencyMs, jitterMs, source], [29, 2, 1, '/monitor']);
  });

  it('is still used when the monitor has fallen silent', () => {
    const { status, frequencyHz, source } = judge({
      measured: counted({}),
      diagnostics: said({ frequencyHz: 29, atMs: 0 }),
    });
    assert.deepEqual([status, frequencyHz, source], ['active', 10, '/medkit']);
    const silent = counted({ messages: 0, frequencyHz: 0, lastMs: 0 });
    assert.equal(judge({ measured: silent, diagnostics: said({ atMs: 0 }) }).error, 'metrics_stale');
  });

  it('is judged only by a rate that a configuration or a publisher promises', () => {
    const slow = counted({ frequencyHz: 1 });
    assert.deepEqual([judge({ measured: slow }).isDegraded, judge({ measured: slow }).expectedHz], [false, undefined]);
    assert.equal(judge({ measured: slow, promisedHz: 10 }).isDegraded, true);
    const configured = judge(
      { measured: slow, promisedHz: 1 },
      { expectedFrequencyHz: 10, expectationIsConfigured: true },
    );
    assert.deepEqual([configured.isDegraded, configured.expectedHz], [true, 10]);
  });

  it('is active without an error on a silent topic without an expected rate', () => {
    const silent = counted({ messages: 0, frequencyHz: 0, lastMs: 0 });
    assert.deepEqual([judge({ measured: silent }).status, judge({ measured: silent }).frequencyHz], ['active', 0]);
    const never = counted({ messages: 0, frequencyHz: undefined, lastMs: undefined, sinceMs: 0 });
    assert.equal(judge({ measured: never }).status, 'pending');
  });

  it('is stale if a topic with an expected rate is silent, also if no message ever arrived', () => {
    const silent = counted({ messages: 0, frequencyHz: 0, lastMs: NOW_MS - 7001 });
    assert.equal(judge({ measured: silent, promisedHz: 10 }).error, 'metrics_stale');
    const never = counted({ messages: 0, frequencyHz: undefined, lastMs: undefined, sinceMs: NOW_MS - 7001 });
    assert.equal(judge({ measured: never, promisedHz: 10 }).error, 'metrics_stale');
    assert.equal(judge({ measured: { ...never, sinceMs: NOW_MS - 6000 }, promisedHz: 10 }).status, 'pending');
  });

  it('counts losses only on topics on which DDS repairs none', () => {
    const lossy = counted({ messages: 90, missed: 10 });
    assert.equal(judge({ measured: lossy }).dropRatePercent, 10);
    assert.equal(judge({ measured: lossy }).isDegraded, true);
    assert.equal(judge({ measured: lossy, losesMessages: false }).dropRatePercent, 0);
  });

  it('gives the reason if there are no figures', () => {
    const { status, unmeasured } = judge({ measured: 'large_messages' });
    assert.deepEqual([status, unmeasured], ['pending', 'large_messages']);
  });
});

describe('An edge', () => {
  it('with incompatible QoS is in error, whatever the figures of its topic', () => {
    const { status, error } = judge({ qosIsCompatible: false, diagnostics: said({ frequencyHz: 30 }) });
    assert.deepEqual([status, error], ['error', 'qos_incompatible']);
  });

  it('of a node that has disconnected is pending', () => {
    assert.equal(judge({ isRemembered: true, diagnostics: said({ frequencyHz: 30, atMs: 0 }) }).status, 'pending');
  });

  it('has figures, and can be degraded, only while it is active', () => {
    const random = seededRandom(9);
    const some = <V>(value: V): V | undefined => (random.float() < 0.5 ? value : undefined);
    for (let run = 0; run < 2000; run += 1) {
      const metrics = judge({
        diagnostics: some(
          said({
            frequencyHz: some(random.float() * 60),
            dropRatePercent: some(random.float() * 10),
            atMs: NOW_MS - random.float() * 10_000,
          } as Partial<DiagnosticSample>),
        ),
        measured: some(
          counted({ frequencyHz: some(random.float() * 60), lastMs: some(NOW_MS - random.float() * 20_000) }),
        ),
        promisedHz: some(random.float() * 20 + 0.1),
        publisherCount: Math.floor(random.float() * 3),
        qosIsCompatible: random.float() < 0.9,
        isRemembered: random.float() < 0.1,
      });
      assert.equal(metrics.error !== undefined, metrics.status === 'error');
      if (metrics.status === 'active') continue;
      const { frequencyHz, latencyMs, ratio, source, isDegraded } = metrics;
      assert.deepEqual(
        [frequencyHz, latencyMs, ratio, source, isDegraded],
        [undefined, undefined, undefined, undefined, false],
      );
    }
  });
});
