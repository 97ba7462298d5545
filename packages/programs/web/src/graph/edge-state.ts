import type { GraphEdge, PipelineGraph } from '@medkit/plugin-graph/document';

/** State of an edge, most severe first: no messages, too slow, a node disconnected, no figures, or as expected. */
export const EDGE_STATES = ['error', 'bottleneck', 'gone', 'pending', 'ok'] as const;
export type EdgeState = (typeof EDGE_STATES)[number];

/** Returns the state of an edge. */
export function edgeState(edge: GraphEdge, graph: Pick<PipelineGraph, 'bottleneck_edge'>): EdgeState {
  if (edge.metrics.metrics_status === 'error') return 'error';
  if (edge.edge_id === graph.bottleneck_edge) return 'bottleneck';
  if (edge.remembered) return 'gone';
  return edge.metrics.metrics_status === 'pending' ? 'pending' : 'ok';
}

/** Returns the most severe of several states. */
export function worstState(states: readonly EdgeState[]): EdgeState {
  return EDGE_STATES.find((state) => states.includes(state)) ?? 'ok';
}

/** An edge as a row of the table and as a line of the picture. */
export interface EdgeRow {
  readonly id: string;
  readonly edge: GraphEdge;
  readonly topic: string;
  readonly state: EdgeState;
}

/** Returns the edges of a graph, most severe first. */
export function edgeRows(graph: PipelineGraph): readonly EdgeRow[] {
  const names = new Map(graph.topics.map(({ topic_id, name }) => [topic_id, name]));
  const rows = graph.edges.map((edge): EdgeRow => {
    const topic = names.get(edge.topic_id) ?? edge.topic_id.replace(/^topic:/, '');
    return { id: edge.edge_id, edge, topic, state: edgeState(edge, graph) };
  });
  return rows.toSorted((one, other) => EDGE_STATES.indexOf(one.state) - EDGE_STATES.indexOf(other.state));
}

/** Formats a figure with three significant digits, or all digits before the decimal point: `9.97 Hz`. */
export function figureText(value: number | null, unit: string): string {
  if (value === null) return '–';
  const digits = Math.abs(value) >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3)));
  return `${digits} ${unit}`;
}

const RANKS: Readonly<Record<PipelineGraph['pipeline_status'], number>> = { broken: 0, degraded: 1, healthy: 2 };

/** Rank of a pipeline in the list: broken, degraded, healthy, then pipelines that were not read. */
export function pipelineRank(status: PipelineGraph['pipeline_status'] | undefined): number {
  return status === undefined ? 3 : RANKS[status];
}
