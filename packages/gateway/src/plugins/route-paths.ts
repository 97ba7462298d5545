/** Returns the segments of a path template; a parameter is in braces. */
export function segmentsOf(path: string): readonly string[] {
  return path.split('/').slice(1);
}

/** Returns the parameter name of a segment; `undefined` if the segment is fixed. */
export function parameterIn(segment: string): string | undefined {
  return /^\{(\w{1,64})\}$/.exec(segment)?.[1];
}

/** A path template, and the parameters that span the rest of a path. */
export interface PathPattern {
  readonly path: string;
  readonly spanning: ReadonlySet<string>;
}

/** Returns whether a URL exists that matches both patterns: such routes would take requests from each other. */
export function overlap(a: PathPattern, b: PathPattern): boolean {
  const [left, right] = [segmentsOf(a.path), segmentsOf(b.path)];
  for (const index of Array(Math.max(left.length, right.length)).keys()) {
    const [one, other] = [left[index], right[index]];
    if (spans(a, one) && other !== undefined) return true;
    if (spans(b, other) && one !== undefined) return true;
    if (one === undefined || other === undefined) return false;
    if (one !== other && parameterIn(one) === undefined && parameterIn(other) === undefined) return false;
  }
  return true;
}

function spans({ spanning }: PathPattern, segment: string | undefined): boolean {
  const name = segment === undefined ? undefined : parameterIn(segment);
  return name !== undefined && spanning.has(name);
}
