import type { Clock } from '@medkit/edges';
import type { ProcessStat } from '../proc/parse-stat.ts';
import type { ProcessRef, ProcFolder } from '../proc/proc-folder.ts';
import { ProcReadFailed } from '../proc/proc-read-failed.ts';
import { argumentsOf } from './command-line.ts';
import { type CpuMark, cpuPercent } from './cpu-meter.ts';

/** More than a robot ever runs; on a machine with more of them, those started last are left out. */
const MAX_PROCESSES = 8192;
/** Files that are read at a time. */
const BATCH = 64;

/** A process as the last look at all of them found it. */
export interface ListedProcess extends CpuMark {
  readonly name: string;
  readonly state: string;
  /** Empty for a thread of the kernel. */
  readonly args: readonly string[];
  /** Since the look before. */
  readonly percent: number | undefined;
}

/** All processes at one moment, by id. */
export type ProcessTable = ReadonlyMap<number, ListedProcess>;

/**
 * The processes of this moment. Of one that `before` has, the command line is not read again unless it runs another program
 * now.
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

/** `undefined` for a process that ended meanwhile. */
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
  // A program that starts another in its place keeps its start, and nearly always changes its name.
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

/** Whether these are one process, and not two that had the same id one after the other. */
export function isSame(one: ProcessRef, other: ProcessRef): boolean {
  return one.id === other.id && one.startTicks === other.startTicks;
}
