import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type FileHandle, open } from 'node:fs/promises';
import { constants, setPriority } from 'node:os';
import type { Writable } from 'node:stream';
import type {
  ProcessIdentity,
  ProgramExit,
  ProgramStart,
  ProgramStream,
  Programs,
  StartedProgram,
} from '../programs.ts';
import { closeInherited } from './inherited-descriptors.ts';
import { groupIsAlive, identityOf } from './processes.ts';
import { openPipes, type ProgramPipe } from './program-pipes.ts';
import { runProgram } from './run-program.ts';

/** In the order of their descriptors, 1 to 3. */
const STREAMS: readonly ProgramStream[] = ['output', 'errors', 'report'];

/** Descriptor 4 is the gate: a line on it opens it, its end means that whoever would open it is gone. */
const GATE = 'read -r go <&4 || exit 125; exec 4<&-; exec "$@"';

/** How long the streams of a program that has ended may stay open: whoever left its group may hold them for ever. */
const DRAIN_MS = 500;

/** The machine's programs. */
export const systemPrograms: Programs = {
  run: runProgram,
  start,
  async signalLeftOver(identity, signal) {
    if (!(await groupIsAlive(identity))) return 'gone';
    return signalGroup(identity.processId, signal);
  },
};

async function start(options: ProgramStart): Promise<StartedProgram> {
  const { command, environment, folder, inputFile, files = [], user, onOutput } = options;
  // What is opened for the program is closed here as soon as it has it.
  await using handles = new AsyncDisposableStack();
  const opened = async (path: string): Promise<FileHandle> => handles.use(await open(path, 'r'));
  const input = inputFile === undefined ? undefined : await opened(inputFile);
  const given: FileHandle[] = [];
  for (const path of files) given.push(await opened(path));
  // Programs would have them, too: a log of somebody else, a lock, a way back to whoever started this process.
  closeInherited();
  const pipes = await openPipes(STREAMS.length);
  let child: ChildProcess | undefined;
  try {
    child = spawn('/bin/sh', ['-c', GATE, 'sh', ...command], {
      cwd: folder,
      env: environment,
      // A session and a group of its own.
      detached: true,
      stdio: [input?.fd ?? 'ignore', ...pipes.map(({ writer }) => writer), 'pipe', ...given.map(({ fd }) => fd)],
      ...(user && { uid: user.userId, gid: user.groupId }),
    });
    const ended = endOf(child, pipes);
    await once(child, 'spawn');
    for (const [index, pipe] of pipes.entries()) pipe.listen((octets) => onOutput(STREAMS[index]!, octets));
    return started(child, await identityOf(child.pid!), ended);
  } catch (error) {
    child?.kill('SIGKILL');
    for (const pipe of pipes) pipe.close();
    throw error;
  }
}

function started(child: ChildProcess, identity: ProcessIdentity, ended: Promise<ProgramExit>): StartedProgram {
  yieldToOthers(identity.processId);
  const gate = child.stdio[4] as Writable;
  // It may have ended at its gate.
  gate.on('error', () => undefined);
  let isOver = false;
  void ended.then(() => {
    isOver = true;
  });
  return {
    identity,
    begin: () => void gate.end('go\n'),
    signal: (signal) => {
      // Afterwards its number may be somebody else's.
      if (!isOver) signalGroup(identity.processId, signal);
    },
    ended,
  };
}

/** What keeps a robot going comes before what looks after it. */
function yieldToOthers(processId: number): void {
  try {
    setPriority(processId, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // It has ended already, or may not: it goes on as it is.
    return;
  }
}

async function endOf(child: ChildProcess, pipes: readonly ProgramPipe[]): Promise<ProgramExit> {
  const exit = await new Promise<ProgramExit>((resolve) => {
    child.once('exit', (code, signal) => resolve(signal === null ? { code: code ?? -1 } : { signal }));
    // It could not be started, of which `spawn` tells.
    child.once('error', () => resolve({ code: -1 }));
  });
  if (child.pid !== undefined) signalGroup(child.pid, 'SIGKILL');
  const patience = setTimeout(() => {
    for (const pipe of pipes) pipe.close();
  }, DRAIN_MS);
  await Promise.all(pipes.map(({ closed }) => closed));
  clearTimeout(patience);
  return exit;
}

function signalGroup(groupId: number, signal: 'SIGTERM' | 'SIGKILL'): 'sent' | 'gone' | 'denied' {
  try {
    process.kill(-groupId, signal);
    return 'sent';
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ESRCH') return 'gone';
    if (code === 'EPERM') return 'denied';
    throw error;
  }
}
