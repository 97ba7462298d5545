import { toEntityId } from '@medkit/core';
import type { ProcessRef } from '../proc/proc-folder.ts';
import { programName } from '../processes/command-line.ts';
import { isSame, type ListedProcess } from '../processes/process-table.ts';

/** Characters of a program's name that an id takes over. */
const MAX_NAME_LENGTH = 64;

/** Processes by the id of the app that each is. */
export type NamedProcesses = ReadonlyMap<string, ListedProcess>;

/**
 * Ids for processes: `process_chronyd` for the one that was started first, `process_chronyd_4711` for others of the name. A
 * process keeps its id for as long as it lives, so that nobody ends another one than was meant.
 */
export function processIds(
  processes: readonly ListedProcess[],
  before: ReadonlyMap<string, ProcessRef>,
): NamedProcesses {
  const ids = new Map<string, ListedProcess>();
  const unnamed = new Map(processes.map((process) => [process.id, process]));
  for (const [id, { id: processId, startTicks }] of before) {
    const process = unnamed.get(processId);
    if (!process || !isSame(process, { id: processId, startTicks })) continue;
    ids.set(id, process);
    unnamed.delete(processId);
  }
  for (const process of [...unnamed.values()].sort((a, b) => a.startTicks - b.startTicks || a.id - b.id)) {
    const name = `process_${toEntityId(shownName(process).slice(0, MAX_NAME_LENGTH))}`;
    // Another program may be called like the second one.
    const candidates = [name, `${name}_${process.id}`, `${name}_${process.id}_${process.startTicks}`];
    const id = candidates.find((candidate) => !ids.has(candidate));
    if (id !== undefined) ids.set(id, process);
  }
  return ids;
}

/** Name of its program; for one that gave itself a title the kernel's, which is cut to 15 characters. */
export function shownName({ name, args }: Pick<ListedProcess, 'name' | 'args'>): string {
  return programName(args) ?? name;
}
