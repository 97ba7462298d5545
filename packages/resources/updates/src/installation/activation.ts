import type { Programs } from '@medkit/edges';

/** Starts the release at `current`. Returns the problem as part of a sentence, or `undefined` if it succeeded. */
export type Activation = () => Promise<string | undefined>;

export interface ActivationOptions {
  readonly programs: Pick<Programs, 'run'>;
  /** Program and arguments; if empty, nothing is run. */
  readonly command: readonly string[];
  /** The complete environment of the program. */
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
}

const MAX_OUTPUT_BYTES = 256 * 1024;
/** Maximum characters of the program's output in a message. */
const MAX_OUTPUT_LENGTH = 300;

/** Creates the activation with the operator's command. It uses no shell, and no part of it comes from a client. */
export function activation({ programs, command, environment, timeoutMs }: ActivationOptions): Activation {
  const [program, ...args] = command;
  if (program === undefined) return async () => undefined;
  return async () => {
    const end = await programs.run({ program, args, environment, timeoutMs, maxOutputBytes: MAX_OUTPUT_BYTES });
    if (end.outcome === 'exited') {
      const said = (end.errors.trim() || end.output.trim()).slice(0, MAX_OUTPUT_LENGTH);
      return end.code === 0 ? undefined : `${program} exited with code ${end.code}${said && `: ${said}`}`;
    }
    return `${program} ${OUTCOMES[end.outcome]}`;
  };
}

const OUTCOMES = {
  missing: 'could not be started',
  late: 'did not end within updates.activate_timeout_sec',
  'too-much-output': 'wrote too much',
  killed: 'was killed',
} as const;
