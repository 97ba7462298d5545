import type { MapFields } from './map-fields.ts';
import { entityIdOf, itemNameOf, nodeIdOf } from './map-names.ts';
import type { MappedMethod } from './node-map.ts';

/** Reads the callable methods; skips invalid and duplicate ones with a warning. */
export function mappedMethodsOf(entries: readonly MapFields[]): readonly MappedMethod[] {
  const met = new Set<string>();
  return entries.flatMap((entry) => {
    const objectId = nodeIdOf(entry, 'object_id');
    const methodId = nodeIdOf(entry, 'method_id');
    const entityId = entityIdOf(entry, 'entity_id');
    const name = itemNameOf(entry, 'name');
    entry.end();
    if (objectId === undefined || methodId === undefined || entityId === undefined) {
      entry.warn('it has no usable object_id, method_id and entity_id; it is skipped');
      return [];
    }
    const keys = [`${entityId} ${objectId} ${methodId}`, ...(name === undefined ? [] : [`${entityId}/${name}`])];
    if (keys.some((key) => met.has(key))) {
      entry.warn(`${entityId} already has this method above; this one is skipped`);
      return [];
    }
    for (const key of keys) met.add(key);
    return [{ objectId, methodId, entityId, ...(name === undefined ? {} : { name }) }];
  });
}
