/** Reads one resource of the gateway's API as JSON. */
export type ReadResource = (path: string) => Promise<unknown>;

interface Collection {
  readonly items: readonly { readonly id: string }[];
}

interface Health {
  readonly warnings?: readonly { readonly message: string }[];
}

/** Topics of this host: the data of its component, which all nodes are located on. */
async function countTopics(read: ReadResource): Promise<number> {
  const components = (await read('/components')) as Collection;
  const lists = await Promise.all(
    components.items.map(async ({ id }) => (await read(`/components/${id}/data`)) as Collection),
  );
  return new Set(lists.flatMap(({ items }) => items.map(({ id }) => id))).size;
}

export interface GraphSummary {
  readonly nodes: number;
  readonly topics: number;
  /** A node to try a request with. */
  readonly example: string | undefined;
  /** What keeps things from being seen, one sentence or two each. */
  readonly warnings: readonly string[];
}

/** What the gateway has seen of the graph so far, as its own API tells. */
export async function summariseGraph(read: ReadResource): Promise<GraphSummary> {
  const [apps, health] = (await Promise.all([read('/apps'), read('/health')])) as [Collection, Health];
  return {
    nodes: apps.items.length,
    topics: apps.items.length > 0 ? await countTopics(read) : 0,
    example: apps.items[0]?.id,
    warnings: (health.warnings ?? []).map(({ message }) => message),
  };
}

const count = (number: number, noun: string) => `${number} ${noun}${number === 1 ? '' : 's'}`;

/** The summary as lines for a person. */
export function summaryLines({ nodes, topics, example, warnings }: GraphSummary, url: string): readonly string[] {
  const heard =
    example === undefined
      ? ['No node has been heard yet; what comes later will appear by itself.']
      : [
          `Heard ${count(nodes, 'node')} and ${count(topics, 'topic')}. Try:`,
          `  curl ${url}/api/v1/apps/${example}/data`,
        ];
  return [...heard, ...warnings.map((warning) => `  - ${warning}`)];
}
