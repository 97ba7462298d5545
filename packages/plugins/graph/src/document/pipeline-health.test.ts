import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '@medkit/edges';
import type { MetricsStatus } from '../figures/edge-metrics.ts';
import { pipelineHealth } from './pipeline-health.ts';

const edge = (status: MetricsStatus, ratio?: number, isDegraded = (ratio ?? 1) < 0.5) => ({
  status,
  isDegraded,
  ...(ratio !== undefined && { ratio }),
});

describe('3.5 pipeline_status', () => {
  it('is healthy without edges, while all are pending, and while no active edge is degraded', () => {
    assert.deepEqual(pipelineHealth([], 0), { status: 'healthy', bottleneck: undefined });
    assert.equal(pipelineHealth([edge('pending'), edge('pending')], 0).status, 'healthy');
    assert.deepEqual(pipelineHealth([edge('active', 0.9), edge('pending')], 0), {
      status: 'healthy',
      bottleneck: undefined,
    });
  });

  it('is broken with any edge in error, without a bottleneck', () => {
    assert.deepEqual(pipelineHealth([edge('active', 0.1), edge('error')], 1), {
      status: 'broken',
      bottleneck: undefined,
    });
  });

  it('is degraded with a degraded edge, and the slowest active one is the bottleneck', () => {
    const edges = [edge('active', 0.4), edge('active', 0.2), edge('active', 0.3), edge('pending')];
    assert.deepEqual(pipelineHealth(edges, 0), { status: 'degraded', bottleneck: 1 });
  });

  it('is degraded with a missing node', () => {
    assert.deepEqual(pipelineHealth([edge('pending')], 1), { status: 'degraded', bottleneck: undefined });
    assert.deepEqual(pipelineHealth([], 1), { status: 'degraded', bottleneck: undefined });
  });

  it('has no bottleneck among edges without a usable rate', () => {
    assert.deepEqual(pipelineHealth([edge('active', undefined, true)], 0), {
      status: 'degraded',
      bottleneck: undefined,
    });
  });

  it('follows these rules for random edges, and the slowest active edge is the bottleneck', () => {
    const random = seededRandom(21);
    const statuses = ['pending', 'active', 'active', 'active', 'error'] as const;
    for (let run = 0; run < 1000; run += 1) {
      const edges = Array.from({ length: Math.floor(random.float() * 6) }, () => {
        const status = statuses[Math.floor(random.float() * (random.float() < 0.5 ? 4 : 5))];
        return status === 'active' ? edge(status, random.float() < 0.3 ? undefined : random.float() * 2) : edge(status);
      });
      const unreachable = Math.floor(random.float() * 2);
      const { status, bottleneck } = pipelineHealth(edges, unreachable);
      const isBroken = edges.some((each) => each.status === 'error');
      assert.equal(status === 'broken', isBroken);
      assert.equal(status === 'healthy', !isBroken && unreachable === 0 && !edges.some(({ isDegraded }) => isDegraded));
      if (status !== 'degraded') assert.equal(bottleneck, undefined);
      const ratios = edges.flatMap(({ status: each, ratio }) =>
        each === 'active' && ratio !== undefined ? [ratio] : [],
      );
      if (bottleneck !== undefined) assert.equal(edges[bottleneck].ratio, Math.min(...ratios));
      else if (status === 'degraded') assert.equal(ratios.length, 0);
    }
  });
});
