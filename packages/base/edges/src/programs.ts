/** A process of the machine, told from every other that had its id before or will have it. */
export interface ProcessIdentity {
  readonly processId: number;
  /** When it started, in ticks since the machine did. */
  readonly startTicks: number;
  /** Tells this run of the machine from every other. */
  readonly bootId: string;
}

/** Standard output, standard error, and descriptor 3, by which a program may report apart from both. */
export type ProgramStream = 'output' | 'errors' | 'report';

/** The descriptor of the first of `ProgramStart.files`. */
export const FIRST_FILE_DESCRIPTOR = 5;

export interface ProgramStart {
  /** The program and its arguments; one without a slash is looked for in `PATH` of its environment. */
  readonly command: readonly [string, ...string[]];
  /** All of it: nothing is inherited. */
  readonly environment: Readonly<Record<string, string>>;
  /** Absolute; where it works. */
  readonly folder: string;
  /** The file that it reads as its standard input; nothing unless given. */
  readonly inputFile?: string;
  /** Files that it can read from {@link FIRST_FILE_DESCRIPTOR} on, whoever it runs as. */
  readonly files?: readonly string[];
  /** Whom it runs as; whoever started it unless given. */
  readonly user?: { readonly userId: number; readonly groupId: number };
  /** Told of everything that it writes. */
  onOutput(stream: ProgramStream, octets: Uint8Array): void;
}

/** How a program ended: by itself with a code, or by a signal. */
export type ProgramExit = { readonly code: number } | { readonly signal: string };

/** A program in a session and a group of its own, at a gate: it waits, and ends if whoever started it does so first. */
export interface StartedProgram {
  readonly identity: ProcessIdentity;
  /** Opens the gate. Exit code 126 or 127 means that there is no such program. */
  begin(): void;
  /** To all processes of its group. */
  signal(signal: 'SIGTERM' | 'SIGKILL'): void;
  /**
   * Resolves when its first process has ended and everything written was told. What is left of the group is killed then;
   * what has left the group and still holds the streams is not waited for.
   */
  readonly ended: Promise<ProgramExit>;
}

/** A program that is waited for: it reads nothing and sees no terminal. */
export interface ProgramRun {
  /** Name or absolute path of the program; a name is looked for where the system looks. No shell is involved. */
  readonly program: string;
  readonly args: readonly string[];
  /** All that it is told of its surroundings; absent: what this process was told, with texts in no language but their own. */
  readonly environment?: Readonly<Record<string, string>>;
  /** When it is killed. */
  readonly timeoutMs: number;
  /** Octets of output and of error output, each; what comes beyond them kills it. */
  readonly maxOutputBytes: number;
}

/** How it ended: by itself, or for the reason that it has no exit code. */
export type ProgramEnd =
  | { readonly outcome: 'exited'; readonly code: number; readonly output: string; readonly errors: string }
  | { readonly outcome: 'missing' | 'late' | 'too-much-output' | 'killed' };

/** Programs of the machine that nobody sees but by what they write. */
export interface Programs {
  /** Runs one to its end. Never rejects, and never outlives its deadline. */
  run(run: ProgramRun): Promise<ProgramEnd>;
  /** Rejects where the system has no room for it. */
  start(start: ProgramStart): Promise<StartedProgram>;
  /** Signals what is left of the group of a program that an earlier process started. `gone` where nothing is. */
  signalLeftOver(identity: ProcessIdentity, signal: 'SIGTERM' | 'SIGKILL'): Promise<'sent' | 'gone' | 'denied'>;
}

/** Sends signals to processes of the machine. */
export interface Signals {
  /** `gone` where no process has this id, `denied` where it belongs to somebody else. */
  send(processId: number, signal: 'SIGTERM' | 'SIGKILL'): 'sent' | 'gone' | 'denied';
}
