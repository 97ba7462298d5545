import type { Clock } from '@medkit/edges';
import Type from 'typebox';
import { ioBytes, openFilesLimit, statusBytes, uptimeSeconds } from '../proc/parse-values.ts';
import type { ProcessRef, ProcFolder } from '../proc/proc-folder.ts';
import { ProcReadFailed } from '../proc/proc-read-failed.ts';
import { formatCommandLine } from '../processes/command-line.ts';
import { type CpuMeter, TICKS_PER_SECOND } from '../processes/cpu-meter.ts';

/** Maximum characters of a displayed command line; those of Java programs are the longest. */
const MAX_COMMAND_LINE = 32_768;

const count = (description: string) => Type.Integer({ minimum: 0, description });
const amount = (description: string) => Type.Number({ minimum: 0, description });

/** Facts about a process from `/proc`. Values that only its owner may read are omitted for other users. */
export const ProcessFacts = Type.Object({
  pid: count('Process id'),
  ppid: count('Id of the parent process'),
  state: Type.String({ description: '`R` running, `S` sleeping, `D` waiting for a disk, `Z` zombie, `T` stopped' }),
  exe: Type.String({ description: 'Path of the program; empty if the gateway is not permitted to read it' }),
  cmdline: Type.String({ description: 'Program and arguments' }),
  rss_bytes: count('Resident memory'),
  vm_size_bytes: count('Reserved address space'),
  threads: count('Threads'),
  cpu_user_ticks: count('CPU time in user mode, in hundredths of a second'),
  cpu_system_ticks: count('CPU time in the kernel, in hundredths of a second'),
  cpu_user_seconds: amount('CPU time in user mode'),
  cpu_system_seconds: amount('CPU time in the kernel'),
  uptime_seconds: amount('Time since the start; 0 if unknown'),
  cpu_percent: Type.Optional(
    amount('CPU usage since the last read, 100 for one full processor; absent in the first read'),
  ),
  fd_count: Type.Optional(count('Open files')),
  fd_limit: Type.Optional(count('Maximum number of open files')),
  read_bytes: Type.Optional(count('Read from disks')),
  write_bytes: Type.Optional(count('Written to disks')),
});
export type ProcessFacts = Type.Static<typeof ProcessFacts>;

export interface FactsSources {
  readonly proc: ProcFolder;
  readonly meter: CpuMeter;
  readonly clock: Clock;
}

/** Reads all facts of a process. Throws `ProcReadFailed`, also if its id was reused by another process. */
export async function processFacts({ proc, meter, clock }: FactsSources, process: ProcessRef): Promise<ProcessFacts> {
  const { id } = process;
  const [stat, cmdline, status, io, limits, exe, openFiles, uptime] = await Promise.all([
    proc.stat(id),
    proc.text(id, 'cmdline'),
    proc.text(id, 'status'),
    proc.text(id, 'io'),
    proc.text(id, 'limits'),
    proc.program(id),
    proc.openFiles(id),
    proc.machineText('/proc/uptime'),
  ]);
  const { startTicks, userTicks, systemTicks } = stat;
  if (startTicks !== process.startTicks)
    throw new ProcReadFailed(`Process ${id} not found: another process has its id now`);
  const machineSeconds = uptimeSeconds(uptime ?? '');
  const percent = meter.measure({ id, startTicks, ticks: userTicks + systemTicks, atMs: clock.monotonicMs() });
  return {
    pid: id,
    ppid: stat.parentId,
    state: stat.state,
    exe: exe ?? '',
    cmdline: formatCommandLine(cmdline ?? '').slice(0, MAX_COMMAND_LINE),
    rss_bytes: statusBytes(status ?? '', 'VmRSS') ?? 0,
    vm_size_bytes: statusBytes(status ?? '', 'VmSize') ?? 0,
    threads: stat.threads,
    cpu_user_ticks: userTicks,
    cpu_system_ticks: systemTicks,
    cpu_user_seconds: userTicks / TICKS_PER_SECOND,
    cpu_system_seconds: systemTicks / TICKS_PER_SECOND,
    uptime_seconds: machineSeconds === undefined ? 0 : secondsSince(startTicks, machineSeconds),
    ...known('cpu_percent', percent),
    ...known('fd_count', openFiles),
    ...known('fd_limit', openFilesLimit(limits ?? '')),
    ...known('read_bytes', ioBytes(io ?? '', 'read_bytes')),
    ...known('write_bytes', ioBytes(io ?? '', 'write_bytes')),
  };
}

function known<Name extends keyof ProcessFacts>(
  name: Name,
  value: number | undefined,
): { readonly [N in Name]?: number } {
  return value === undefined ? {} : ({ [name]: value } as { readonly [N in Name]: number });
}

/** The kernel counts both in hundredths of a second. */
function secondsSince(startTicks: number, machineSeconds: number): number {
  return Math.max(0, Math.round(machineSeconds * TICKS_PER_SECOND) - startTicks) / TICKS_PER_SECOND;
}
