import { type App, isLocal } from '@medkit/core';
import type { RosEndpoint } from '@medkit/ros2';
import { type EdgeQos, edgeQos } from './edge-qos.ts';
import type { PipelineTopology } from './pipeline-topology.ts';

/** A topic by which one app sends to another, or to itself. */
export interface PipelineEdge {
  /** App ids. */
  readonly source: string;
  readonly target: string;
  readonly topic: string;
  readonly type: string;
  /** Publishers of the source on the topic: one, or a few. */
  readonly publishers: readonly RosEndpoint[];
  readonly qos: EdgeQos;
  /** One of the two apps has gone: the edge is as it was before. */
  readonly isRemembered: boolean;
}

/** The apps of some part of the robot and what they send each other. */
export interface Pipeline {
  /** By id. */
  readonly apps: readonly App[];
  /** By source, topic and target. */
  readonly edges: readonly PipelineEdge[];
  /** Edges beyond `MAX_EDGES`, which are left out. */
  readonly omittedEdges: number;
}

/** One topic that all of a hundred nodes publish and subscribe to makes ten thousand. Nobody draws more. */
export const MAX_EDGES = 10_000;

/** The endpoints of one app on one topic, in one direction. */
interface AppEnds {
  readonly app: App;
  readonly endpoints: RosEndpoint[];
  readonly isRemembered: boolean;
}

/** The pipeline that `apps`, each given once, make up by their topics. */
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

/** What an app publishes and subscribes to, topic by topic in the order of their names. */
function endsOf(app: App, topology: PipelineTopology) {
  // The node that has this name here is none of another gateway's app.
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

/** By UTF-16 code unit, so that the order never depends on a locale. */
function inOrder(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
