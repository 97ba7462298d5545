import type { ChartSeries, Sample } from './chart-series.ts';

type Samples = ChartSeries['samples'];

/** Maximum samples drawn in one line; no screen can show more. */
const MAX_DRAWN = 4000;

/**
 * Reduces samples to at most `most` without changing how they look. Keeps the minimum and maximum of each interval, so
 * that no peak is lost, and keeps gaps (values that are not numbers).
 */
export function thinSamples(samples: Samples, most = MAX_DRAWN): Samples {
  if (samples.length <= most) return samples;
  const stretches = Math.max(1, Math.floor((most - 2) / 2));
  const first = samples[0]!;
  const last = samples.at(-1)!;
  const spanMs = (last[0] - first[0]) / stretches || 1;
  const thinned: Sample[] = [first];
  for (let at = 1; at < samples.length - 1; ) {
    const stretch = Math.floor((samples[at]![0] - first[0]) / spanMs);
    let [least, greatest] = [at, at];
    for (; at < samples.length - 1 && Math.floor((samples[at]![0] - first[0]) / spanMs) === stretch; at += 1) {
      const value = samples[at]![1];
      if (!(value >= samples[least]![1])) least = at;
      if (!(value <= samples[greatest]![1])) greatest = at;
    }
    for (const place of [...new Set([least, greatest])].sort((a, b) => a - b)) thinned.push(samples[place]!);
  }
  thinned.push(last);
  return thinned;
}

/** Selects at most `most` evenly spaced samples, including the first and the last. */
export function pickEvenly(samples: Samples, most: number): Samples {
  if (samples.length <= most) return samples;
  const step = (samples.length - 1) / (most - 1);
  return Array.from({ length: most }, (_, row) => samples[Math.round(row * step)]!);
}
