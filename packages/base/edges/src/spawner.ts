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

/** How a program ended: by itself, or for the reason that it has no exit code. */
export type ProgramEnd =
  | { readonly outcome: 'exited'; readonly code: number; readonly output: string; readonly errors: string }
  | { readonly outcome: 'missing' | 'late' | 'too-much-output' | 'killed' };

/** Runs programs of the machine. Never rejects, and never outlives its deadline. */
export interface Spawner {
  run(run: ProgramRun): Promise<ProgramEnd>;
}
