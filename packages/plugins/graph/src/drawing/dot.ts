import type { PipelineGraph } from '../document/graph-document.ts';
import { type EdgeStyle, edgeStyle, linesOf, topicNames } from './edge-label.ts';

const LOOKS: Readonly<Record<EdgeStyle, string>> = {
  plain: '',
  slow: ', color="darkorange", penwidth=2',
  broken: ', color="red", penwidth=2',
  remembered: ', color="gray", style="dashed"',
};

/** Converts the graph to the Graphviz language: `dot -Tsvg` renders it. */
export function toDot(graph: PipelineGraph): string {
  const topics = topicNames(graph);
  const nodes = graph.nodes.map(({ entity_id, node_status }) => {
    const look = node_status === 'unreachable' ? ' [style="rounded,dashed", color="gray"]' : '';
    return `  ${quoted(entity_id)}${look};`;
  });
  const edges = graph.edges.map((edge) => {
    const label = linesOf(edge, topics.get(edge.topic_id) ?? '')
      .map(escaped)
      .join('\\n');
    return `  ${quoted(edge.source)} -> ${quoted(edge.target)} [label="${label}"${LOOKS[edgeStyle(edge, graph)]}];`;
  });
  return [
    `digraph ${quoted(graph.graph_id)} {`,
    '  rankdir=LR;',
    '  node [shape=box, style=rounded];',
    ...nodes,
    ...edges,
    '}',
    '',
  ].join('\n');
}

function quoted(text: string): string {
  return `"${escaped(text)}"`;
}

function escaped(text: string): string {
  return text.replace(/["\\]/g, '\\$&');
}
