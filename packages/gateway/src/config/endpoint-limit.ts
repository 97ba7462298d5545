/** Matches one path segment: `*`. */
export const ANY_SEGMENT = Symbol('*');
/** Matches any number of path segments, or none: `**`. */
const ANY_SEGMENTS = Symbol('**');

/** A segment of a path pattern, percent-decoded. */
export type Segment = string | typeof ANY_SEGMENT | typeof ANY_SEGMENTS;

/** A rate limit of the paths that match a pattern. */
export interface EndpointLimit {
  /** As configured. */
  readonly pattern: string;
  readonly segments: readonly Segment[];
  readonly perMinute: number;
}

const MAX_SEGMENTS = 32;
/** Maximum `**` in a pattern: each multiplies the ways in which a path can match. */
const MAX_ANY_SEGMENTS = 3;
const MAX_PER_MINUTE = 2_147_483_647;

/**
 * Parses `pattern:requests a minute`, an entry of `rate_limiting.endpoint_limits`. Returns `undefined` if it is
 * invalid.
 */
export function endpointLimit(entry: string): EndpointLimit | undefined {
  const [, pattern = '', figures] = /^(\/.*):\s*(\d{1,10})\s*$/.exec(entry) ?? [];
  const segments = segmentsOf(pattern);
  const perMinute = Number(figures);
  if (segments === undefined || !(perMinute >= 1 && perMinute <= MAX_PER_MINUTE)) return undefined;
  return { pattern, segments, perMinute };
}

function segmentsOf(pattern: string): readonly Segment[] | undefined {
  const texts = pattern.split('/').filter((text) => text !== '');
  const open = texts.filter((text) => text === '**').length;
  if (texts.length === 0 || texts.length > MAX_SEGMENTS || open > MAX_ANY_SEGMENTS) return undefined;
  try {
    return texts.map((text) => {
      if (text === '*') return ANY_SEGMENT;
      return text === '**' ? ANY_SEGMENTS : decodeURIComponent(text);
    });
  } catch {
    // The percent-encoding is invalid.
    return undefined;
  }
}

/** Returns whether a path exists that matches both arguments, each a path or a pattern. */
export function meets(one: readonly Segment[], other: readonly Segment[], at = 0, otherAt = 0): boolean {
  const [segment, opposite] = [one[at], other[otherAt]];
  if (segment === ANY_SEGMENTS) {
    if (meets(one, other, at + 1, otherAt)) return true;
    return otherAt < other.length && meets(one, other, at, otherAt + 1);
  }
  if (opposite === ANY_SEGMENTS) return meets(other, one, otherAt, at);
  if (segment === undefined || opposite === undefined) return segment === opposite;
  if (segment !== opposite && segment !== ANY_SEGMENT && opposite !== ANY_SEGMENT) return false;
  return meets(one, other, at + 1, otherAt + 1);
}
