import type { Clock } from '@medkit/edges';
import type { ProcessStat } from '../proc/parse-stat.ts';
import type { ProcessRef, ProcFolder } from '../proc/proc-folder.ts';
import { ProcReadFailed } from '../proc/proc-read-failed.ts';
import { argumentsOf } from './command-line.ts';
import { type CpuMark, cpuPercent } from './cpu-meter.ts';

/** Maximum processes: more than a robot runs; beyond it, the processes started last are omitted. */
const MAX_PROCESSES = 8192;
/** Files that are read concurrently. */
const BATCH = 64;

/** A process as found by the last survey. */
export interface ListedProcess extends CpuMark {
  readonly name: string;
  readonly state: string;
  /** Empty for a kernel thread. */
  readonly args: readonly string[];
  /** Since the previous survey. */
  readonly percent: number | undefined;
}

/** All processes at one time, by id. */
export type ProcessTable = ReadonlyMap<number, ListedProcess>;

/**
 * Returns the current processes. The command line of a process in `before` is only read again if it runs another
 * program now.
 */
export async function listProcesses(proc: ProcFolder, clock: Clock, before: ProcessTable): Promise<ProcessTable> {
  const table = new Map<number, ListedProcess>();
  const ids = (await proc.processIds()).slice(0, MAX_PROCESSES);
  for (let first = 0; first < ids.length; first += BATCH) {
    const found = await Promise.all(
      ids.slice(first, first + BATCH).map((id) => listProcess(proc, clock, id, before.get(id))),
    );
    for (const process of found) if (process) table.set(process.id, process);
  }
  return table;
}

/** Returns `undefined` for a process that has ended meanwhile. */
async function listProcess(
  proc: ProcFolder,
  clock: Clock,
  id: number,
  before: ListedProcess | undefined,
): Promise<ListedProcess | undefined> {
  const stat = await statUnlessGone(proc, id);
  if (!stat) return undefined;
  const { name, state, startTicks, userTicks, systemTicks } = stat;
  const mark = { id, startTicks, ticks: userTicks + systemTicks, atMs: clock.monotonicMs() };
  const same = before && isSame(before, mark) ? before : undefined;
  // A process that executes another program keeps its start time and almost always changes its name.
  const args = same?.name === name ? same.args : argumentsOf((await proc.text(id, 'cmdline')) ?? '');
  return { ...mark, name, state, args: args[0] ? args : [], percent: same && cpuPercent(same, mark) };
}

async function statUnlessGone(proc: ProcFolder, id: number): Promise<ProcessStat | undefined> {
  try {
    return await proc.stat(id);
  } catch (error) {
    if (error instanceof ProcReadFailed) return undefined;
    throw error;
  }
}

/** Returns whether both are the same process, as opposed to two processes with the same id. */
export function isSame(one: ProcessRef, other: ProcessRef): boolean {
  return one.id === other.id && one.startTicks === other.startTicks;
}
