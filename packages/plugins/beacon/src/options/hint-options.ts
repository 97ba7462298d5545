import Type from 'typebox';
import type { BeaconSettings } from '../serving/open-beacon.ts';
import { hintLifetime } from '../store/hint-lifetime.ts';
import { atLeast } from './at-least.ts';

const MIN_TTL_SEC = 0.1;
const MIN_EXPIRY_SEC = 1;
/** Below the limit of 20,000 entities per plugin, which also includes the functions that hints name. */
const MAX_HINTS = 15_000;

/** Returns the options of every beacon, as members of its schema. */
export function hintOptions(ttlSec: number) {
  return {
    beacon_ttl_sec: Type.Number({ default: ttlSec, description: 'Seconds after which a hint is stale.' }),
    beacon_expiry_sec: Type.Number({ default: 300, description: 'Seconds after which a hint is removed.' }),
    allow_new_entities: Type.Boolean({
      default: false,
      description: 'Create an app for a hint about an unknown entity.',
    }),
    max_hints: Type.Integer({ default: 10_000, description: 'Maximum number of entities with stored hints.' }),
  };
}

export interface HintOptions {
  readonly beacon_ttl_sec: number;
  readonly beacon_expiry_sec: number;
  readonly allow_new_entities: boolean;
  readonly max_hints: number;
}

/** Converts the options to settings; calls `notice` for each value that was changed. */
export function hintSettings(options: HintOptions, notice: (message: string) => void): BeaconSettings {
  const lifetimes = {
    ttlMs: atLeast('beacon_ttl_sec', options.beacon_ttl_sec, MIN_TTL_SEC, notice) * 1000,
    expiryMs: atLeast('beacon_expiry_sec', options.beacon_expiry_sec, MIN_EXPIRY_SEC, notice) * 1000,
  };
  const lifetime = hintLifetime(lifetimes);
  if (lifetime.expiryMs !== lifetimes.expiryMs) {
    notice(`beacon_expiry_sec must be more than beacon_ttl_sec; ${lifetime.expiryMs / 1000} is used`);
  }
  const maxHints = Math.min(atLeast('max_hints', options.max_hints, 1, notice), MAX_HINTS);
  if (maxHints < options.max_hints) notice(`max_hints: ${options.max_hints} is too large; ${maxHints} is used`);
  return {
    ...lifetime,
    allowNewEntities: options.allow_new_entities,
    maxHints,
  };
}
