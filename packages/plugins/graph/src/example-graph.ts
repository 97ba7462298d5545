import type { GraphResult } from './document/graph-document.ts';

/** A graph for the documentation: a planner that receives a scan too slowly. */
export const EXAMPLE_GRAPH: GraphResult = {
  'x-medkit-graph': {
    schema_version: '2.0.0',
    graph_id: 'navigation-graph',
    timestamp: '2026-02-04T10:30:12.500Z',
    scope: { type: 'function', entity_id: 'navigation' },
    pipeline_status: 'degraded',
    bottleneck_edge: 'edge:lidar_driver:/scan:amcl',
    topics: [{ topic_id: 'topic:/scan', name: '/scan' }],
    nodes: [
      { entity_id: 'amcl', node_status: 'reachable' },
      { entity_id: 'lidar_driver', node_status: 'reachable' },
    ],
    edges: [
      {
        edge_id: 'edge:lidar_driver:/scan:amcl',
        source: 'lidar_driver',
        target: 'amcl',
        topic_id: 'topic:/scan',
        transport_type: 'unknown',
        qos: { compatible: true, incompatible: [] },
        metrics: {
          frequency_hz: 4.02,
          latency_ms: 0.31,
          drop_rate_percent: 0,
          metrics_status: 'active',
          source: '/medkit_pipeline_graph',
          publisher_count: 1,
          expected_frequency_hz: 10,
          jitter_ms: 3.6,
          data_age_ms: 12.4,
          bytes_per_sec: 11_850,
        },
      },
    ],
  },
};
