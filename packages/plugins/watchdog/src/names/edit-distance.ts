/**
 * Returns the Levenshtein distance of two texts if it is at most `budget`; otherwise `undefined`. Takes time
 * proportional to length times budget.
 */
export function editDistance(a: string, b: string, budget: number): number | undefined {
  if (Math.abs(a.length - b.length) > budget) return undefined;
  if (a === b) return 0;
  const beyond = budget + 1;
  let previous = Array.from({ length: b.length + 1 }, (_, index) => Math.min(index, beyond));
  for (let row = 1; row <= a.length; row++) {
    const current = new Array<number>(b.length + 1).fill(beyond);
    if (row <= budget) current[0] = row;
    let least = current[0] as number;
    for (let column = Math.max(1, row - budget); column <= Math.min(b.length, row + budget); column++) {
      const replaced = (previous[column - 1] as number) + (a[row - 1] === b[column - 1] ? 0 : 1);
      const cost = Math.min(replaced, (previous[column] as number) + 1, (current[column - 1] as number) + 1, beyond);
      current[column] = cost;
      least = Math.min(least, cost);
    }
    if (least > budget) return undefined;
    previous = current;
  }
  const distance = previous[b.length] as number;
  return distance <= budget ? distance : undefined;
}
