import type { ChartSeries } from './chart-series.ts';

type Samples = ChartSeries['samples'];

/** More of them in one line than this are not told apart on any screen. */
const MAX_DRAWN = 4000;

/**
 * At most `most` samples that look like all: of each stretch of time the least and the greatest value are kept, so that no peak is
 * lost; gaps, values that are no numbers, stay.
 */
export function thinSamples(samples: Samples, most = MAX_DRAWN): Samples {
  if (samples.length <= most) return samples;
  const stretches = Math.max(1, Math.floor((most - 2) / 2));
  const first = samples[0]!;
  const last = samples.at(-1)!;
  const spanMs = (last[0] - first[0]) / stretches || 1;
  const kept: (readonly [number, number])[] = [first];
  for (let at = 1; at < samples.length - 1; ) {
    const stretch = Math.floor((samples[at]![0] - first[0]) / spanMs);
    let [least, greatest] = [at, at];
    for (; at < samples.length - 1 && Math.floor((samples[at]![0] - first[0]) / spanMs) === stretch; at += 1) {
      const value = samples[at]![1];
      if (!(value >= samples[least]![1])) least = at;
      if (!(value <= samples[greatest]![1])) greatest = at;
    }
    for (const place of [...new Set([least, greatest])].sort((a, b) => a - b)) kept.push(samples[place]!);
  }
  kept.push(last);
  return kept;
}

/** Every so-manieth sample, for a table of at most `most` rows, the last one with them. */
export function everySo(samples: Samples, most: number): Samples {
  if (samples.length <= most) return samples;
  const step = (samples.length - 1) / (most - 1);
  return Array.from({ length: most }, (_, row) => samples[Math.round(row * step)]!);
}
