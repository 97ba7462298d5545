import { programName } from './command-line.ts';
import type { ListedProcess } from './process-table.ts';

/** Whether a process is meant by one of these names, in which `*` stands for any characters. Threads of the kernel never are. */
export function namePatterns(patterns: readonly string[]): (process: ListedProcess) => boolean {
  const expressions = patterns.map((pattern) => {
    const parts = pattern.split(/\*+/).map((part) => part.replace(/[\\^$.|?+()[\]{}]/g, '\\$&'));
    return new RegExp(`^${parts.join('.*')}$`, 's');
  });
  return ({ name, args }) => {
    if (args.length === 0) return false;
    const program = programName(args) ?? name;
    return expressions.some((expression) => expression.test(name) || expression.test(program));
  };
}
