import type { ScriptExecution } from '@medkit/contract';
import { formatDuration, timeMs } from '../time/times.ts';

/** Refresh interval of a running script. A large output is loaded less often, because each reply contains all of it. */
const POLL_MS = 1000;
const LARGE_POLL_MS = 5000;
const LARGE_CHARS = 100_000;

/** Returns whether the run has not ended. */
export const isUnderWay = ({ status }: Pick<ScriptExecution, 'status'>): boolean =>
  status === 'prepared' || status === 'running';

/** Returns the refresh interval of a run, or `undefined` if it has ended. */
export function pollMs(run: ScriptExecution | undefined): number | undefined {
  if (run === undefined) return POLL_MS;
  if (!isUnderWay(run)) return undefined;
  const { stdout, stderr } = run['x-medkit'] ?? {};
  return (stdout?.length ?? 0) + (stderr?.length ?? 0) > LARGE_CHARS ? LARGE_POLL_MS : POLL_MS;
}

/** Returns the duration of an ended run, in whole seconds as the gateway reports it; empty before its end. */
export function durationText({ started_at, completed_at }: ScriptExecution): string {
  const [from, to] = [timeMs(started_at), timeMs(completed_at)];
  if (from === undefined || to === undefined) return '';
  return to - from < 1000 ? '< 1 s' : formatDuration(Math.max(0, to - from)).replace('.0', '');
}

/** Returns the result as fields; `undefined` if the output was not a JSON object. */
export function resultFields({ parameters }: ScriptExecution): object | undefined {
  if (typeof parameters !== 'object' || parameters === null || Array.isArray(parameters)) return undefined;
  const names = Object.keys(parameters);
  const isPlain = names.length === 1 && names[0] === 'stdout';
  return names.length === 0 || isPlain ? undefined : parameters;
}
