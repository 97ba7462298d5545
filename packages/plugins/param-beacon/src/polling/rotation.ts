/** Returns the order of a round: sorted, starting at the first node not before `start`, then wrapping around. */
export function roundFrom(start: string, nodes: Iterable<string>): readonly string[] {
  const sorted = [...nodes].sort();
  const at = sorted.findIndex((node) => node >= start);
  return at <= 0 ? sorted : [...sorted.slice(at), ...sorted.slice(0, at)];
}

/**
 * Returns where the next round starts: at the first node that this round did not reach, so that every node is polled
 * even with a small budget; one further if all were reached.
 */
export function nextStart(order: readonly string[], reached: number): string {
  return (reached < order.length ? order[reached] : order[1]) ?? '';
}
