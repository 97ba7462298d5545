import type { GraphEdge, GraphNode, PipelineGraph } from '@medkit/plugin-graph/document';
import { InvalidReply } from '../gateway/validate-reply.ts';

/** Name of the plugin route, and of the capability of entities that have a graph. */
export const GRAPH = 'x-medkit-graph';

const STATUSES = ['healthy', 'degraded', 'broken'] as const;
const METRICS_STATUSES = ['pending', 'active', 'error'] as const;
const ERROR_REASONS = ['metrics_stale', 'qos_incompatible'] as const;
const UNMEASURED = ['large_messages', 'too_many_topics', 'too_many_bytes', 'failed'] as const;

/**
 * Validates a reply of the plugin route, which the contract does not describe and another gateway may have sent. Drops
 * invalid nodes and edges, and replaces invalid figures by `null`.
 */
export function graphOf(reply: unknown): PipelineGraph {
  const graph = (reply as Readonly<Record<string, unknown>> | null)?.[GRAPH] as Partial<PipelineGraph> | undefined;
  const { nodes, edges, topics, scope } = Object(graph) as Partial<PipelineGraph>;
  if (!Array.isArray(nodes) || !Array.isArray(edges) || !Array.isArray(topics)) throw new InvalidReply('no graph');
  return {
    schema_version: '2.0.0',
    graph_id: text(graph?.graph_id),
    timestamp: text(graph?.timestamp),
    scope: { type: scope?.type ?? 'function', entity_id: text(scope?.entity_id) },
    pipeline_status: oneOf(STATUSES, graph?.pipeline_status) ?? 'healthy',
    bottleneck_edge: typeof graph?.bottleneck_edge === 'string' ? graph.bottleneck_edge : null,
    topics: topics.filter((topic) => isText(topic?.topic_id) && isText(topic.name)),
    nodes: nodes.filter((node) => isText(node?.entity_id)).map(nodeOf),
    edges: edges.filter(isEdge).map(edgeOf),
    ...(typeof graph?.omitted_edges === 'number' && { omitted_edges: graph.omitted_edges }),
  };
}

function nodeOf({ entity_id, node_status, last_seen }: GraphNode): GraphNode {
  return {
    entity_id,
    node_status: node_status === 'unreachable' ? 'unreachable' : 'reachable',
    ...(isText(last_seen) && { last_seen }),
  };
}

function isEdge(edge: Partial<GraphEdge> | null): edge is GraphEdge {
  return [edge?.edge_id, edge?.source, edge?.target, edge?.topic_id].every(isText);
}

function edgeOf({ edge_id, source, target, topic_id, remembered, qos, metrics }: GraphEdge): GraphEdge {
  const incompatible: readonly unknown[] = Array.isArray(qos?.incompatible) ? qos.incompatible : [];
  return {
    edge_id,
    source,
    target,
    topic_id,
    transport_type: 'unknown',
    ...(remembered === true && { remembered }),
    qos: { compatible: qos?.compatible !== false, incompatible: incompatible.filter(isText) },
    metrics: metricsOf(Object(metrics)),
  };
}

function metricsOf(metrics: Partial<GraphEdge['metrics']>): GraphEdge['metrics'] {
  const error_reason = oneOf(ERROR_REASONS, metrics.error_reason);
  const unmeasured = oneOf(UNMEASURED, metrics.unmeasured);
  return {
    frequency_hz: figure(metrics.frequency_hz),
    latency_ms: figure(metrics.latency_ms),
    drop_rate_percent: figure(metrics.drop_rate_percent) ?? 0,
    metrics_status: oneOf(METRICS_STATUSES, metrics.metrics_status) ?? 'pending',
    ...(error_reason && { error_reason }),
    ...(isText(metrics.source) && { source: metrics.source }),
    ...(typeof metrics.publisher_count === 'number' && { publisher_count: metrics.publisher_count }),
    ...(metrics.rate_ambiguous === true && { rate_ambiguous: true }),
    expected_frequency_hz: figure(metrics.expected_frequency_hz),
    jitter_ms: figure(metrics.jitter_ms),
    data_age_ms: figure(metrics.data_age_ms),
    bytes_per_sec: figure(metrics.bytes_per_sec),
    ...(unmeasured && { unmeasured }),
  };
}

const isText = (value: unknown): value is string => typeof value === 'string';
const text = (value: unknown): string => (isText(value) ? value : '');
const figure = (value: unknown): number | null => (Number.isFinite(value) ? (value as number) : null);

function oneOf<const V extends string>(values: readonly V[], value: unknown): V | undefined {
  return values.find((each) => each === value);
}
