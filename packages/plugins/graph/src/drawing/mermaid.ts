import type { PipelineGraph } from '../document/graph-document.ts';
import { type EdgeStyle, edgeStyle, linesOf, topicNames } from './edge-label.ts';

const STYLES: Readonly<Partial<Record<EdgeStyle, string>>> = {
  slow: 'stroke:darkorange,stroke-width:3px',
  broken: 'stroke:red,stroke-width:3px',
  remembered: 'stroke:gray,stroke-dasharray:4',
};

/** Converts the graph to the Mermaid language, which GitHub and many wikis render. */
export function toMermaid(graph: PipelineGraph): string {
  const topics = topicNames(graph);
  // Ids of apps may be keywords of the language, such as `end`.
  const names = new Map(graph.nodes.map(({ entity_id }, index) => [entity_id, `n${index}`]));
  const nodes = graph.nodes.map(
    ({ entity_id, node_status }) =>
      `  ${names.get(entity_id)}["${entity_id}"]${node_status === 'unreachable' ? ':::unreachable' : ''}`,
  );
  const edges = graph.edges.map((edge) => {
    const label = linesOf(edge, topics.get(edge.topic_id) ?? '')
      .map(escaped)
      .join('<br/>');
    return `  ${names.get(edge.source)} -->|"${label}"| ${names.get(edge.target)}`;
  });
  const styles = graph.edges.flatMap((edge, index) => {
    const style = STYLES[edgeStyle(edge, graph)];
    return style === undefined ? [] : [`  linkStyle ${index} ${style}`];
  });
  const unreachable = graph.nodes.some(({ node_status }) => node_status === 'unreachable');
  return [
    'flowchart LR',
    ...nodes,
    ...edges,
    ...styles,
    ...(unreachable ? ['  classDef unreachable stroke:gray,stroke-dasharray:4'] : []),
    '',
  ].join('\n');
}

/** Character references have the form `#…;` in Mermaid. */
function escaped(text: string): string {
  return text.replace(/["#<>]/g, (character) => `#${character.charCodeAt(0)};`);
}
