import { globs } from '@medkit/core/discovery';
import { programName } from './command-line.ts';
import type { ListedProcess } from './process-table.ts';

/** Returns a predicate for processes with one of these names (`globs`). It never matches kernel threads. */
export function namePatterns(patterns: readonly string[]): (process: ListedProcess) => boolean {
  const matches = globs(patterns);
  return ({ name, args }) => args.length > 0 && (matches(name) || matches(programName(args) ?? name));
}
