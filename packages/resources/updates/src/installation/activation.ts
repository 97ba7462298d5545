import type { Programs } from '@medkit/edges';

/** Starts what `current` leads to. Gives why that failed, in words fit for a sentence; `undefined` where it did not. */
export type Activation = () => Promise<string | undefined>;

export interface ActivationOptions {
  readonly programs: Pick<Programs, 'run'>;
  /** Program and arguments; nothing is run where there are none. */
  readonly command: readonly string[];
  /** All that it is told of its surroundings. */
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
}

const MAX_OUTPUT_BYTES = 256 * 1024;
/** Characters of what the program said that are told. */
const MAX_TOLD = 300;

/** Runs the command of the operator. No shell, and nothing of it comes from a client. */
export function activation({ programs, command, environment, timeoutMs }: ActivationOptions): Activation {
  const [program, ...args] = command;
  if (program === undefined) return async () => undefined;
  return async () => {
    const end = await programs.run({ program, args, environment, timeoutMs, maxOutputBytes: MAX_OUTPUT_BYTES });
    if (end.outcome === 'exited') {
      const said = (end.errors.trim() || end.output.trim()).slice(0, MAX_TOLD);
      return end.code === 0 ? undefined : `${program} exited with code ${end.code}${said && `: ${said}`}`;
    }
    return `${program} ${WORDS[end.outcome]}`;
  };
}

const WORDS = {
  missing: 'could not be started',
  late: 'did not end within updates.activate_timeout_sec',
  'too-much-output': 'wrote too much',
  killed: 'was killed',
} as const;
