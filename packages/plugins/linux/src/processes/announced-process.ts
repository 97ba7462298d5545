import { programName } from './command-line.ts';
import type { ListedProcess, ProcessTable } from './process-table.ts';

/** A process as somebody on the network says that it is. */
export interface AnnouncedProcess {
  readonly id: number;
  readonly hostname?: string | undefined;
  /** Of its program; kernels and middlewares cut long ones. */
  readonly name?: string | undefined;
}

/** Characters of a name that the kernel keeps. */
const KERNEL_NAME_LENGTH = 15;

/**
 * The process of this machine that is meant; `undefined` where it is one of another machine or of a container, where the
 * same number means something else. A number alone says too little: the host, the program or both have to fit.
 */
export function processMeant(
  { id, hostname, name }: AnnouncedProcess,
  table: ProcessTable,
  ownHostname: string,
): ListedProcess | undefined {
  const process = table.get(id);
  if (!process || process.args.length === 0 || (!hostname && !name)) return undefined;
  if (hostname && hostname !== ownHostname) return undefined;
  return name && !isNamed(process, name) ? undefined : process;
}

function isNamed({ name, args }: ListedProcess, announced: string): boolean {
  const known = [name, programName(args), args[0].slice(args[0].lastIndexOf('/') + 1)];
  return known.includes(announced) || announced.slice(0, KERNEL_NAME_LENGTH) === name;
}
