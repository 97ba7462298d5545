import type { FaultStatus } from '@medkit/core';

/** The band in which a fault's counter moves, and what its ends mean. A FAILED report counts down, a PASSED one up. */
export interface DebounceBand {
  /** At or below it the fault is confirmed; −1 confirms with the first FAILED report. */
  readonly confirmationThreshold: number;
  /** Whether PASSED reports heal. */
  readonly healingEnabled: boolean;
  /** At or above it the fault is healed; also the counter's upper end where healing is off. */
  readonly healingThreshold: number;
}

/** Where nothing is configured. */
export const DEFAULT_BAND: DebounceBand = { confirmationThreshold: -1, healingEnabled: false, healingThreshold: 3 };

/** Keeps a counter from taking years to come back. */
export const MAX_THRESHOLD = 1_000_000;

const within = (figure: number, min: number, max: number): boolean =>
  Number.isInteger(figure) && figure >= min && figure <= max;

/** The band with defaults in place of thresholds that mean nothing. A confirmation threshold of 0 means −1. */
export function sanitizeBand(band: DebounceBand): DebounceBand {
  const { healingEnabled, healingThreshold } = band;
  const confirmationThreshold = band.confirmationThreshold === 0 ? -1 : band.confirmationThreshold;
  return {
    confirmationThreshold: within(confirmationThreshold, -MAX_THRESHOLD, -1)
      ? confirmationThreshold
      : DEFAULT_BAND.confirmationThreshold,
    healingEnabled,
    healingThreshold: within(healingThreshold, 0, MAX_THRESHOLD) ? healingThreshold : DEFAULT_BAND.healingThreshold,
  };
}

/** The counter pulled back into the band. */
export function clampCounter(counter: number, { confirmationThreshold, healingThreshold }: DebounceBand): number {
  if (counter < confirmationThreshold) return confirmationThreshold;
  return counter > healingThreshold ? healingThreshold : counter;
}

/** The status that a counter gives. CONFIRMED and HEALED are latched: between the ends of the band they stay. */
export function statusOf(counter: number, current: FaultStatus, band: DebounceBand): FaultStatus {
  if (counter <= band.confirmationThreshold) return 'CONFIRMED';
  if (band.healingEnabled && counter >= band.healingThreshold) return 'HEALED';
  if (current === 'CONFIRMED' || current === 'HEALED' || counter === 0) return current;
  return counter < 0 ? 'PREFAILED' : 'PREPASSED';
}
