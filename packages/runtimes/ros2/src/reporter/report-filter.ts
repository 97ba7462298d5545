/**
 * Settings that decide which FAILED reports of a node are sent to the fault manager. The names and defaults are those
 * of ros2_medkit.
 */
export interface ReportFilterSettings {
  /** `fault_reporter.local_filtering.enabled`: if false, all reports are sent. */
  readonly enabled: boolean;
  /** `default_threshold`: number of reports of a code within the window from which it is sent. */
  readonly threshold: number;
  /** `default_window_sec` in milliseconds. */
  readonly windowMs: number;
  /** `bypass_severity`: reports of this severity and above are sent immediately and not counted. */
  readonly bypassSeverity: number;
}

const REPORT_FILTER_DEFAULTS: ReportFilterSettings = {
  enabled: true,
  threshold: 3,
  windowMs: 10_000,
  bypassSeverity: 2,
};

/** Maximum tracked codes; beyond it, the least recently reported code is removed. */
const MAX_CODES = 4096;
const MAX_THRESHOLD = 1000;
const LEAST_WINDOW_MS = 1000;

/** Suppresses sporadic faults. Clamps settings to valid values. */
export class ReportFilter {
  readonly #settings: ReportFilterSettings;
  /** Times of the last reports of each code, at most as many as the threshold; ordered by last report. */
  readonly #times = new Map<string, number[]>();

  constructor(settings: Partial<ReportFilterSettings> = {}) {
    const { threshold, windowMs, ...rest } = { ...REPORT_FILTER_DEFAULTS, ...settings };
    this.#settings = {
      ...rest,
      threshold: Math.min(Math.max(1, Math.trunc(threshold)), MAX_THRESHOLD),
      windowMs: windowMs > 0 ? windowMs : LEAST_WINDOW_MS,
    };
  }

  /** Returns whether a FAILED report of `code` is sent now (monotonic time). Suppressed reports are not sent later. */
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

  /** Resets the count of a code. */
  reset(code: string): void {
    this.#times.delete(code);
  }

  resetAll(): void {
    this.#times.clear();
  }
}
