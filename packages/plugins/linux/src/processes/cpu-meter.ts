import type { ProcessRef } from '../proc/proc-folder.ts';

/**
 * Ticks per second in which the kernel reports processor time (USER_HZ). 100 on every machine that Node.js supports,
 * independent of the kernel's timer frequency.
 */
export const TICKS_PER_SECOND = 100;

/** A tick is 10 ms: over less time than this, a percentage would be mostly noise. */
const MIN_WINDOW_MS = 500;

/** Processor time of a process at a point in time. */
export interface CpuMark extends ProcessRef {
  readonly ticks: number;
  readonly atMs: number;
}

/**
 * Returns the percentage of one processor between two marks of a process, with one decimal; 100 is a whole processor.
 * Returns `undefined` if the marks are too close.
 */
export function cpuPercent(before: CpuMark, after: CpuMark): number | undefined {
  const elapsedMs = after.atMs - before.atMs;
  if (before.startTicks !== after.startTicks || elapsedMs < MIN_WINDOW_MS) return undefined;
  const seconds = (after.ticks - before.ticks) / TICKS_PER_SECOND;
  return Math.max(0, Math.round((seconds / elapsedMs) * 1000 * 1000) / 10);
}

/** Percentages of processes that are read irregularly: each covers the time since the previous read. */
export class CpuMeter {
  readonly #before = new Map<number, { mark: CpuMark; percent: number | undefined }>();

  /** Returns the percentage since the last mark, or the last percentage again if the last mark was just now. */
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

  /** Stores the marks of all existing processes, so that the first read of each has a reference. */
  begin(marks: ReadonlyMap<number, CpuMark>): void {
    for (const id of this.#before.keys()) if (!marks.has(id)) this.#before.delete(id);
    for (const mark of marks.values()) {
      if (this.#before.get(mark.id)?.mark.startTicks !== mark.startTicks) {
        this.#before.set(mark.id, { mark, percent: undefined });
      }
    }
  }
}
