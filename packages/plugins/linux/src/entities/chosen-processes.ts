import { namePatterns } from '../processes/name-pattern.ts';
import type { ListedProcess, ProcessTable } from '../processes/process-table.ts';

/** Maximum processes that become apps: a pattern can match everything. */
const MAX_CHOSEN = 256;

export interface Choice {
  /** Names or patterns of names (`globs`). */
  readonly names: readonly string[];
  /** Number of additional processes, by processor time since the last survey. */
  readonly top: number;
}

/** Returns the processes selected by a configuration, ordered by start. */
export function chosenProcesses(table: ProcessTable, { names, top }: Choice): readonly ListedProcess[] {
  const isChosen = namePatterns(names);
  // Kernel threads are not programs, and a zombie has already ended.
  const programs = [...table.values()].filter(({ args, state }) => args.length > 0 && state !== 'Z');
  const named = programs.filter(isChosen);
  const busiest = programs
    .filter((process) => (process.percent ?? 0) > 0 && !isChosen(process))
    .sort((a, b) => (b.percent ?? 0) - (a.percent ?? 0) || a.id - b.id)
    .slice(0, top);
  return [...named, ...busiest].sort((a, b) => a.startTicks - b.startTicks || a.id - b.id).slice(0, MAX_CHOSEN);
}
