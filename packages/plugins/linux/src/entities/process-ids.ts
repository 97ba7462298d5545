import { toEntityId } from '@medkit/core';
import type { ProcessRef } from '../proc/proc-folder.ts';
import { programName } from '../processes/command-line.ts';
import { isSame, type ListedProcess } from '../processes/process-table.ts';

/** Maximum characters of a program name in an id. */
const MAX_NAME_LENGTH = 64;

/** Processes by the id of their app. */
export type NamedProcesses = ReadonlyMap<string, ListedProcess>;

/**
 * Assigns ids to processes: `process_chronyd` to the one started first, `process_chronyd_4711` to others of the same
 * name. A process keeps its id while it lives, so that a client does not end a different one by mistake.
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
    const name = `process_${toEntityId(displayName(process).slice(0, MAX_NAME_LENGTH))}`;
    // Another program may have the name of the second candidate.
    const candidates = [name, `${name}_${process.id}`, `${name}_${process.id}_${process.startTicks}`];
    const id = candidates.find((candidate) => !ids.has(candidate));
    if (id !== undefined) ids.set(id, process);
  }
  return ids;
}

/**
 * Returns the name of the program. If the program has set a title, returns the kernel's name, which is limited to 15
 * characters.
 */
export function displayName({ name, args }: Pick<ListedProcess, 'name' | 'args'>): string {
  return programName(args) ?? name;
}
