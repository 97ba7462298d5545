import { PERMISSIONS, type Permission } from '@medkit/contract';
import { nearestName } from '@medkit/documents';
import { UnknownPermission } from '../refusals.ts';

/**
 * Returns the permission of this name. Throws `UnknownPermission`, which names the role or key and the closest match.
 */
export function knownPermission(name: string, owner: string): Permission {
  if (Object.hasOwn(PERMISSIONS, name)) return name as Permission;
  throw new UnknownPermission(`${owner}: there is no permission ${describeUnknown(name, Object.keys(PERMISSIONS))}`);
}

/** Describes an unknown name and suggests the closest of `names`. */
export function describeUnknown(name: string, names: readonly string[]): string {
  const near = nearestName(name, names);
  return near === undefined ? `"${name}": choose one of ${names.join(', ')}` : `"${name}": did you mean ${near}?`;
}
