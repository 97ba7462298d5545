import { ProcReadFailed } from './proc-read-failed.ts';

/** The used fields of `/proc/<pid>/stat` (proc_pid_stat(5)). */
export interface ProcessStat {
  /** Name of the program, truncated to 15 characters by the kernel. */
  readonly name: string;
  /** `R` running, `S` sleeping, `D` waiting for a disk, `Z` zombie, `T` stopped, and rarer states. */
  readonly state: string;
  readonly parentId: number;
  readonly userTicks: number;
  readonly systemTicks: number;
  readonly threads: number;
  /** Start time after boot. Together with the process id it identifies the process: ids are reused. */
  readonly startTicks: number;
}

/** Fields after the name that are parsed, up to `starttime`. */
const FIELDS = 20;

/** Index of each field after the name, which is followed by field 3 of the manual. */
const FIELD = { state: 0, ppid: 1, utime: 11, stime: 12, numThreads: 17, starttime: 19 } as const;

/**
 * Parses `/proc/<pid>/stat`. A name may contain spaces and parentheses: it ends at the last parenthesis. Throws
 * `ProcReadFailed`.
 */
export function parseStat(text: string, path: string): ProcessStat {
  const open = text.indexOf('(');
  const close = text.lastIndexOf(')');
  if (open < 0 || close < open) throw new ProcReadFailed(`Malformed ${path}: there is no name in parentheses`);
  const fields = text
    .slice(close + 1)
    .trim()
    .split(/\s+/);
  if (fields.length < FIELDS) {
    throw new ProcReadFailed(`Truncated ${path}: ${fields.length} fields behind the name, expected ${FIELDS}`);
  }
  const number = (field: Exclude<keyof typeof FIELD, 'state'>): number => {
    const value = Number(fields[FIELD[field]]);
    if (!Number.isFinite(value) || value < 0) {
      throw new ProcReadFailed(`Malformed ${path}: ${field} is "${fields[FIELD[field]]}"`);
    }
    return value;
  };
  return {
    name: text.slice(open + 1, close),
    state: fields[FIELD.state],
    parentId: number('ppid'),
    userTicks: number('utime'),
    systemTicks: number('stime'),
    threads: number('numThreads'),
    startTicks: number('starttime'),
  };
}
