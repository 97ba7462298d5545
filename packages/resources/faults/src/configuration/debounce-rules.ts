import { type DebounceBand, sanitizeBand } from '../debounce/debounce-band.ts';
import type { DebounceRules } from '../debounce/debounce-event.ts';
import type { FaultConfiguration } from './fault-settings.ts';

/** Returns the band of sources without an override. */
export function globalBand(configuration: FaultConfiguration): DebounceBand {
  return sanitizeBand({
    confirmationThreshold: configuration.confirmation_threshold,
    healingEnabled: configuration.healing_enabled,
    healingThreshold: configuration.healing_threshold,
  });
}

/** Returns the debounce rules that are equal for all sources. */
export function commonRules(configuration: FaultConfiguration): Omit<DebounceRules, 'band' | 'sharedHealing'> {
  return {
    criticalImmediateConfirm: configuration.critical_immediate_confirm,
    autoConfirmAfterNs: BigInt(Math.round(configuration.auto_confirm_after_sec * 1e9)),
  };
}
