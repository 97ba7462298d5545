import { counter, type Family, type ReadFamily, type Series } from './family.ts';
import type { Distribution } from './histogram.ts';

/** Maximum series of one exposition: Prometheus stores each for the whole retention, and a robot has some hundred. */
export const MAX_SERIES = 10_000;

/** The series of a family at one moment. */
export type Exposed =
  | { readonly family: ReadFamily<never>; readonly series: readonly Series[] }
  | {
      readonly family: Family<never> & { readonly type: 'histogram' };
      readonly bounds: readonly number[];
      readonly sets: readonly Distribution[];
    };

/** Reads families within the limits, and counts the series that exceed them. */
export interface Exposition<Source> {
  read(source: Source): readonly Exposed[];
}

/**
 * Opens the exposition of a table of families. A family gets at most its `maxSeries`, and all together `maxSeries`;
 * families earlier in the table come first. `medkit_metrics_series_dropped_total` counts what is left out, once per
 * exposition.
 */
export function openExposition<Source>(
  families: readonly Family<Source>[],
  maxSeries = MAX_SERIES,
): Exposition<Source> {
  const dropped = new Map<string, number>();
  const droppedFamily = counter<ReadonlyMap<string, number>, 'family'>({
    name: 'medkit_metrics_series_dropped',
    help: 'Series that were left out of an exposition, or observations that were not counted, because of a limit.',
    labels: ['family'],
    maxSeries: families.length,
    read: (counts) => Array.from(counts, ([family, value]) => ({ labels: { family }, value })),
  });
  const drop = (family: string, count: number) => {
    if (count > 0) dropped.set(family, (dropped.get(family) ?? 0) + count);
  };

  return {
    read: (source) => {
      let free = maxSeries;
      /** Observations that histograms have not counted so far; a histogram counts them itself. */
      const uncounted = new Map<string, number>();
      const exposed = families.map((family): Exposed => {
        const { name } = family;
        if (family.type === 'histogram') {
          const histogram = family.histogram(source);
          if (histogram.dropped > 0) uncounted.set(name, histogram.dropped);
          const all = [...histogram.sets];
          // Each label set has a series for every bucket, the infinite bucket, the sum and the count.
          const perSet = histogram.bounds.length + 3;
          const sets = all.slice(0, Math.floor(free / perSet));
          free -= sets.length * perSet;
          drop(name, (all.length - sets.length) * perSet);
          return { family, bounds: histogram.bounds, sets };
        }
        const all = family.read(source);
        const series = all.slice(0, Math.min(family.maxSeries, free));
        free -= series.length;
        drop(name, all.length - series.length);
        return { family, series };
      });
      const counts = new Map(dropped);
      for (const [name, count] of uncounted) counts.set(name, (counts.get(name) ?? 0) + count);
      return [...exposed, { family: droppedFamily, series: droppedFamily.read(counts) }];
    },
  };
}
