/** Returns whether a code matches one of the patterns. */
export type CodeMatcher = (code: string) => boolean;

/** Matches one pattern, in which `*` stands for any characters, also none. Costs at most one search per part. */
function wildcard(pattern: string): CodeMatcher {
  const parts = pattern.split('*');
  const first = parts[0];
  const last = parts[parts.length - 1];
  const between = parts.slice(1, -1);
  return (code) => {
    if (code.length < first.length + last.length || !code.startsWith(first) || !code.endsWith(last)) return false;
    const end = code.length - last.length;
    let from = first.length;
    for (const part of between) {
      const found = code.indexOf(part, from);
      if (found < 0 || found + part.length > end) return false;
      from = found + part.length;
    }
    return true;
  };
}

/** Compiles patterns of fault codes, such as `MOTOR_COMM_*`. An empty list matches nothing. */
export function codeMatcher(patterns: readonly string[]): CodeMatcher {
  const exact = new Set(patterns.filter((pattern) => !pattern.includes('*')));
  const wildcards = patterns.filter((pattern) => pattern.includes('*')).map(wildcard);
  return (code) => exact.has(code) || wildcards.some((matches) => matches(code));
}
