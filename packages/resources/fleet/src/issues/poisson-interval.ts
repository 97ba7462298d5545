/** Counts up to which the interval is exact; beyond, the approximation of Wilson and Hilferty differs by less than 0.1 %. */
const EXACT = 200;
/** Each side excludes 5 %. */
const TAIL = 0.05;
/** The standard normal quantile of 95 %. */
const Z = 1.6449;

/**
 * Returns the 90 % interval of the mean of a Poisson distribution of which one count is known (Garwood 1936): outside,
 * a count as low or as high has a probability below 5 %.
 */
export function poissonInterval(count: number): { readonly low: number; readonly high: number } {
  if (count > EXACT) return { low: approximation(count, -Z), high: approximation(count + 1, Z) };
  const low = count === 0 ? 0 : solve((mean) => 1 - atMost(count - 1, mean) < TAIL, count);
  return { low, high: solve((mean) => atMost(count, mean) > TAIL, count) };
}

const approximation = (count: number, z: number): number =>
  count * (1 - 1 / (9 * count) + z / (3 * Math.sqrt(count))) ** 3;

/** Probability of at most `count` events. */
function atMost(count: number, mean: number): number {
  let term = Math.exp(-mean);
  let sum = term;
  for (let event = 1; event <= count; event += 1) {
    term *= mean / event;
    sum += term;
  }
  return sum;
}

/** Returns the mean up to which `isBelow` is true. */
function solve(isBelow: (mean: number) => boolean, count: number): number {
  let [low, high] = [0, 2 * count + 20];
  for (let step = 0; step < 60; step += 1) {
    const middle = (low + high) / 2;
    if (isBelow(middle)) low = middle;
    else high = middle;
  }
  return low;
}
