import type { EdgeMetrics } from '../figures/edge-metrics.ts';

export type PipelineStatus = 'healthy' | 'degraded' | 'broken';

export interface PipelineHealth {
  readonly status: PipelineStatus;
  /**
   * Index of the edge that slows a degraded pipeline down: the active edge with the smallest share of its expected
   * rate.
   */
  readonly bottleneck: number | undefined;
}

/** Returns the state of a whole pipeline; `unreachable` is the number of missing nodes. */
export function pipelineHealth(
  edges: readonly Pick<EdgeMetrics, 'status' | 'ratio' | 'isDegraded'>[],
  unreachable: number,
): PipelineHealth {
  if (edges.some(({ status }) => status === 'error')) return { status: 'broken', bottleneck: undefined };
  if (unreachable === 0 && !edges.some(({ isDegraded }) => isDegraded))
    return { status: 'healthy', bottleneck: undefined };
  let bottleneck: number | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const [index, { status, ratio }] of edges.entries()) {
    if (status !== 'active' || ratio === undefined || ratio >= least) continue;
    least = ratio;
    bottleneck = index;
  }
  return { status: 'degraded', bottleneck };
}
