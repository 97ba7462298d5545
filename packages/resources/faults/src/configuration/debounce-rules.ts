import { type DebounceBand, sanitizeBand } from '../debounce/debounce-band.ts';
import type { DebounceRules } from '../debounce/debounce-event.ts';
import type { FaultConfiguration } from './fault-settings.ts';

/** The band of sources that no override names. */
export function globalBand(configuration: FaultConfiguration): DebounceBand {
  return sanitizeBand({
    confirmationThreshold: configuration.confirmation_threshold,
    healingEnabled: configuration.healing_enabled,
    healingThreshold: configuration.healing_threshold,
  });
}

/** What a report is judged by, besides the band of its source. These two hold for all sources alike. */
export function commonRules(configuration: FaultConfiguration): Omit<DebounceRules, 'band' | 'sharedHealing'> {
  return {
    criticalImmediateConfirm: configuration.critical_immediate_confirm,
    autoConfirmAfterNs: BigInt(Math.round(configuration.auto_confirm_after_sec * 1e9)),
  };
}
