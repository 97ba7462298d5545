/** Returns an option's value, raised to the minimum if it is lower; `notice` is called in that case. */
export function atLeast(name: string, value: number, least: number, notice: (message: string) => void): number {
  if (value >= least) return value;
  notice(`${name}: ${value} is too small; ${least} is used`);
  return least;
}
