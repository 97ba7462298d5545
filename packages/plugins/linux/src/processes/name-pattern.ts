import { globs } from '@medkit/core/discovery';
import { programName } from './command-line.ts';
import type { ListedProcess } from './process-table.ts';

/** Whether a process is meant by one of these names (`globs`). Threads of the kernel never are. */
export function namePatterns(patterns: readonly string[]): (process: ListedProcess) => boolean {
  const isMeant = globs(patterns);
  return ({ name, args }) => args.length > 0 && (isMeant(name) || isMeant(programName(args) ?? name));
}
