import { type App, isLocal } from '@medkit/core';
import type { RosEndpoint } from '@medkit/ros2';
import { type EdgeQos, edgeQos } from './edge-qos.ts';
import type { PipelineTopology } from './pipeline-topology.ts';

/** A topic on which one app sends to another or to itself. */
export interface PipelineEdge {
  /** App ids. */
  readonly source: string;
  readonly target: string;
  readonly topic: string;
  readonly type: string;
  /** Publishers of the source on the topic: one or a few. */
  readonly publishers: readonly RosEndpoint[];
  readonly qos: EdgeQos;
  /** One of the two apps has left: the edge has its last known state. */
  readonly isRemembered: boolean;
}

/** The apps of a part of the robot, and the data flow between them. */
export interface Pipeline {
  /** Ordered by id. */
  readonly apps: readonly App[];
  /** Ordered by source, topic and target. */
  readonly edges: readonly PipelineEdge[];
  /** Number of edges beyond `MAX_EDGES`, which are omitted. */
  readonly omittedEdges: number;
}

/**
 * Maximum edges. One topic that all of a hundred nodes publish and subscribe to has ten thousand; more cannot be drawn.
 */
export const MAX_EDGES = 10_000;

/** The endpoints of one app on one topic, in one direction. */
interface AppEnds {
  readonly app: App;
  readonly endpoints: RosEndpoint[];
  readonly isRemembered: boolean;
}

/** Returns the pipeline of `apps`, each given once, by their topics. */
export function pipelineOf(apps: readonly App[], topology: PipelineTopology): Pipeline {
  const sorted = [...apps].sort((a, b) => inOrder(a.id, b.id));
  const subscribed = new Map<string, AppEnds[]>();
  const published: AppEnds[] = [];
  for (const app of sorted) {
    const { publishers, subscriptions } = endsOf(app, topology);
    published.push(...publishers);
    for (const ends of subscriptions) {
      const topic = ends.endpoints[0].name;
      const others = subscribed.get(topic);
      if (others) others.push(ends);
      else subscribed.set(topic, [ends]);
    }
  }
  const edges: PipelineEdge[] = [];
  let omittedEdges = 0;
  for (const source of published) {
    const targets = subscribed.get(source.endpoints[0].name) ?? [];
    const drawn = targets.slice(0, MAX_EDGES - edges.length);
    for (const target of drawn) edges.push(edgeOf(source, target));
    omittedEdges += targets.length - drawn.length;
  }
  return { apps: sorted, edges, omittedEdges };
}

function edgeOf(source: AppEnds, target: AppEnds): PipelineEdge {
  const [{ name, type }] = source.endpoints;
  return {
    source: source.app.id,
    target: target.app.id,
    topic: name,
    type,
    publishers: source.endpoints,
    qos: edgeQos(source.endpoints, target.endpoints),
    isRemembered: source.isRemembered || target.isRemembered,
  };
}

/** Returns the publishers and subscriptions of an app, ordered by topic. */
function endsOf(app: App, topology: PipelineTopology) {
  // A local node of the same name does not belong to another gateway's app.
  const fqn = isLocal(app) ? app.node : undefined;
  const live = fqn === undefined ? [] : [...topology.endpointsOf(fqn)];
  const isRemembered = live.length === 0 && !app.online && fqn !== undefined;
  const endpoints = isRemembered ? topology.departedEndpointsOf(fqn) : live;
  const publishers = new Map<string, AppEnds>();
  const subscriptions = new Map<string, AppEnds>();
  for (const endpoint of endpoints) {
    const ends = endpoint.role === 'publisher' ? publishers : subscriptions;
    const known = ends.get(endpoint.name);
    if (known) known.endpoints.push(endpoint);
    else ends.set(endpoint.name, { app, endpoints: [endpoint], isRemembered });
  }
  return { publishers: byTopic(publishers), subscriptions: byTopic(subscriptions) };
}

function byTopic(ends: ReadonlyMap<string, AppEnds>): readonly AppEnds[] {
  return [...ends].sort(([a], [b]) => inOrder(a, b)).map(([, each]) => each);
}

/** Compares UTF-16 code units, so that the order does not depend on a locale. */
function inOrder(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
