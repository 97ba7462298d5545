import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { edgeRows, figureText, worstState } from './edge-state.ts';
import { graphOf } from './graph-document.ts';

const edge = (topic: string, metrics: object, more: object = {}) => ({
  edge_id: `edge:lidar:${topic}:amcl`,
  source: 'lidar',
  target: 'amcl',
  topic_id: `topic:${topic}`,
  metrics,
  ...more,
});
const reply = (graph: object) => ({ 'x-medkit-graph': { topics: [], nodes: [], edges: [], ...graph } });

describe('a pipeline graph', () => {
  it('of an older gateway has no figures instead of undefined ones', () => {
    const { edges, pipeline_status } = graphOf(reply({ edges: [edge('/scan', { frequency_hz: 9.5 })] }));
    assert.equal(pipeline_status, 'healthy');
    assert.deepEqual(edges[0]?.metrics, {
      frequency_hz: 9.5,
      latency_ms: null,
      drop_rate_percent: 0,
      metrics_status: 'pending',
      expected_frequency_hz: null,
      jitter_ms: null,
      data_age_ms: null,
      bytes_per_sec: null,
    });
    assert.deepEqual(edges[0]?.qos, { compatible: true, incompatible: [] });
  });

  it('loses invalid nodes and edges', () => {
    const nodes = [null, { entity_id: 7 }, { entity_id: 'lidar', node_status: 'unreachable', last_seen: {} }];
    const edges = [
      null,
      {},
      { ...edge('/scan', {}), source: 7 },
      edge('/map', { latency_ms: 'x', unmeasured: 'moon' }),
    ];
    const graph = graphOf(reply({ nodes, edges, topics: [null, 'x', { topic_id: 'topic:/map', name: '/map' }] }));
    assert.deepEqual(graph.nodes, [{ entity_id: 'lidar', node_status: 'unreachable' }]);
    assert.deepEqual(
      graph.edges.map(({ topic_id, metrics }) => [topic_id, metrics.latency_ms, metrics.unmeasured]),
      [['topic:/map', null, undefined]],
    );
    assert.equal(graph.topics.length, 1);
  });

  it('is refused if it is none', () => {
    for (const none of [null, {}, [], 'x', { 'x-medkit-graph': null }, { 'x-medkit-graph': { nodes: [] } }]) {
      assert.throws(() => graphOf(none), /no graph/);
    }
  });
});

describe('the edges of a graph', () => {
  it('are listed most severe first', () => {
    const edges = [
      edge('/a', { metrics_status: 'active' }),
      edge('/b', {}),
      edge('/c', { metrics_status: 'error', error_reason: 'metrics_stale' }),
      edge('/d', { metrics_status: 'active' }),
      edge('/e', {}, { remembered: true }),
    ];
    const rows = edgeRows(graphOf(reply({ edges, bottleneck_edge: 'edge:lidar:/d:amcl' })));
    assert.deepEqual(
      rows.map(({ topic, state }) => [topic, state]),
      [
        ['/c', 'error'],
        ['/d', 'bottleneck'],
        ['/e', 'gone'],
        ['/b', 'pending'],
        ['/a', 'ok'],
      ],
    );
    assert.equal(worstState(['ok', 'gone', 'pending']), 'gone');
  });

  it('have figures with three digits', () => {
    assert.deepEqual(
      [figureText(9.968, 'Hz'), figureText(1234.5, 'Hz'), figureText(0.339, 'ms'), figureText(null, 'ms')],
      ['9.97 Hz', '1235 Hz', '0.339 ms', '–'],
    );
  });
});
