import { namePatterns } from '../processes/name-pattern.ts';
import type { ListedProcess, ProcessTable } from '../processes/process-table.ts';

/** Processes that are apps, whatever the names mean: a pattern can fit everything that runs. */
const MAX_CHOSEN = 256;

export interface Choice {
  /** Names, or patterns of them (`globs`). */
  readonly names: readonly string[];
  /** How many more, by processor time since the last look at them. */
  readonly top: number;
}

/** The processes that a configuration means, in the order in which they were started. */
export function chosenProcesses(table: ProcessTable, { names, top }: Choice): readonly ListedProcess[] {
  const isMeant = namePatterns(names);
  // Threads of the kernel are no programs, and a zombie is no more than an exit code that nobody has read.
  const programs = [...table.values()].filter(({ args, state }) => args.length > 0 && state !== 'Z');
  const named = programs.filter(isMeant);
  const busiest = programs
    .filter((process) => (process.percent ?? 0) > 0 && !isMeant(process))
    .sort((a, b) => (b.percent ?? 0) - (a.percent ?? 0) || a.id - b.id)
    .slice(0, top);
  return [...named, ...busiest].sort((a, b) => a.startTicks - b.startTicks || a.id - b.id).slice(0, MAX_CHOSEN);
}
