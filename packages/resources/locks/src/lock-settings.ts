import { type Entity, type EntityKind, isLocal, type LockSettings } from '@medkit/core';

/** Configured settings for entities without lock settings in the manifest. */
export interface LockDefaults {
  /** Maximum seconds of a lock unless its entity sets a limit. */
  readonly maxExpirationSec: number;
  readonly kinds: Readonly<Partial<Record<EntityKind, Pick<LockSettings, 'requiredScopes' | 'breakable'>>>>;
}

const BUILT_IN: LockSettings = {
  lockable: true,
  alwaysOpen: [],
  requiredScopes: [],
  breakable: true,
  maxExpirationSec: 0,
};

/**
 * Returns the lock settings of an entity: from its manifest, otherwise the defaults of its kind. An entity of another
 * gateway cannot be locked here: that gateway checks its changes.
 */
export function lockSettingsOf(entity: Entity, { maxExpirationSec, kinds }: LockDefaults): LockSettings {
  if (!isLocal(entity)) return { ...BUILT_IN, lockable: false };
  const declared = entity.kind === 'app' || entity.kind === 'component' ? entity.lock : undefined;
  const settings = declared ?? { ...BUILT_IN, ...kinds[entity.kind] };
  return { ...settings, maxExpirationSec: settings.maxExpirationSec || maxExpirationSec };
}
