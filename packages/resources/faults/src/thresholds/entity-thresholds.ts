import { type DebounceBand, sanitizeBand } from '../debounce/debounce-band.ts';

/** What an override says; what it leaves out is as it is for all. */
export type BandOverride = Partial<DebounceBand>;

/** The band of a source. */
export interface ResolvedBand {
  readonly band: DebounceBand;
  /** The prefix whose override gave it; none where that of all sources holds. */
  readonly prefix?: string;
}

/** Bands by prefix of the source. */
export interface EntityThresholds {
  /** Number of prefixes. */
  readonly size: number;
  /** The band of the longest prefix of `source` that ends where a segment of it ends: `/sensors/lid` is none of `/sensors/lidar`. */
  of(source: string): ResolvedBand;
}

/** A prefix as it is compared: `/a/` means `/a`, and `/` all that begins with a slash. */
export function normalizedPrefix(prefix: string): string {
  return prefix.replace(/\/+$/, '');
}

/** Overrides by normalized prefix, each completed from the band of all sources. */
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
    of: (source) => {
      if (resolved.size === 0) return everywhere;
      // From the whole source backwards, a segment at a time: the first that is found is the longest.
      for (let end = source.length; end >= 0; end = end === 0 ? -1 : source.lastIndexOf('/', end - 1)) {
        const found = resolved.get(source.slice(0, end));
        if (found !== undefined) return found;
      }
      return everywhere;
    },
  };
}
