import type { Files } from '@medkit/edges';
import { type ProcessTexts, type RosProcess, rosProcess } from './ros-process.ts';

export interface MachineFiles {
  readonly files: Pick<Files, 'readText' | 'list' | 'readLink'>;
}

/** Maximum number of examined processes, more than a robot runs. Processes with higher ids are skipped. */
const MAX_PROCESSES = 4096;
const MAX_DESCRIPTORS = 4096;
/** Processes that are examined in parallel. */
const BATCH = 32;

/** Returns the text of a file; empty if it does not exist, is not readable, or has disappeared. */
export function textOf({ files }: MachineFiles, path: string): Promise<string> {
  return files.readText(path).then(
    (text) => text ?? '',
    () => '',
  );
}

/** Returns the names in a folder; empty if it is not readable. */
export function namesIn({ files }: MachineFiles, path: string): Promise<readonly string[]> {
  return files.list(path).then(
    (entries) => entries.map(({ name }) => name),
    () => [],
  );
}

/** Returns the programs that use DDS or Zenoh, or hold one of these sockets, as far as this user may examine them. */
export async function rosProcesses(
  machine: MachineFiles,
  ddsInodes: ReadonlySet<string>,
  currentPid: number,
): Promise<readonly RosProcess[]> {
  const ids = (await namesIn(machine, '/proc'))
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((id) => id !== currentPid)
    .sort((a, b) => a - b)
    .slice(0, MAX_PROCESSES);
  const found: RosProcess[] = [];
  for (let first = 0; first < ids.length; first += BATCH) {
    const texts = await Promise.all(ids.slice(first, first + BATCH).map((id) => textsOf(machine, id)));
    for (const each of texts) {
      const process = rosProcess(each, ddsInodes);
      if (process) found.push(process);
    }
  }
  return found;
}

async function textsOf(machine: MachineFiles, id: number): Promise<ProcessTexts> {
  const of = (name: string) => `/proc/${id}/${name}`;
  const descriptors = (await namesIn(machine, of('fd'))).slice(0, MAX_DESCRIPTORS);
  const [cmdline, environ, maps, ...links] = await Promise.all([
    textOf(machine, of('cmdline')),
    textOf(machine, of('environ')),
    textOf(machine, of('maps')),
    ...descriptors.map((name) =>
      machine.files.readLink(of(`fd/${name}`)).then(
        (link) => link ?? '',
        () => '',
      ),
    ),
  ]);
  return { id, cmdline, environ, maps, links };
}
