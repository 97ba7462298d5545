import type { ProcessRef } from '../proc/proc-folder.ts';

/**
 * Ticks a second in which the kernel counts processor time for programs (USER_HZ). 100 on every machine that Node.js runs
 * on, whatever the kernel itself ticks with.
 */
export const TICKS_PER_SECOND = 100;

/** A tick is 10 ms: over less time than this a percentage would be little more than noise. */
const MIN_WINDOW_MS = 500;

/** Processor time of a process up to a moment. */
export interface CpuMark extends ProcessRef {
  readonly ticks: number;
  readonly atMs: number;
}

/** Of one processor, between two marks of one process: 100 is a whole one. One decimal. `undefined` where they are too close. */
export function cpuPercent(before: CpuMark, after: CpuMark): number | undefined {
  const elapsedMs = after.atMs - before.atMs;
  if (before.startTicks !== after.startTicks || elapsedMs < MIN_WINDOW_MS) return undefined;
  const seconds = (after.ticks - before.ticks) / TICKS_PER_SECOND;
  return Math.max(0, Math.round((seconds / elapsedMs) * 1000 * 1000) / 10);
}

/** Percentages of processes that are read now and then: each is of the time since the read before. */
export class CpuMeter {
  readonly #before = new Map<number, { mark: CpuMark; percent: number | undefined }>();

  /** Takes a mark and gives the percentage since the last one, or again the last percentage where that was just now. */
  measure(mark: CpuMark): number | undefined {
    const before = this.#before.get(mark.id);
    if (before?.mark.startTicks !== mark.startTicks) {
      this.#before.set(mark.id, { mark, percent: undefined });
      return undefined;
    }
    const percent = cpuPercent(before.mark, mark);
    if (percent === undefined) return before.percent;
    this.#before.set(mark.id, { mark, percent });
    return percent;
  }

  /** Takes the marks of all processes that there are: where none was read yet, the next read has something to go by. */
  begin(marks: ReadonlyMap<number, CpuMark>): void {
    for (const id of this.#before.keys()) if (!marks.has(id)) this.#before.delete(id);
    for (const mark of marks.values()) {
      if (this.#before.get(mark.id)?.mark.startTicks !== mark.startTicks) {
        this.#before.set(mark.id, { mark, percent: undefined });
      }
    }
  }
}
