import type { FaultStatus } from '@medkit/core';

/** The range of a fault's counter and the meaning of its ends. A FAILED report counts down, a PASSED report up. */
export interface DebounceBand {
  /** The fault is confirmed at or below this value; −1 confirms with the first FAILED report. */
  readonly confirmationThreshold: number;
  /** Whether PASSED reports heal. */
  readonly healingEnabled: boolean;
  /** The fault heals at or above this value; also the maximum of the counter if healing is off. */
  readonly healingThreshold: number;
}

/** Used if nothing is configured. */
export const DEFAULT_BAND: DebounceBand = { confirmationThreshold: -1, healingEnabled: false, healingThreshold: 3 };

/** Bound of the thresholds, so that a counter cannot take years to return. */
export const MAX_THRESHOLD = 1_000_000;

const isInRange = (figure: number, min: number, max: number): boolean =>
  Number.isInteger(figure) && figure >= min && figure <= max;

/** Returns the band with defaults for invalid thresholds. A confirmation threshold of 0 means −1. */
export function sanitizeBand(band: DebounceBand): DebounceBand {
  const { healingEnabled, healingThreshold } = band;
  const confirmationThreshold = band.confirmationThreshold === 0 ? -1 : band.confirmationThreshold;
  return {
    confirmationThreshold: isInRange(confirmationThreshold, -MAX_THRESHOLD, -1)
      ? confirmationThreshold
      : DEFAULT_BAND.confirmationThreshold,
    healingEnabled,
    healingThreshold: isInRange(healingThreshold, 0, MAX_THRESHOLD) ? healingThreshold : DEFAULT_BAND.healingThreshold,
  };
}

/** Limits the counter to the band. */
export function clampCounter(counter: number, { confirmationThreshold, healingThreshold }: DebounceBand): number {
  if (counter < confirmationThreshold) return confirmationThreshold;
  return counter > healingThreshold ? healingThreshold : counter;
}

/** Returns the status for a counter. CONFIRMED and HEALED are latched: they persist between the ends of the band. */
export function statusOf(counter: number, current: FaultStatus, band: DebounceBand): FaultStatus {
  if (counter <= band.confirmationThreshold) return 'CONFIRMED';
  if (band.healingEnabled && counter >= band.healingThreshold) return 'HEALED';
  if (current === 'CONFIRMED' || current === 'HEALED' || counter === 0) return current;
  return counter < 0 ? 'PREFAILED' : 'PREPASSED';
}
