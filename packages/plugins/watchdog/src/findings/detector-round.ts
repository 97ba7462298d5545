import type { DetectorMode } from '../options/watchdog-options.ts';
import { DETECTORS, type Detector, type DetectorId, type Finding } from './finding.ts';
import { type RipeFinding, Ripening } from './ripening.ts';
import { type Verdict, verdicts } from './verdicts.ts';

/** One detector over the ticks: what it finds, what of that is ripe, and what is to be reported. */
export class DetectorRound {
  readonly id: DetectorId;
  readonly mode: DetectorMode;
  readonly #detector: Detector;
  readonly #ripening: Ripening;
  #findings: readonly Finding[] = [];
  #ripe: readonly RipeFinding[] = [];

  constructor(id: DetectorId, mode: DetectorMode, detector: Detector) {
    this.id = id;
    this.mode = mode;
    this.#detector = detector;
    this.#ripening = new Ripening(detector.grace);
  }

  /** What has lasted for its grace, as of the last tick. */
  get ripe(): readonly RipeFinding[] {
    return this.#ripe;
  }

  /** Looks what is wrong at this tick. */
  look(tick: number, nowMs: number): readonly Finding[] {
    if (this.mode === 'off') return [];
    this.#findings = this.#detector.findings(tick, nowMs);
    this.#ripe = this.#ripening.ripe(this.#findings, tick);
    return this.#findings;
  }

  /** What is to be reported of what was seen last. */
  judge(isOpen: (finding: Finding) => boolean): readonly Verdict[] {
    if (this.mode !== 'raise') return [];
    const complete = this.#detector.complete?.() ?? true;
    return verdicts({ codes: DETECTORS[this.id], findings: this.#findings, ripe: this.#ripe, complete, isOpen });
  }
}
