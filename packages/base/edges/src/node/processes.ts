import { readdir, readFile } from 'node:fs/promises';
import type { ProcessIdentity, Signals } from '../programs.ts';
import { isMissing } from './open-exact.ts';

/** What the system says of a process. */
export interface ProcessFacts {
  readonly processId: number;
  readonly groupId: number;
  readonly sessionId: number;
  readonly startTicks: number;
  /** It has ended, and nobody has asked how. */
  readonly isOver: boolean;
}

/** The process of this id; `undefined` where there is none, or where the system does not say. */
export async function processFacts(processId: number): Promise<ProcessFacts | undefined> {
  const text = await readProc(`${processId}/stat`);
  if (text === undefined) return undefined;
  // proc(5): the name of the program is in parentheses and may hold any, so that the fields begin behind the last one.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [state = '', , groupId, sessionId] = fields;
  return {
    processId,
    groupId: Number(groupId),
    sessionId: Number(sessionId),
    startTicks: Number(fields[START_TIME]),
    isOver: state === 'Z' || state === 'X',
  };
}

/** Place of field 22 of proc(5), counted from the third. */
const START_TIME = 19;

/** The identity of a process of this run of the machine. One that has ended already started at -1, as nothing does. */
export async function identityOf(processId: number): Promise<ProcessIdentity> {
  const [facts, bootId] = await Promise.all([processFacts(processId), currentBootId()]);
  return { processId, startTicks: facts?.startTicks ?? -1, bootId };
}

/** Whether anything is left of the group that a process began. */
export async function groupIsAlive({ processId, startTicks, bootId }: ProcessIdentity): Promise<boolean> {
  if (startTicks < 0 || bootId === '' || bootId !== (await currentBootId())) return false;
  const first = await processFacts(processId);
  // While a group has members, its id is given to no new process: another one of that id means that it is over.
  if (first && first.startTicks !== startTicks) return false;
  if (first && !first.isOver) return true;
  const names = await readdir('/proc').catch(() => []);
  const ids = names.filter((name) => /^\d+$/.test(name)).map(Number);
  const all = await Promise.all(ids.map(processFacts));
  return all.some((facts) => facts && !facts.isOver && facts.groupId === processId && facts.sessionId === processId);
}

async function currentBootId(): Promise<string> {
  return (await readProc('sys/kernel/random/boot_id'))?.trim() ?? '';
}

async function readProc(name: string): Promise<string | undefined> {
  try {
    return await readFile(`/proc/${name}`, 'utf8');
  } catch (error) {
    // ESRCH: it ended between the opening of the file and the reading.
    if (isMissing(error) || (error as NodeJS.ErrnoException).code === 'ESRCH') return undefined;
    throw error;
  }
}

/** Signals to the machine's processes. */
export const systemSignals: Signals = {
  send(processId, signal) {
    // 0 and less would mean whole groups of processes.
    if (!Number.isInteger(processId) || processId <= 0) return 'gone';
    try {
      process.kill(processId, signal);
      return 'sent';
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ESRCH') return 'gone';
      if (code === 'EPERM') return 'denied';
      throw error;
    }
  },
};
