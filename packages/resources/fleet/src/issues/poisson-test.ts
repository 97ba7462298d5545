/**
 * Returns the one-sided p-value of the exact conditional test that two Poisson counts have one rate: given their sum,
 * the first one is binomial with the share of its exposure (Przyborowski and Wilenski, 1940).
 * @param count events in `exposure`; integers and times of any unit, both exposures above 0
 */
export function rateTest(
  { count, exposure }: { readonly count: number; readonly exposure: number },
  other: { readonly count: number; readonly exposure: number },
): number {
  const total = count + other.count;
  const share = exposure / (exposure + other.exposure);
  // The largest term first: the others are ratios of it, so that no power underflows to a sum of 0.
  let term = Math.exp(logChoose(total, count) + count * Math.log(share) + (total - count) * Math.log1p(-share));
  let sum = 0;
  for (let k = count; k <= total; k += 1) {
    sum += term;
    term *= ((total - k) / (k + 1)) * (share / (1 - share));
  }
  return Math.min(1, sum);
}

/** Natural logarithm of the binomial coefficient. */
function logChoose(n: number, k: number): number {
  let sum = 0;
  const least = Math.min(k, n - k);
  for (let i = 1; i <= least; i += 1) sum += Math.log(n - least + i) - Math.log(i);
  return sum;
}
