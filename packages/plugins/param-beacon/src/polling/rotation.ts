/** The order of a round: sorted, from the first node at or behind `start` on, and round to those before it. */
export function roundFrom(start: string, nodes: Iterable<string>): readonly string[] {
  const sorted = [...nodes].sort();
  const at = sorted.findIndex((node) => node >= start);
  return at <= 0 ? sorted : [...sorted.slice(at), ...sorted.slice(0, at)];
}

/**
 * Where the next round starts: at the first node that this one did not get to, so that each has its turn however few a
 * round gets to; one further than this one where it got to all.
 */
export function nextStart(order: readonly string[], reached: number): string {
  return (reached < order.length ? order[reached] : order[1]) ?? '';
}
