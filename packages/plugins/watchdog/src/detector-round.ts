import { DETECTORS, type Detector, type DetectorId, type Finding } from './findings/finding.ts';
import { GracePeriod, type PersistentFinding } from './findings/grace-period.ts';
import { type Verdict, verdicts } from './findings/verdicts.ts';
import type { DetectorMode } from './options/watchdog-options.ts';

/**
 * State of a detector over the ticks: its findings, those that exceeded the grace period, and the resulting verdicts.
 */
export class DetectorRound {
  readonly id: DetectorId;
  readonly mode: DetectorMode;
  readonly #detector: Detector;
  readonly #gracePeriod: GracePeriod;
  #findings: readonly Finding[] = [];
  #ripe: readonly PersistentFinding[] = [];

  constructor(id: DetectorId, mode: DetectorMode, detector: Detector) {
    this.id = id;
    this.mode = mode;
    this.#detector = detector;
    this.#gracePeriod = new GracePeriod(detector.grace);
  }

  /** Findings that exceeded the grace period at the last tick. */
  get ripe(): readonly PersistentFinding[] {
    return this.#ripe;
  }

  /** Runs the detector for this tick. */
  look(tick: number, nowMs: number): readonly Finding[] {
    if (this.mode === 'off') return [];
    this.#findings = this.#detector.findings(tick, nowMs);
    this.#ripe = this.#gracePeriod.ripe(this.#findings, tick);
    return this.#findings;
  }

  /** Returns the verdicts for the last findings. */
  judge(isOpen: (finding: Finding) => boolean): readonly Verdict[] {
    if (this.mode !== 'raise') return [];
    const complete = this.#detector.complete?.() ?? true;
    return verdicts({ codes: DETECTORS[this.id], findings: this.#findings, ripe: this.#ripe, complete, isOpen });
  }
}
