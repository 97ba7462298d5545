/**
 * Returns the ids on one cycle of the graph, with the first repeated at the end; `undefined` if there is none. Visits
 * each node once.
 */
export function findCycle(edges: ReadonlyMap<string, readonly string[]>): readonly string[] | undefined {
  const done = new Set<string>();
  for (const start of edges.keys()) {
    const path: string[] = [];
    const onPath = new Set<string>();
    // An explicit stack: recursion would overflow with chains of thousands.
    const stack: { readonly id: string; next: number }[] = [];
    const enter = (id: string): void => {
      path.push(id);
      onPath.add(id);
      stack.push({ id, next: 0 });
    };
    if (!done.has(start)) enter(start);
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      const target = edges.get(top.id)?.[top.next++];
      if (target === undefined) {
        done.add(top.id);
        onPath.delete(top.id);
        path.pop();
        stack.pop();
      } else if (onPath.has(target)) return [...path.slice(path.indexOf(target)), target];
      else if (edges.has(target) && !done.has(target)) enter(target);
    }
  }
  return undefined;
}
