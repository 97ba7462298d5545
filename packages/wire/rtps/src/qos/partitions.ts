const isPattern = (name: string): boolean => /[*?[]/.test(name);

/**
 * Evaluates a bracket expression. `at` is the offset after the bracket. Returns whether it contains `character`, and
 * the offset after the expression.
 */
function matchBracket(pattern: string, at: number, character: string): { readonly hit: boolean; readonly end: number } {
  const negated = pattern[at] === '!' || pattern[at] === '^';
  let index = negated ? at + 1 : at;
  let found = false;
  for (let first = true; index < pattern.length && (first || pattern[index] !== ']'); first = false) {
    const low = pattern[index];
    const isRange = pattern[index + 1] === '-' && index + 2 < pattern.length && pattern[index + 2] !== ']';
    const high = isRange ? pattern[index + 2] : low;
    if (low <= character && character <= high) found = true;
    index += isRange ? 3 : 1;
  }
  return { hit: found !== negated, end: index + 1 };
}

/**
 * POSIX fnmatch: `*`, `?` and bracket expressions. Takes at most pattern × name steps for any input, because it
 * backtracks to the last star only.
 */
export function matchesPattern(pattern: string, name: string): boolean {
  let patternAt = 0;
  let nameAt = 0;
  let starAt = -1;
  let starName = 0;
  while (nameAt < name.length) {
    const token = pattern[patternAt];
    if (token === '*') {
      starAt = patternAt++;
      starName = nameAt;
      continue;
    }
    if (token === '[') {
      const { hit, end } = matchBracket(pattern, patternAt + 1, name[nameAt]);
      if (hit) {
        patternAt = end;
        nameAt += 1;
        continue;
      }
    } else if (token === '?' || token === name[nameAt]) {
      patternAt += 1;
      nameAt += 1;
      continue;
    }
    if (starAt < 0) return false;
    patternAt = starAt + 1;
    nameAt = ++starName;
  }
  while (pattern[patternAt] === '*') patternAt += 1;
  return patternAt === pattern.length;
}

function namesMatch(a: string, b: string): boolean {
  if (a === b) return true;
  // Two patterns never match each other (DDS 1.4, 2.2.3.13).
  if (isPattern(a)) return !isPattern(b) && matchesPattern(a, b);
  return isPattern(b) && matchesPattern(b, a);
}

/**
 * Returns whether two lists of partitions have one in common. An empty list means the partition with the empty name.
 */
export function partitionsMatch(a: readonly string[], b: readonly string[]): boolean {
  if (a.length === 0 && b.length === 0) return true;
  const left = a.length > 0 ? a : [''];
  const right = b.length > 0 ? b : [''];
  return left.some((one) => right.some((other) => namesMatch(one, other)));
}
