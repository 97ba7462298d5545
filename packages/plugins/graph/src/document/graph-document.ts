import Type from 'typebox';

/** Version of the document format: that of ros2_medkit 0.6 and its clients. */
export const SCHEMA_VERSION = '2.0.0';

const oneOf = <const V extends string[]>(...values: V) => Type.Unsafe<V[number]>({ type: 'string', enum: values });
const figure = (description: string) => Type.Union([Type.Number(), Type.Null()], { description });

const GraphEdgeMetrics = Type.Object({
  frequency_hz: figure('Messages per second.'),
  latency_ms: figure('From publishing to arrival.'),
  drop_rate_percent: Type.Number({ description: 'Messages that were published and lost.' }),
  metrics_status: oneOf('pending', 'active', 'error'),
  error_reason: Type.Optional(oneOf('metrics_stale', 'qos_incompatible')),
  source: Type.Optional(
    Type.String({
      description: 'Node that measured the values: a monitor on `/diagnostics`, or the node of the gateway.',
    }),
  ),
  publisher_count: Type.Optional(
    Type.Integer({ minimum: 1, description: 'Publishers of the topic in the whole graph.' }),
  ),
  rate_ambiguous: Type.Optional(
    Type.Literal(true, {
      description: 'The topic has several publishers, so the rate cannot be attributed to one of them.',
    }),
  ),
  expected_frequency_hz: figure('Expected frequency; null if none is configured.'),
  jitter_ms: figure('Standard deviation of the time between two messages.'),
  data_age_ms: figure('Time from the header stamp to arrival, which includes all nodes before this edge.'),
  bytes_per_sec: figure('Serialised.'),
  unmeasured: Type.Optional(oneOf('large_messages', 'too_many_topics', 'too_many_bytes', 'failed')),
});

export const GraphEdge = Type.Object({
  edge_id: Type.String({ description: 'Equal in every document: `edge:<source>:<topic>:<target>`.' }),
  source: Type.String({ description: 'Id of the app that publishes.' }),
  target: Type.String({ description: 'Id of the app that subscribes.' }),
  topic_id: Type.String(),
  transport_type: Type.Literal('unknown'),
  remembered: Type.Optional(
    Type.Literal(true, { description: 'One of the two nodes has disappeared; the edge shows its last connection.' }),
  ),
  qos: Type.Object({
    compatible: Type.Boolean({ description: 'False if incompatible QoS prevents delivery.' }),
    incompatible: Type.Array(Type.String(), {
      description: 'Incompatible policies of publisher and subscription: `reliability`, `durability`, …, or `type`.',
    }),
  }),
  metrics: GraphEdgeMetrics,
});
export type GraphEdge = Type.Static<typeof GraphEdge>;

export const GraphNode = Type.Object({
  entity_id: Type.String({ description: 'Id of an app.' }),
  node_status: oneOf('reachable', 'unreachable'),
  last_seen: Type.Optional(Type.String({ description: 'Time at which an unreachable node was last present.' })),
});
export type GraphNode = Type.Static<typeof GraphNode>;

const GraphTopic = Type.Object({
  topic_id: Type.String({ description: 'Equal in every document: `topic:<name>`.' }),
  name: Type.String(),
});

export const PipelineGraph = Type.Object({
  schema_version: Type.Literal(SCHEMA_VERSION),
  graph_id: Type.String(),
  timestamp: Type.String({ description: 'UTC, with milliseconds.' }),
  scope: Type.Object({ type: oneOf('area', 'component', 'function'), entity_id: Type.String() }),
  pipeline_status: oneOf('healthy', 'degraded', 'broken'),
  bottleneck_edge: Type.Union([Type.String(), Type.Null()]),
  topics: Type.Array(GraphTopic),
  nodes: Type.Array(GraphNode),
  edges: Type.Array(GraphEdge),
  omitted_edges: Type.Optional(
    Type.Integer({ minimum: 1, description: 'Number of edges that exceed the maximum of the list.' }),
  ),
});
export type PipelineGraph = Type.Static<typeof PipelineGraph>;

export const GraphResult = Type.Object({ 'x-medkit-graph': PipelineGraph });
export type GraphResult = Type.Static<typeof GraphResult>;
