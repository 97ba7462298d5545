import { programName } from './command-line.ts';
import type { ListedProcess, ProcessTable } from './process-table.ts';

/** A process as announced on the network. */
export interface AnnouncedProcess {
  readonly id: number;
  readonly hostname?: string | undefined;
  /** Name of the program; kernels and middlewares truncate long names. */
  readonly name?: string | undefined;
}

/** Characters of a name that the kernel stores. */
const KERNEL_NAME_LENGTH = 15;

/**
 * Returns the announced process of this machine; `undefined` if it belongs to another machine or a container, where the
 * number means a different process. The number alone is not sufficient: the host name, the program name or both must
 * match.
 */
export function resolveProcess(
  { id, hostname, name }: AnnouncedProcess,
  table: ProcessTable,
  localHostname: string,
): ListedProcess | undefined {
  const process = table.get(id);
  if (!process || process.args.length === 0 || (!hostname && !name)) return undefined;
  if (hostname && hostname !== localHostname) return undefined;
  return name && !isNamed(process, name) ? undefined : process;
}

function isNamed({ name, args }: ListedProcess, announced: string): boolean {
  const known = [name, programName(args), args[0].slice(args[0].lastIndexOf('/') + 1)];
  return known.includes(announced) || announced.slice(0, KERNEL_NAME_LENGTH) === name;
}
