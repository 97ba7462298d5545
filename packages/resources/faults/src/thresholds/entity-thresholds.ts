import { type DebounceBand, sanitizeBand } from '../debounce/debounce-band.ts';

/** An override; absent fields have the global values. */
export type BandOverride = Partial<DebounceBand>;

/** The band of a source. */
export interface ResolvedBand {
  readonly band: DebounceBand;
  /** The prefix of its override; absent if the global band applies. */
  readonly prefix?: string;
}

/** Bands by prefix of the source. */
export interface EntityThresholds {
  /** Number of prefixes. */
  readonly size: number;
  /** As written, by normalized prefix. */
  readonly overrides: ReadonlyMap<string, BandOverride>;
  /**
   * Returns the band of the longest prefix of `source` that ends at a segment: `/sensors/lid` does not match
   * `/sensors/lidar`.
   */
  of(source: string): ResolvedBand;
}

/** Normalizes a prefix: `/a/` is `/a`, and `/` matches everything that begins with a slash. */
export function normalizedPrefix(prefix: string): string {
  return prefix.replace(/\/+$/, '');
}

/** Creates the thresholds from overrides by normalized prefix, each completed from the global band. */
export function entityThresholds(
  global: DebounceBand,
  overrides: ReadonlyMap<string, BandOverride> = new Map(),
): EntityThresholds {
  const everywhere: ResolvedBand = { band: sanitizeBand(global) };
  const resolved = new Map(
    [...overrides].map(([prefix, override]): [string, ResolvedBand] => [
      prefix,
      { band: sanitizeBand({ ...global, ...override }), prefix: prefix === '' ? '/' : prefix },
    ]),
  );
  return {
    size: resolved.size,
    overrides,
    of: (source) => {
      if (resolved.size === 0) return everywhere;
      // Shortens the source by a segment at a time; the first match is the longest prefix.
      for (let end = source.length; end >= 0; end = end === 0 ? -1 : source.lastIndexOf('/', end - 1)) {
        const found = resolved.get(source.slice(0, end));
        if (found !== undefined) return found;
      }
      return everywhere;
    },
  };
}
