import { execFile } from 'node:child_process';
import type { ProgramEnd, ProgramRun } from '../programs.ts';

/** Programs parse the output, so it must not be localized. */
const LOCALE = { LC_ALL: 'C', LANG: 'C' };

/** Runs a program of this machine to its end. */
export function runProgram({ program, args, environment, timeoutMs, maxOutputBytes }: ProgramRun): Promise<ProgramEnd> {
  return new Promise((resolve) => {
    const options = {
      timeout: timeoutMs,
      maxBuffer: maxOutputBytes,
      killSignal: 'SIGKILL',
      env: environment ?? { ...process.env, ...LOCALE },
    } as const;
    const child = execFile(program, args, options, (error, output, errors) => resolve(endOf(error, output, errors)));
    child.stdin?.end();
  });
}

function endOf(error: Error | null, output: string, errors: string): ProgramEnd {
  if (!error) return { outcome: 'exited', code: 0, output, errors };
  // Node.js reports a failed run by an exit code, a system error code, or the signal that killed it.
  const { code, killed } = error as { readonly code?: number | string | null; readonly killed?: boolean };
  if (typeof code === 'number') return { outcome: 'exited', code, output, errors };
  if (code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER') return { outcome: 'too-much-output' };
  if (typeof code === 'string') return { outcome: 'missing' };
  return { outcome: killed ? 'late' : 'killed' };
}
