/** Any one segment of a path: `*`. */
export const ANY_SEGMENT = Symbol('*');
/** Any number of segments, none among them: `**`. */
export const ANY_SEGMENTS = Symbol('**');

/** A segment of the pattern of a path, percent-decoded. */
export type Segment = string | typeof ANY_SEGMENT | typeof ANY_SEGMENTS;

/** How often somebody may ask for what lies on some paths. */
export interface EndpointLimit {
  /** As it was written. */
  readonly pattern: string;
  readonly segments: readonly Segment[];
  readonly perMinute: number;
}

const MAX_SEGMENTS = 32;
/** Each makes the ways more in which a path may meet a pattern. */
const MAX_ANY_SEGMENTS = 3;
const MAX_PER_MINUTE = 2_147_483_647;

/** Reads `pattern:requests a minute`, an entry of `rate_limiting.endpoint_limits`. `undefined` where it says no such thing. */
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
    // It is percent-encoded in no way that a path can be.
    return undefined;
  }
}

/** Whether there is a path that fits both of these, each a path or the pattern of one. */
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
