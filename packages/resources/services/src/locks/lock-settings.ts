import { type Entity, type EntityKind, isLocal, type LockSettings } from '@medkit/core';

/** What the configuration says of entities whose manifest says nothing. */
export interface LockDefaults {
  /** Seconds that a lock may last where its entity says nothing else. */
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
 * How an entity can be locked: as its manifest says, else as is usual for its kind. One of another gateway cannot be locked
 * here: that gateway judges what is changed of it.
 */
export function lockSettingsOf(entity: Entity, { maxExpirationSec, kinds }: LockDefaults): LockSettings {
  if (!isLocal(entity)) return { ...BUILT_IN, lockable: false };
  const own = entity.kind === 'app' || entity.kind === 'component' ? entity.lock : undefined;
  const settings = own ?? { ...BUILT_IN, ...kinds[entity.kind] };
  return { ...settings, maxExpirationSec: settings.maxExpirationSec || maxExpirationSec };
}
