import type { EdgeMetrics } from '../figures/edge-metrics.ts';
import type { Pipeline, PipelineEdge } from '../topology/pipeline.ts';
import { type GraphEdge, type GraphNode, type PipelineGraph, SCHEMA_VERSION } from './graph-document.ts';
import { pipelineHealth } from './pipeline-health.ts';

export interface GraphOptions {
  readonly scope: PipelineGraph['scope'];
  readonly pipeline: Pipeline;
  /** Metrics of each edge of the pipeline, in the same order. */
  readonly metrics: readonly EdgeMetrics[];
  /** Returns when the app was last online, in ms since the epoch. */
  readonly lastSeenMs: (appId: string) => number | undefined;
  /** Current time, in ms since the epoch. */
  readonly wallMs: number;
}

/** Returns the document of a pipeline in its current state. */
export function buildGraph({ scope, pipeline, metrics, lastSeenMs, wallMs }: GraphOptions): PipelineGraph {
  const unreachable = pipeline.apps.filter(({ online }) => !online).length;
  const { status, bottleneck } = pipelineHealth(metrics, unreachable);
  const edges = pipeline.edges.map((edge, index) => graphEdge(edge, metrics[index]));
  const topics = [...new Set(pipeline.edges.map(({ topic }) => topic))].sort();
  return {
    schema_version: SCHEMA_VERSION,
    graph_id: `${scope.entity_id}-graph`,
    timestamp: isoTime(wallMs),
    scope,
    pipeline_status: status,
    bottleneck_edge: bottleneck === undefined ? null : edges[bottleneck].edge_id,
    topics: topics.map((name) => ({ topic_id: topicId(name), name })),
    nodes: pipeline.apps.map(({ id, online }) => graphNode(id, online, lastSeenMs(id))),
    edges,
    ...(pipeline.omittedEdges > 0 && { omitted_edges: pipeline.omittedEdges }),
  };
}

function graphNode(id: string, online: boolean, lastSeenMs: number | undefined): GraphNode {
  if (online) return { entity_id: id, node_status: 'reachable' };
  return {
    entity_id: id,
    node_status: 'unreachable',
    ...(lastSeenMs !== undefined && { last_seen: isoTime(lastSeenMs) }),
  };
}

function graphEdge(edge: PipelineEdge, metrics: EdgeMetrics): GraphEdge {
  const { source, target, topic, qos, isRemembered } = edge;
  return {
    edge_id: `edge:${source}:${topic}:${target}`,
    source,
    target,
    topic_id: topicId(topic),
    transport_type: 'unknown',
    ...(isRemembered && { remembered: true }),
    qos: { compatible: qos.isCompatible, incompatible: [...qos.incompatible] },
    metrics: graphMetrics(metrics),
  };
}

function graphMetrics(metrics: EdgeMetrics): GraphEdge['metrics'] {
  const { error, source, publisherCount, unmeasured } = metrics;
  return {
    frequency_hz: rounded(metrics.frequencyHz),
    latency_ms: rounded(metrics.latencyMs),
    drop_rate_percent: rounded(metrics.dropRatePercent) ?? 0,
    metrics_status: metrics.status,
    ...(error !== undefined && { error_reason: error }),
    ...(source !== undefined && { source }),
    ...(publisherCount !== undefined && { publisher_count: publisherCount }),
    ...(metrics.rateIsAmbiguous && { rate_ambiguous: true }),
    expected_frequency_hz: rounded(metrics.expectedHz),
    jitter_ms: rounded(metrics.jitterMs),
    data_age_ms: rounded(metrics.dataAgeMs),
    bytes_per_sec: rounded(metrics.bytesPerSec),
    ...(unmeasured !== undefined && { unmeasured }),
  };
}

/** Neither topic names nor entity ids contain a colon. */
function topicId(name: string): string {
  return `topic:${name}`;
}

/** Rounds to three decimals, the precision of the measurement. */
function rounded(value: number | undefined): number | null {
  return value === undefined ? null : Math.round(value * 1000) / 1000;
}

function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}
