import { API_BASE, type VitalSign } from '@medkit/contract';
import { callContext, type EntityTree, type Model } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import { type DeclaredSign, declaredSign } from '../config/declared-signs.ts';
import type { GatewayConfig } from '../config/index.ts';
import type { Handlers } from '../http/exchange.ts';
import { watchedValue } from '../live/watch-list.ts';
import { findVitalSigns } from './find-vital-signs.ts';

/** Time for which found signs are current after a change: a starting robot changes its tree many times a second. */
const SETTLE_MS = 1000;
/** Timeout for a provider that lists local data. */
const LIST_TIMEOUT_MS = 1000;

interface FoundSigns {
  readonly version: string;
  readonly atMs: number;
  readonly signs: Promise<readonly VitalSign[]>;
}

/** Returns whether a declared sign is a value of one of these entities. */
const isOf =
  (visible: EntityTree) =>
  ({ value }: VitalSign): boolean => {
    const { kind, entityId } = watchedValue(value);
    return visible.resolve(kind, entityId) !== undefined;
  };

interface VitalSignsOptions {
  readonly config: GatewayConfig;
  readonly model: Model;
  readonly clock: Clock;
}

/** The vital signs of the robot: those of the configuration, then those found by message type. */
export function gatewayVitalSigns({ config, model, clock }: VitalSignsOptions) {
  const declared = config.vital_signs.flatMap((entry) => declaredSign(entry) ?? []).map(signOfEntry);
  let changes = 0;
  let found: FoundSigns | undefined;
  /** By what accounts with scopes see. */
  const visibleSigns = new WeakMap<EntityTree, FoundSigns>();
  const ended = new AbortController();
  // All clients share the signs: those of a client that disconnects would be empty for the others.
  const searchContext = () => callContext({ clock, timeoutMs: LIST_TIMEOUT_MS, signal: ended.signal });
  const stop = model.events.on('data.changed', () => changes++, 'all');
  const renewed = (known: FoundSigns | undefined, visible?: EntityTree): FoundSigns => {
    const version = `${model.tree.generation} ${changes}`;
    const nowMs = clock.monotonicMs();
    if (known && (known.version === version || nowMs - known.atMs < SETTLE_MS)) return known;
    return { version, atMs: nowMs, signs: findVitalSigns(model, searchContext(), visible) };
  };
  const current = (visible: EntityTree | undefined): Promise<readonly VitalSign[]> => {
    if (!visible) {
      found = renewed(found);
      return found.signs;
    }
    const known = renewed(visibleSigns.get(visible), visible);
    visibleSigns.set(visible, known);
    return known.signs;
  };
  return {
    handlers: {
      listVitalSigns: async ({ visible }) => {
        const values = new Set(declared.map(({ value }) => value));
        const others = (await current(visible)).filter(({ value }) => !values.has(value));
        return { items: [...(visible ? declared.filter(isOf(visible)) : declared), ...others] };
      },
    } satisfies Pick<Handlers, 'listVitalSigns'>,
    close: () => {
      stop();
      ended.abort();
    },
  };
}

function signOfEntry({ label, unit, value }: DeclaredSign): VitalSign {
  const [path] = value.split(/:(?=\/|$)/);
  return { kind: 'value', value, label, ...(unit && { unit }), href: `${API_BASE}/${path}` };
}
