/** Identifies a process of this machine across reuse of its id. */
export interface ProcessIdentity {
  readonly processId: number;
  /** Start time in ticks since boot. */
  readonly startTicks: number;
  /** Identifies this boot of the machine. */
  readonly bootId: string;
}

/** Standard output, standard error, and descriptor 3, which a program may use for separate reports. */
export type ProgramStream = 'output' | 'errors' | 'report';

/** The descriptor of the first of `ProgramStart.files`. */
export const FIRST_FILE_DESCRIPTOR = 5;

export interface ProgramStart {
  /** The program and its arguments; a name without a slash is looked up in `PATH` of `environment`. */
  readonly command: readonly [string, ...string[]];
  /** The complete environment: nothing is inherited. */
  readonly environment: Readonly<Record<string, string>>;
  /** Absolute path of the working directory. */
  readonly folder: string;
  /** File to use as standard input; empty input if absent. */
  readonly inputFile?: string;
  /** Files that the program can read from descriptor {@link FIRST_FILE_DESCRIPTOR} on, whichever user it runs as. */
  readonly files?: readonly string[];
  /** User and group to run as; default: those of this process. */
  readonly user?: { readonly userId: number; readonly groupId: number };
  /** Called with all output of the program. */
  onOutput(stream: ProgramStream, octets: Uint8Array): void;
}

/** How a program ended: with an exit code, or by a signal. */
export type ProgramExit = { readonly code: number } | { readonly signal: string };

/**
 * A program in a separate session and process group that waits at a gate. It exits if its parent exits before the gate
 * opens.
 */
export interface StartedProgram {
  readonly identity: ProcessIdentity;
  /** Opens the gate. Exit code 126 or 127 means that the program does not exist. */
  begin(): void;
  /** Signals all processes of its group. */
  signal(signal: 'SIGTERM' | 'SIGKILL'): void;
  /**
   * Resolves when the first process has ended and all output was delivered. The rest of the group is killed then. A
   * process that left the group and still holds the streams is not waited for.
   */
  readonly ended: Promise<ProgramExit>;
}

/** A program that runs to its end, without input and terminal. */
export interface ProgramRun {
  /** Name or absolute path of the program; the system looks up a name in its path. No shell is involved. */
  readonly program: string;
  readonly args: readonly string[];
  /** Complete environment; default: that of this process, with the locale `C`. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Time after which it is killed. */
  readonly timeoutMs: number;
  /** Maximum bytes of standard output and of standard error, each; more output kills it. */
  readonly maxOutputBytes: number;
}

/** Exit code and output, or the reason why there is no exit code. */
export type ProgramEnd =
  | { readonly outcome: 'exited'; readonly code: number; readonly output: string; readonly errors: string }
  | { readonly outcome: 'missing' | 'late' | 'too-much-output' | 'killed' };

/** Runs programs of this machine and collects their output. */
export interface Programs {
  /** Runs a program to its end. Never rejects, and never exceeds its time limit. */
  run(run: ProgramRun): Promise<ProgramEnd>;
  /** Rejects if the system cannot start the program. */
  start(start: ProgramStart): Promise<StartedProgram>;
  /**
   * Signals what is left of the process group of a program that an earlier process started. Returns `gone` if nothing
   * is left.
   */
  signalLeftOver(identity: ProcessIdentity, signal: 'SIGTERM' | 'SIGKILL'): Promise<'sent' | 'gone' | 'denied'>;
}

/** Sends signals to processes of this machine. */
export interface Signals {
  /** Returns `gone` if no process has this id, `denied` if it belongs to another user. */
  send(processId: number, signal: 'SIGTERM' | 'SIGKILL'): 'sent' | 'gone' | 'denied';
}
