import { SovdError } from '@medkit/contract';
import { type EntitiesChanged, type EntityLists, errorMessage, quotaBlock, type RuntimeHealth } from '@medkit/core';
import { definePlugin, PLUGIN_API_VERSION, type PluginContext, type PluginParts, type RosAccess } from '@medkit/plugin';
import { followGraph, type TopicSample } from '@medkit/ros2';
import Type from 'typebox';
import { DiagnosticCache } from './figures/diagnostic-cache.ts';
import { Measurement } from './figures/measurement.ts';
import { GRAPH_RESOURCE, graphRoutes, graphSampler } from './graph-routes.ts';
import { LastSeen } from './graphs/last-seen.ts';
import { PipelineGraphs } from './graphs/pipeline-graphs.ts';
import { type GraphOptions, readGraphOptions } from './options/graph-options.ts';
import { DIAGNOSTICS_TOPIC } from './topology/excluded-topics.ts';
import { PipelineTopology } from './topology/pipeline-topology.ts';

const OBSERVER = 'medkit_pipeline_graph';
/** Interval at which permanent measurements are renewed before they expire and new topics are found. */
const KEEP_MEASURING_MS = 10_000;

/** The pipeline graph of every function, component and area: `x-medkit-graph`. */
export const plugin = definePlugin({
  apiVersion: PLUGIN_API_VERSION,
  name: 'graph-provider',
  // Validated in code: each invalid option is reported, and the others apply.
  options: Type.Record(Type.String(), Type.Unknown()),
  setup: async (context) => {
    const options = readGraphOptions(context.options);
    for (const warning of options.warnings) context.log('warn', warning);
    return context.ros ? open(context, context.ros, options) : withoutRos(context, options);
  },
});

async function open(context: PluginContext, ros: RosAccess, options: GraphOptions): Promise<PluginParts> {
  const { clock, log, entities } = context;
  const failed = (what: string) => (error: unknown) => log('warn', `${what}: ${errorMessage(error)}`);
  const topology = new PipelineTopology();
  const unfollow = await followGraph(ros, {
    begin: (graph) => topology.replace(graph),
    change: (diff) => topology.apply(diff, clock.monotonicMs()),
  });
  const node = await ros.node({ name: OBSERVER });
  const diagnostics = new DiagnosticCache();
  await node.subscribe({
    topic: DIAGNOSTICS_TOPIC,
    type: 'diagnostic_msgs/msg/DiagnosticArray',
    onSample: ({ message, gid }: TopicSample) => {
      if (message) diagnostics.take(message, topology.monitorOf(gid), clock.monotonicMs());
    },
  });
  const measurement = new Measurement({ node, ros, clock, log, limits: options.limits });
  const lastSeen = new LastSeen();
  const graphs = new PipelineGraphs({
    entities,
    topology,
    diagnostics,
    measurement,
    observer: node.fqn,
    lastSeen,
    options,
    clock,
  });
  context.onEntitiesChange((change) => {
    if (touchesScopes(change)) context.changed();
    entities()
      .then(({ apps }) => lastSeen.update(apps, clock.wallMs()))
      .catch(failed('Cannot check for apps that have disappeared'));
  });
  const keeping = options.measuresAlways
    ? clock.every(KEEP_MEASURING_MS, () => graphs.keepMeasuring().catch(failed('Cannot continue the measurement')))
    : undefined;
  return {
    contribution: async () => ({ additions: withGraphs(await entities()) }),
    routes: graphRoutes(graphs, clock),
    samplers: { [GRAPH_RESOURCE]: graphSampler(graphs) },
    health: async () => ({
      ...healthOf(options),
      blocks: {
        ...quotaBlock({ diagnosed_topics: diagnostics }),
        'x-medkit-pipeline-graph': {
          measured_topics: measurement.size,
          topics_left_alone: measurement.leftAlone,
          diagnosed_topics: diagnostics.size,
        },
      },
    }),
    stop: async () => {
      keeping?.cancel();
      unfollow();
      measurement.stop();
      await node.close();
    },
  };
}

/** Without a ROS graph there are no pipelines; the routes return an error. */
function withoutRos({ clock }: PluginContext, options: GraphOptions): PluginParts {
  const refuse = (): never => {
    throw new SovdError({ code: 'service-unavailable', message: 'This gateway has not joined a ROS 2 graph' });
  };
  const graphs = { graph: async () => refuse(), isSettled: async () => refuse() };
  return {
    routes: graphRoutes(graphs, clock),
    samplers: { [GRAPH_RESOURCE]: graphSampler(graphs) },
    health: async () => healthOf(options),
  };
}

function healthOf({ warnings }: GraphOptions): RuntimeHealth {
  return { warnings: warnings.map((message) => ({ code: 'pipeline_graph_option', message })), blocks: {} };
}

/** Returns whether the set of entities with a graph has changed. */
function touchesScopes({ added, removed }: EntitiesChanged): boolean {
  return [...added, ...removed].some(({ kind }) => kind !== 'app');
}

/** Adds the graph as a capability to every entity that has one. */
function withGraphs({ areas, components, functions }: EntityLists): Partial<EntityLists> {
  // Empty texts: other runtimes name these entities.
  const added = { name: '', source: '', capabilities: [GRAPH_RESOURCE] };
  return {
    areas: areas.map(({ id }) => ({ kind: 'area', id, ...added })),
    components: components.map(({ id }) => ({ kind: 'component', id, ...added })),
    functions: functions.map(({ id }) => ({ kind: 'function', id, hosts: [], ...added })),
  };
}
