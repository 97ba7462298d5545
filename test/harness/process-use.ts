import { readFileSync } from 'node:fs';

/** Returns the processor time of a process, milliseconds: user and system in hundredths of a second. 0 after its end. */
export function cpuMsOf(pid: number | string): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /, '')
      .split(' ');
    return 10 * (Number(fields[11]) + Number(fields[12]));
  } catch {
    return 0;
  }
}
