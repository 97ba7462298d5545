import assert from 'node:assert/strict';
import { it } from 'node:test';
import { buildGraph } from '../document/build-graph.ts';
import type { EdgeMetrics } from '../figures/edge-metrics.ts';
import { app, endpoint, topologyOf } from '../testing/small-graph.ts';
import { pipelineOf } from '../topology/pipeline.ts';
import { toDot } from './dot.ts';
import { toMermaid } from './mermaid.ts';

const METRICS: Readonly<Record<string, Partial<EdgeMetrics>>> = {
  '/plan': { status: 'active', frequencyHz: 0.25, latencyMs: 0.1234 },
  '/pose': { status: 'error', error: 'qos_incompatible' },
  '/scan': { status: 'active', frequencyHz: 1234.5, dropRatePercent: 12.5, ratio: 0.1, isDegraded: true },
};

function graph(topics: readonly string[]) {
  const pipeline = pipelineOf(
    ['amcl', 'end', 'lidar'].map((id) => app(id, { online: id !== 'lidar' })),
    topologyOf(
      ...[
        'end > /plan',
        '/plan > amcl',
        endpoint('amcl > /pose', { reliability: 'best_effort' }),
        '/pose > end',
        'lidar > /scan',
        '/scan > amcl',
      ].filter((each) => topics.includes(typeof each === 'string' ? (/\/\w+/.exec(each)?.[0] ?? '') : each.name)),
    ),
  );
  const metrics = pipeline.edges.map(
    ({ topic }): EdgeMetrics => ({
      status: 'pending',
      dropRatePercent: 0,
      rateIsAmbiguous: false,
      isDegraded: false,
      ...METRICS[topic],
    }),
  );
  return buildGraph({
    scope: { type: 'function', entity_id: 'navigation' },
    pipeline,
    metrics,
    lastSeenMs: () => undefined,
    wallMs: 0,
  });
}

it('A graph is drawn in the language of Graphviz', () => {
  assert.equal(
    toDot(graph(['/plan', '/pose', '/scan'])),
    `digraph "navigation-graph" {
  rankdir=LR;
  node [shape=box, style=rounded];
  "amcl";
  "end";
  "lidar" [style="rounded,dashed", color="gray"];
  "amcl" -> "end" [label="/pose\\nQoS: reliability", color="red", penwidth=2];
  "end" -> "amcl" [label="/plan\\n0.25 Hz, 0.123 ms"];
  "lidar" -> "amcl" [label="/scan\\n1235 Hz, 12.5 % lost"];
}
`,
  );
});

it('A graph is drawn in the language of Mermaid, the bottleneck in a separate colour', () => {
  assert.equal(
    toMermaid(graph(['/plan', '/scan'])),
    `flowchart LR
  n0["amcl"]
  n1["end"]
  n2["lidar"]:::unreachable
  n1 -->|"/plan<br/>0.25 Hz, 0.123 ms"| n0
  n2 -->|"/scan<br/>1235 Hz, 12.5 % lost"| n0
  linkStyle 1 stroke:darkorange,stroke-width:3px
  classDef unreachable stroke:gray,stroke-dasharray:4
`,
  );
});

it('Names with characters that mean something in a drawing language are escaped', () => {
  const hostile = graph(['/scan']);
  const named = { ...hostile, topics: [{ topic_id: 'topic:/scan', name: '/a"];<b>#\\' }] };
  assert.match(toDot(named), /label="\/a\\"\];<b>#\\\\\\n1235 Hz/);
  assert.match(toMermaid(named), /\|"\/a#34;\];#60;b#62;#35;\\<br\/>1235 Hz/);
});
