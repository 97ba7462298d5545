/** What of the FAILED reports of a node goes on to the fault manager. The names and defaults are those of ros2_medkit. */
export interface ReportFilterSettings {
  /** `fault_reporter.local_filtering.enabled`: off, all go on. */
  readonly enabled: boolean;
  /** `default_threshold`: reports of a code within the window that let it go on. */
  readonly threshold: number;
  /** `default_window_sec`, in milliseconds. */
  readonly windowMs: number;
  /** `bypass_severity`: reports of this severity and above go on at once and are not counted. */
  readonly bypassSeverity: number;
}

export const REPORT_FILTER_DEFAULTS: ReportFilterSettings = {
  enabled: true,
  threshold: 3,
  windowMs: 10_000,
  bypassSeverity: 2,
};

/** Codes that are followed at a time; beyond it the one that was reported longest ago is forgotten. */
const MAX_CODES = 4096;
const MAX_THRESHOLD = 1000;
const LEAST_WINDOW_MS = 1000;

/** Keeps faults that show now and then from the fault manager. What is no sensible setting has the nearest that is. */
export class ReportFilter {
  readonly #settings: ReportFilterSettings;
  /** The times of the last reports of each code, as many as the threshold at most; the code reported last is the last. */
  readonly #times = new Map<string, number[]>();

  constructor(settings: Partial<ReportFilterSettings> = {}) {
    const { threshold, windowMs, ...rest } = { ...REPORT_FILTER_DEFAULTS, ...settings };
    this.#settings = {
      ...rest,
      threshold: Math.min(Math.max(1, Math.trunc(threshold)), MAX_THRESHOLD),
      windowMs: windowMs > 0 ? windowMs : LEAST_WINDOW_MS,
    };
  }

  /** True where a FAILED report of `code` goes on, monotonic time given. Those that a code has too few of are not sent later. */
  passes(code: string, severity: number, nowMs: number): boolean {
    const { enabled, threshold, windowMs, bypassSeverity } = this.#settings;
    if (!enabled || severity >= bypassSeverity) return true;
    const times = this.#times.get(code) ?? [];
    this.#times.delete(code);
    this.#times.set(code, times);
    if (this.#times.size > MAX_CODES) this.reset(this.#times.keys().next().value!);
    times.push(nowMs);
    if (times.length > threshold) times.shift();
    return times.length === threshold && nowMs - times[0] <= windowMs;
  }

  /** Forgets what was counted of a code. */
  reset(code: string): void {
    this.#times.delete(code);
  }

  resetAll(): void {
    this.#times.clear();
  }
}
