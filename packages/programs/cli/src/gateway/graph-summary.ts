import type { Client } from '@medkit/client';
import type { AppListItem } from '@medkit/contract';
import { plainLine } from '../terminal/display-width.ts';

/** Counts the distinct topics of all components. */
async function countTopics(client: Client): Promise<number> {
  const { items: components } = await client.call('listEntities', { kind: 'component' });
  const lists = await Promise.all(
    components.map(({ id }) => client.call('listData', { entity: { kind: 'component', id } })),
  );
  return new Set(lists.flatMap(({ items }) => items.map(({ id }) => id))).size;
}

export interface GraphSummary {
  readonly nodes: number;
  readonly topics: number;
  /** App for the sample request; undefined if none is online. */
  readonly example: string | undefined;
  /** Health warnings about missing data. */
  readonly warnings: readonly string[];
}

/** Summarizes what the gateway has discovered so far, using its own API. */
export async function summariseGraph(client: Client): Promise<GraphSummary> {
  const [apps, health] = await Promise.all([
    client.call('listEntities', { kind: 'app' }),
    client.call('getHealth', {}),
  ]);
  // Apps of a manifest are listed even if their nodes are offline.
  const online = (apps.items as readonly AppListItem[]).filter((app) => app['x-medkit']?.is_online);
  return {
    nodes: online.length,
    topics: online.length > 0 ? await countTopics(client) : 0,
    example: online[0]?.id,
    warnings: health.warnings.map(({ message }) => message),
  };
}

const count = (number: number, noun: string) => `${number} ${noun}${number === 1 ? '' : 's'}`;

/** The summary as text. Without a ROS graph it counts apps instead of nodes. */
export function summaryLines(
  { nodes, topics, example, warnings }: GraphSummary,
  url: string,
  hasGraph = true,
): readonly string[] {
  const seen = hasGraph
    ? `Discovered ${count(nodes, 'node')} and ${count(topics, 'topic')}.`
    : `Serving ${count(nodes, 'app')}.`;
  const nothing = hasGraph
    ? 'No node discovered yet. Nodes that start later appear automatically.'
    : 'No plugin and no manifest provides an app that is online.';
  const intro = example === undefined ? [nothing] : [`${seen} Try:`, `  curl ${url}/api/v1/apps/${example}/data`];
  return [...intro, ...warnings.map((warning) => `  - ${plainLine(warning)}`)];
}
