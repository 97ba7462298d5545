import { LOCK_SCOPES, type LockSettings } from '@medkit/core';
import type { Section } from './section.ts';

/** Reads the lock settings of an entity; `undefined` if it has none. */
export function readLock(section: Section | undefined): LockSettings | undefined {
  if (!section) return undefined;
  const lock: LockSettings = {
    lockable: section.flag('lockable') ?? true,
    alwaysOpen: scopesIn(section, 'always_open'),
    requiredScopes: scopesIn(section, 'required_scopes'),
    breakable: section.flag('breakable') ?? true,
    maxExpirationSec: Math.max(0, section.whole('max_expiration') ?? 0),
  };
  section.finish();
  if (!lock.lockable && lock.requiredScopes.length > 0) {
    section.report('M008', 'required_scopes', 'an entity that is not lockable cannot require a lock');
  }
  const both = lock.requiredScopes.filter((scope) => lock.alwaysOpen.includes(scope));
  if (both.length > 0) section.report('M008', 'always_open', `${both.join(', ')} cannot also be in required_scopes`);
  return lock;
}

function scopesIn(section: Section, name: string): readonly string[] {
  const scopes = section.texts(name);
  const unknown = scopes.filter((scope) => !LOCK_SCOPES.includes(scope));
  if (unknown.length > 0) {
    section.report('M008', name, `no such collection: ${unknown.join(', ')}. Use ${LOCK_SCOPES.join(', ')}`);
  }
  return scopes.filter((scope) => LOCK_SCOPES.includes(scope));
}
