import { ENTITY_KINDS, LOCAL } from '@medkit/core';
import { GOAL_OUTCOMES, SERVICE_OUTCOMES } from '../event-counts.ts';
import { byLabel, counter, type Family, gauge, single } from '../family.ts';
import { figureAt, figuresAt, type MetricsSource } from '../metrics-source.ts';

/** Maximum apps with a series each: a robot has some hundred nodes. */
export const MAX_APPS = 500;
/** Maximum vendors of DDS, and reasons of dropped datagrams. */
const MAX_REASONS = 50;

/** The graph, its entities and the DDS network. Entities of other gateways are exported by their gateway. */
export const ROBOT_FAMILIES: readonly Family<MetricsSource>[] = [
  ...(['nodes', 'topics', 'services', 'actions'] as const).map((what) =>
    gauge<MetricsSource, never>({
      name: `medkit_${what}`,
      help: `ROS 2 ${what} in the graph, without those of medkit.`,
      labels: [],
      maxSeries: 1,
      read: ({ health }) => single(figureAt(health, 'x-medkit-dds', 'graph', what)),
    }),
  ),
  gauge({
    name: 'medkit_entities',
    help: 'Entities of the tree by type, including those of other gateways.',
    labels: ['type'],
    maxSeries: ENTITY_KINDS.length,
    read: ({ tree }) =>
      byLabel(
        'type',
        ENTITY_KINDS.map((kind) => [kind, tree.all(kind).length]),
      ),
  }),
  gauge({
    name: 'medkit_app_online',
    help: 'Whether the node or program of an app of this gateway runs.',
    labels: ['app_id'],
    maxSeries: MAX_APPS,
    read: ({ tree }) =>
      byLabel(
        'app_id',
        tree
          .all('app')
          .filter(({ origin = LOCAL }) => origin === LOCAL)
          .map(({ id, online }) => [id, online ? 1 : 0]),
      ),
  }),
  gauge({
    name: 'medkit_dds_participants',
    help: 'DDS participants that the gateway discovered, by vendor.',
    labels: ['vendor'],
    maxSeries: MAX_REASONS,
    read: ({ health }) => {
      const counts = new Map<string, number>();
      for (const { vendor, count } of health['x-medkit-dds']?.participants ?? [])
        counts.set(vendor, (counts.get(vendor) ?? 0) + count);
      return byLabel('vendor', counts);
    },
  }),
  counter({
    name: 'medkit_dds_datagrams',
    help: 'DDS datagrams by direction.',
    labels: ['direction'],
    maxSeries: 2,
    read: ({ health }) =>
      byLabel(
        'direction',
        ['received', 'sent'].map((direction) => [direction, figureAt(health, 'x-medkit-dds', 'datagrams', direction)]),
      ),
  }),
  counter({
    name: 'medkit_dds_send_failures',
    help: 'DDS datagrams that the system did not accept.',
    labels: [],
    maxSeries: 1,
    read: ({ health }) => single(figureAt(health, 'x-medkit-dds', 'datagrams', 'send_failures')),
  }),
  counter({
    name: 'medkit_dds_dropped',
    help: 'Received DDS datagrams and messages that were dropped, by the reason that GET /health names.',
    labels: ['reason'],
    maxSeries: MAX_REASONS,
    read: ({ health }) => byLabel('reason', figuresAt(health, 'x-medkit-dds', 'dropped')),
  }),
  gauge({
    name: 'medkit_ros_breaker_open',
    help: 'Nodes whose calls the gateway suspends because they failed repeatedly.',
    labels: [],
    maxSeries: 1,
    // `/health` names only runtimes with suspended calls.
    read: ({ health }) =>
      single(figureAt(health, 'x-medkit-suspended-calls', 'ros2') ?? (health['x-medkit-dds'] ? 0 : undefined)),
  }),
  {
    type: 'histogram',
    name: 'medkit_ros_service_call_duration_seconds',
    unit: 'seconds',
    help: 'Duration of calls of ROS services that are operations: ok, timeout, error, or refused (not sent).',
    labels: ['outcome'],
    maxSeries: SERVICE_OUTCOMES.length,
    histogram: ({ events }) => events.serviceCalls,
  },
  counter({
    name: 'medkit_action_goals',
    help: 'Goals of ROS actions that ended, whichever client sent them, of actions that a client of the gateway used.',
    labels: ['outcome'],
    maxSeries: GOAL_OUTCOMES.length,
    read: ({ events }) => byLabel('outcome', events.goals),
  }),
  counter({
    name: 'medkit_app_restarts',
    help: 'How often the node of an app appeared again after it was offline or missing, since the start of the gateway.',
    labels: ['app_id'],
    maxSeries: MAX_APPS,
    read: ({ events }) => byLabel('app_id', events.restarts()),
  }),
  gauge({
    name: 'medkit_qos_mismatches',
    help: 'Topics with a publisher and a subscription whose QoS does not match.',
    labels: [],
    maxSeries: 1,
    read: ({ health }) => single(figureAt(health, 'x-medkit-dds', 'qos_mismatches')),
  }),
  gauge({
    name: 'medkit_watched_topics',
    help: 'Topics whose values clients, triggers or thresholds follow.',
    labels: [],
    maxSeries: 1,
    read: ({ health }) => single(figureAt(health, 'x-medkit-data-provider', 'watched_topics')),
  }),
];
