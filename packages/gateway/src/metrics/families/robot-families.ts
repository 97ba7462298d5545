import { ENTITY_KINDS, LOCAL } from '@medkit/core';
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
    name: 'medkit_watched_topics',
    help: 'Topics whose values clients, triggers or thresholds follow.',
    labels: [],
    maxSeries: 1,
    read: ({ health }) => single(figureAt(health, 'x-medkit-data-provider', 'watched_topics')),
  }),
];
