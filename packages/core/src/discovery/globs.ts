/** Returns whether a text matches one of several patterns. `*` matches any number of characters, `?` exactly one. */
export type Globs = (text: string) => boolean;

export function globs(patterns: readonly string[]): Globs {
  const exact = new Set(patterns.filter((pattern) => !/[*?]/.test(pattern)));
  const wild = patterns.filter((pattern) => /[*?]/.test(pattern));
  return (text) => exact.has(text) || wild.some((pattern) => fits(pattern, text));
}

/** Takes time proportional to the product of both lengths, whatever the pattern. */
function fits(pattern: string, text: string): boolean {
  let at = 0;
  let star = -1;
  let starText = 0;
  let inText = 0;
  while (inText < text.length) {
    if (pattern[at] === '*') {
      star = at++;
      starText = inText;
    } else if (pattern[at] === '?' || pattern[at] === text[inText]) {
      at++;
      inText++;
    } else if (star >= 0) {
      at = star + 1;
      inText = ++starText;
    } else return false;
  }
  while (pattern[at] === '*') at++;
  return at === pattern.length;
}
