/** The plugin that shows what the apps of a function send each other, how fast, and where it is held up. */
export type { GraphEdge, GraphNode, GraphResult, PipelineGraph } from './document/graph-document.ts';
export { plugin } from './plugin.ts';
