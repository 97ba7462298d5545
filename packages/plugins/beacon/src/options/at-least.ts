/** An option's value, or the least that it may be where it is less, which `notice` is told of. */
export function atLeast(name: string, value: number, least: number, notice: (message: string) => void): number {
  if (value >= least) return value;
  notice(`${name}: ${value} is too little; ${least} counts`);
  return least;
}
