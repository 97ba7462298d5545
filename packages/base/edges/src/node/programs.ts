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

/** In descriptor order, 1 to 3. */
const STREAMS: readonly ProgramStream[] = ['output', 'errors', 'report'];

/** Descriptor 4 is the gate: a line opens it; end of file means that the parent has exited. */
const GATE = 'read -r go <&4 || exit 125; exec 4<&-; exec "$@"';

/**
 * How long the streams may stay open after the program has ended: a process that left its group may hold them forever.
 */
const DRAIN_MS = 500;

/** Runs programs of this machine. */
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
  // Descriptors opened for the program are closed here as soon as it has started.
  await using handles = new AsyncDisposableStack();
  const opened = async (path: string): Promise<FileHandle> => handles.use(await open(path, 'r'));
  const input = inputFile === undefined ? undefined : await opened(inputFile);
  const extraFiles: FileHandle[] = [];
  for (const path of files) extraFiles.push(await opened(path));
  // Programs would inherit these descriptors too: another program's log, a lock, or a channel to this process's parent.
  closeInherited();
  const pipes = await openPipes(STREAMS.length);
  let child: ChildProcess | undefined;
  try {
    child = spawn('/bin/sh', ['-c', GATE, 'sh', ...command], {
      cwd: folder,
      env: environment,
      // Starts a separate session and process group.
      detached: true,
      stdio: [input?.fd ?? 'ignore', ...pipes.map(({ writer }) => writer), 'pipe', ...extraFiles.map(({ fd }) => fd)],
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
  lowerPriority(identity.processId);
  const gate = child.stdio[4] as Writable;
  // The program may have ended at its gate.
  gate.on('error', () => undefined);
  let isOver = false;
  void ended.then(() => {
    isOver = true;
  });
  return {
    identity,
    begin: () => void gate.end('go\n'),
    signal: (signal) => {
      // After its end, another process may have the same id.
      if (!isOver) signalGroup(identity.processId, signal);
    },
    ended,
  };
}

/** Lowers the priority, so that the robot's software takes precedence over diagnostics. */
function lowerPriority(processId: number): void {
  try {
    setPriority(processId, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // The process has ended, or the system refuses: it keeps its priority.
    return;
  }
}

async function endOf(child: ChildProcess, pipes: readonly ProgramPipe[]): Promise<ProgramExit> {
  const exit = await new Promise<ProgramExit>((resolve) => {
    child.once('exit', (code, signal) => resolve(signal === null ? { code: code ?? -1 } : { signal }));
    // The program could not be started; `once(child, 'spawn')` rejects with the reason.
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
