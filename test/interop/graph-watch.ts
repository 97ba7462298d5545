import type { Graph, RosAdapter } from '@medkit/ros2';

/**
 * Waits until `holds` returns a value for the adapter's graph, evaluated at every change. Rejects after `withinMs` with
 * `what` and the last graph.
 */
export async function untilGraph<T>(
  adapter: RosAdapter,
  what: string,
  holds: (graph: Graph) => T | undefined | false,
  withinMs = 10_000,
): Promise<T> {
  const deadline = performance.now() + withinMs;
  let changed = Promise.withResolvers<void>();
  const stop = adapter.onGraphChange(() => changed.resolve());
  try {
    for (;;) {
      const graph = await adapter.graph();
      const answer = holds(graph);
      if (answer !== undefined && answer !== false) return answer;
      const leftMs = deadline - performance.now();
      if (leftMs <= 0) throw new Error(`${what} did not come about within ${withinMs} ms in:\n${outline(graph)}`);
      await Promise.race([changed.promise, timeout(leftMs)]);
      changed = Promise.withResolvers<void>();
    }
  } finally {
    stop();
  }
}

function timeout(delayMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, delayMs).unref());
}

function outline({ participants, nodes, endpoints }: Graph): string {
  return [
    ...participants.map(({ vendor, guidPrefix }) => `participant ${guidPrefix} ${vendor}`),
    ...nodes.map(({ fqn }) => `node ${fqn}`),
    ...endpoints.map(({ role, name, type, node }) => `${role} ${name} ${type} of ${node}`),
  ].join('\n');
}
