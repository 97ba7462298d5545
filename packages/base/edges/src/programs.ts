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

/** Starts programs of the machine that nobody sees but by what they write. */
export interface Programs {
  /** Rejects where the system has no room for it. */
  start(start: ProgramStart): Promise<StartedProgram>;
  /** Signals what is left of the group of a program that an earlier process started. `gone` where nothing is. */
  signalLeftOver(identity: ProcessIdentity, signal: 'SIGTERM' | 'SIGKILL'): Promise<'sent' | 'gone' | 'denied'>;
}
