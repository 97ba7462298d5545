import { PERMISSIONS, type Permission } from '@medkit/contract';
import { nearestName } from '@medkit/documents';
import { UnknownPermission } from '../refusals.ts';

/** The permission of that name. Throws `UnknownPermission`, which names who has it and what may be meant. */
export function knownPermission(name: string, owner: string): Permission {
  if (Object.hasOwn(PERMISSIONS, name)) return name as Permission;
  throw new UnknownPermission(`${owner}: there is no permission ${notThere(name, Object.keys(PERMISSIONS))}`);
}

/** A name that is none of `names`, with what may be meant by it. */
export function notThere(name: string, names: readonly string[]): string {
  const near = nearestName(name, names);
  return near === undefined ? `"${name}": choose one of ${names.join(', ')}` : `"${name}": did you mean ${near}?`;
}
