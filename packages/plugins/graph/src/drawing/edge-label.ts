import type { GraphEdge, PipelineGraph } from '../document/graph-document.ts';

/** Style of an edge. */
export type EdgeStyle = 'plain' | 'slow' | 'broken' | 'remembered';

/** Highlights the bottleneck and broken edges. */
export function edgeStyle(edge: GraphEdge, graph: PipelineGraph): EdgeStyle {
  if (edge.remembered) return 'remembered';
  if (edge.metrics.metrics_status === 'error') return 'broken';
  return edge.edge_id === graph.bottleneck_edge ? 'slow' : 'plain';
}

/** Returns the lines of an edge's label: its topic and its figures. */
export function linesOf({ qos, metrics }: GraphEdge, topic: string): readonly string[] {
  const { frequency_hz, latency_ms, drop_rate_percent, error_reason } = metrics;
  const figures = [
    frequency_hz === null ? undefined : `${short(frequency_hz)} Hz`,
    latency_ms === null ? undefined : `${short(latency_ms)} ms`,
    drop_rate_percent === 0 ? undefined : `${short(drop_rate_percent)} % lost`,
  ].filter((each) => each !== undefined);
  return [
    topic,
    ...(figures.length > 0 ? [figures.join(', ')] : []),
    ...(error_reason === 'metrics_stale' ? ['silent'] : []),
    ...(qos.incompatible.length > 0 ? [`QoS: ${qos.incompatible.join(', ')}`] : []),
  ];
}

/** Returns the topic names of a graph by id. */
export function topicNames({ topics }: PipelineGraph): ReadonlyMap<string, string> {
  return new Map(topics.map(({ topic_id, name }) => [topic_id, name]));
}

/** Formats three significant digits, or all digits before the decimal point. */
function short(value: number): string {
  return Math.abs(value) >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3)));
}
