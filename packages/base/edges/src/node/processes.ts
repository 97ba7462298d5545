import { readdir, readFile } from 'node:fs/promises';
import type { ProcessIdentity, Signals } from '../programs.ts';
import { isMissing } from './open-exact.ts';

/** Facts about a process from `/proc`. */
export interface ProcessFacts {
  readonly processId: number;
  readonly groupId: number;
  readonly sessionId: number;
  readonly startTicks: number;
  /** The process has ended (a zombie or dead). */
  readonly isOver: boolean;
}

/** Returns facts about a process. Returns `undefined` if it does not exist or the system has no `/proc`. */
async function processFacts(processId: number): Promise<ProcessFacts | undefined> {
  const text = await readProc(`${processId}/stat`);
  if (text === undefined) return undefined;
  // proc(5): the program name is in parentheses and may contain any, so the fields start after the last one.
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

/** Index of field 22 of proc(5), counted from the third. */
const START_TIME = 19;

/**
 * Returns the identity of a process in this boot. For a process that has already ended, `startTicks` is -1, which
 * matches no process.
 */
export async function identityOf(processId: number): Promise<ProcessIdentity> {
  const [facts, bootId] = await Promise.all([processFacts(processId), currentBootId()]);
  return { processId, startTicks: facts?.startTicks ?? -1, bootId };
}

/** Returns whether any process of the group that a process started is alive. */
export async function groupIsAlive({ processId, startTicks, bootId }: ProcessIdentity): Promise<boolean> {
  if (startTicks < 0 || bootId === '' || bootId !== (await currentBootId())) return false;
  const first = await processFacts(processId);
  // The kernel does not reuse a group id while the group has members. A different process with this id therefore means
  // that the group has no members left.
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
    // ESRCH: the process ended between opening the file and reading it.
    if (isMissing(error) || (error as NodeJS.ErrnoException).code === 'ESRCH') return undefined;
    throw error;
  }
}

/** Sends signals to processes of this machine. */
export const systemSignals: Signals = {
  send(processId, signal) {
    // 0 and negative numbers would address process groups.
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
