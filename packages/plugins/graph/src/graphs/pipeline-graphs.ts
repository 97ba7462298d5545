import { SovdError } from '@medkit/contract';
import type { EntityTree } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import type { PluginContext } from '@medkit/plugin';
import type { RosEndpoint } from '@medkit/ros2';
import { buildGraph } from '../document/build-graph.ts';
import type { PipelineGraph } from '../document/graph-document.ts';
import type { DiagnosticCache } from '../figures/diagnostic-cache.ts';
import { type EdgeMetrics, edgeMetrics } from '../figures/edge-metrics.ts';
import type { Measured, Measurement } from '../figures/measurement.ts';
import { type MeasuredFigures, TopicMeter } from '../figures/topic-meter.ts';
import type { FunctionRules } from '../options/function-rules.ts';
import type { GraphOptions } from '../options/graph-options.ts';
import { type Pipeline, type PipelineEdge, pipelineOf } from '../topology/pipeline.ts';
import type { PipelineTopology } from '../topology/pipeline-topology.ts';
import type { LastSeen } from './last-seen.ts';
import { appsOf, type ScopeKind, Scopes } from './scopes.ts';

export interface PipelineGraphsOptions {
  readonly entities: PluginContext['entities'];
  readonly topology: PipelineTopology;
  readonly diagnostics: Pick<DiagnosticCache, 'get'>;
  readonly measurement: Pick<Measurement, 'want'>;
  /** FQN of the node that measures. */
  readonly observer: string;
  readonly lastSeen: LastSeen;
  readonly options: GraphOptions;
  readonly clock: Clock;
}

/** The current pipeline graphs of the robot. Only measurements are stored between requests. */
export class PipelineGraphs {
  readonly #options: PipelineGraphsOptions;
  readonly #scopes = new Scopes();

  constructor(options: PipelineGraphsOptions) {
    this.#options = options;
  }

  /** Returns the graph of an entity and starts measuring its topics. Throws `entity-not-found`. */
  async graph(kind: ScopeKind, id: string): Promise<PipelineGraph> {
    const { lastSeen, clock } = this.#options;
    const tree = await this.#tree();
    const pipeline = this.#pipeline(tree, kind, id);
    const rules = this.#rulesOf(kind, id);
    const measured = this.#measure(pipeline, rules);
    return buildGraph({
      scope: { type: kind, entity_id: id },
      pipeline,
      metrics: this.#metrics(pipeline, measured, rules),
      lastSeenMs: (appId) => lastSeen.of(appId),
      wallMs: clock.wallMs(),
    });
  }

  /** Returns whether all measured topics in the graph of an entity have a rate. Starts measuring them. */
  async isSettled(kind: ScopeKind, id: string): Promise<boolean> {
    const pipeline = this.#pipeline(await this.#tree(), kind, id);
    const measured = this.#measure(pipeline, this.#rulesOf(kind, id));
    return pipeline.edges.every((edge) => {
      const meter = measured.get(edge.topic);
      return !(meter instanceof TopicMeter) || meter.isSettled(edge.publishers);
    });
  }

  /** Continues measuring the functions that are always measured. */
  async keepMeasuring(): Promise<void> {
    const tree = await this.#tree();
    for (const { id } of tree.all('function')) {
      const rules = this.#rulesOf('function', id);
      if (rules.measure === 'always') this.#measure(this.#pipeline(tree, 'function', id), rules);
    }
  }

  async #tree(): Promise<EntityTree> {
    const { entities, lastSeen, clock } = this.#options;
    const lists = await entities();
    lastSeen.update(lists.apps, clock.wallMs());
    return this.#scopes.treeOf(lists);
  }

  #pipeline(tree: EntityTree, kind: ScopeKind, id: string): Pipeline {
    const apps = appsOf(tree, kind, id);
    if (!apps) throw new SovdError({ code: 'entity-not-found', message: `There is no ${kind} "${id}"` });
    return pipelineOf(apps, this.#options.topology);
  }

  #rulesOf(kind: ScopeKind, id: string): FunctionRules {
    return this.#options.options.rulesOf(kind === 'function' ? id : undefined);
  }

  /** Returns the meters of a pipeline's topics. */
  #measure({ edges }: Pipeline, { measure }: FunctionRules): ReadonlyMap<string, Measured> {
    const measured = new Map<string, Measured>();
    if (measure === 'off') return measured;
    for (const { topic, type, qos, isRemembered } of edges) {
      if (isRemembered || !qos.isCompatible || measured.has(topic)) continue;
      measured.set(topic, this.#options.measurement.want({ topic, type }));
    }
    return measured;
  }

  #metrics({ edges }: Pipeline, measured: ReadonlyMap<string, Measured>, rules: FunctionRules): readonly EdgeMetrics[] {
    const { topology, diagnostics, observer, clock } = this.#options;
    const nowMs = clock.monotonicMs();
    const figures = figuresBySource(nowMs);
    return edges.map((edge) =>
      edgeMetrics(
        {
          diagnostics: diagnostics.get(edge.topic),
          measured: figures(edge, measured.get(edge.topic)),
          observer,
          publisherCount: topology.publisherCount(edge.topic),
          promisedHz: promisedHz(edge.publishers),
          losesMessages: !edge.qos.isReliable,
          qosIsCompatible: edge.qos.isCompatible,
          isRemembered: edge.isRemembered,
        },
        rules,
        nowMs,
      ),
    );
  }
}

/**
 * Returns a function that computes the figures of a publishing app once for all its subscribers: its edges are
 * consecutive.
 */
function figuresBySource(nowMs: number) {
  let of: readonly RosEndpoint[] | undefined;
  let figures: MeasuredFigures | undefined;
  return ({ publishers }: PipelineEdge, measured: Measured | undefined) => {
    if (!(measured instanceof TopicMeter)) return measured;
    if (of !== publishers) figures = measured.figures(publishers, nowMs);
    of = publishers;
    return figures;
  };
}

/** A publisher with a deadline promises a message in every such period (DDS 1.4, 2.2.3.7). */
function promisedHz(publishers: readonly RosEndpoint[]): number | undefined {
  let sum = 0;
  for (const { qos } of publishers) {
    if (qos.deadlineMs === null || qos.deadlineMs <= 0) return undefined;
    sum += 1000 / qos.deadlineMs;
  }
  return sum;
}
