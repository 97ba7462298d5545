import { type ChildProcess, spawn } from 'node:child_process';

/** Maximum time for an orderly shutdown; then the process is killed. */
const STOP_WITHIN_MS = 5000;
/** Characters of recent output that are stored, for the error message if it does not start. */
const MAX_OUTPUT = 2000;

/** A command of medkit in a separate process. */
export interface ChildProgram {
  /** Resolves when its output contains the expected text; rejects if it exits earlier. */
  readonly ready: Promise<void>;
  /** Resolves when its process has exited. */
  readonly ended: Promise<void>;
  readonly pid: number | undefined;
  stop(): Promise<void>;
}

/**
 * Starts a command of medkit in a separate process, which ends with this one, even if this one is killed. It is ready
 * when its output contains `readyText`. Variables of medkit in the environment of this process do not apply to it.
 */
export function startProgram(args: readonly string[], readyText: string): ChildProgram {
  const child = spawnProgram(args);
  const output = recentOutput(child);
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  const ready = new Promise<void>((resolve, reject) => {
    output.listen((text) => text.includes(readyText) && resolve());
    child.once('error', reject);
    child.once('exit', (code, signal) => reject(exitError(code, signal, output.text())));
  });
  // The caller may handle another failure first and never await this promise.
  ready.catch(() => undefined);
  const stop = async (): Promise<void> => {
    if (child.connected) child.disconnect();
    const force = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS);
    await ended;
    clearTimeout(force);
  };
  return { ready, ended, pid: child.pid, stop };
}

/** Runs a command of medkit to its end. Rejects with the last line of its output if it fails. */
export function runProgram(args: readonly string[]): Promise<void> {
  const child = spawnProgram(args);
  const output = recentOutput(child);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => (code === 0 ? resolve() : reject(exitError(code, signal, output.text()))));
  });
}

function spawnProgram(args: readonly string[]): ChildProcess {
  // With an IPC channel: the child stops when the channel closes because this process has exited.
  return spawn(process.execPath, [...process.execArgv, process.argv[1] as string, ...args], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('MEDKIT_'))),
  });
}

function recentOutput({ stdout, stderr }: ChildProcess) {
  let text = '';
  let listener: (text: string) => void = () => undefined;
  const collect = (chunk: Buffer): void => {
    text = `${text}${chunk}`.slice(-MAX_OUTPUT);
    listener(text);
  };
  stdout?.on('data', collect);
  stderr?.on('data', collect);
  return {
    text: () => text,
    listen: (onText: (text: string) => void): void => {
      listener = onText;
    },
  };
}

function exitError(code: number | null, signal: NodeJS.Signals | null, output: string): Error {
  const said = output.trim().split('\n').at(-1) ?? '';
  return new Error(`the process exited (${signal ?? code})${said && `: ${said}`}`);
}
